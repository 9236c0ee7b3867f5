/** The feature tags of the IM service, in Contact and Accept-Contact (RFC 3840, RFC 3841), and how the document misspells them. */
export const IM_FEATURE_TAG = "+g.oma.sip-im";
export const SYSTEM_MESSAGE_FEATURE_TAG = "+g.oma.sip-im.system-message";
export const LARGE_MESSAGE_FEATURE_TAG = "+g.oma.sip-im.large-message";

/** Spellings of the IM feature tag in 6.1.2.1 and Appendix S: a rule with any of them is meant for IM. */
export const IM_FEATURE_TAG_SPELLINGS: readonly string[] = [IM_FEATURE_TAG, "+g.oma-sip-im", "+g.oma-im-sip"];

/** Tags are compared without regard to case, as parameters of a header are. */
export function sameFeatureTag(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** Whether a rule of an access policy that names this tag is for the IM service. */
export function meansIm(tag: string): boolean {
  return IM_FEATURE_TAG_SPELLINGS.some((spelling) => sameFeatureTag(spelling, tag));
}

export const SETTINGS_EVENT = "poc-settings";
/** MIME type of a group advertisement, as registered and as 8.2.1 has it. */
export const GROUP_ADVERTISEMENT_TYPE = "application/vnd.poc.group-advertisement+xml";
export const EXTERNAL_BODY_TYPE = "message/external-body";
export const SETTINGS_TYPE = "application/poc-settings+xml";
/** Service identifier in settings documents (E.2). */
export const SETTINGS_SERVICE_ID = "IM";
