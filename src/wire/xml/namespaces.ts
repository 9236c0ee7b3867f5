/** Namespaces of the policy and group documents, with the spellings that the TS prints for the same thing. */
export const COMMON_POLICY_NAMESPACE = "urn:ietf:params:xml:ns:common-policy";
export const OMA_COMMON_POLICY_NAMESPACE = "urn:oma:xml:xdm:common-policy";
export const LIST_SERVICE_NAMESPACE = "urn:oma:xml:poc:list-service";
export const POC_RULES_NAMESPACE = "urn:oma:xml:poc:poc-rules";
export const XDM_EXTENSIONS_NAMESPACE = "urn:oma:xml:xdm:extensions";

/** The XDM extensions: as registered, as Appendix S and as Appendix R spell it. */
const EXTENSION_SPELLINGS: readonly string[] = [
  XDM_EXTENSIONS_NAMESPACE,
  "urn:oma:xml:xdm:extentions",
  "urn:oma:xml:xdm:media-extension",
];

export function isExtension(element: { readonly namespace: string }): boolean {
  return EXTENSION_SPELLINGS.includes(element.namespace);
}

export const IM_FEATURE_TAG = "+g.oma.sip-im";

/** 6.1.2.1 and Appendix S spell the tag differently; all of these mean the IM service. */
export const IM_FEATURE_TAG_SPELLINGS: readonly string[] = [IM_FEATURE_TAG, "+g.oma-sip-im", "+g.oma-im-sip"];
