/** Names that the specification fixes, as they stand on the wire. */

/** Feature tags of IM clients and messages (clauses 5.2.1, 5.4, 8.1.1). */
export const IM_TAG = "+g.oma.sip-im";
export const LARGE_MESSAGE_TAG = "+g.oma.sip-im.large-message";
export const SYSTEM_MESSAGE_TAG = "+g.oma.sip-im.system-message";

export { CLIENT_RELEASE, SERVER_RELEASE } from "../../spec/release-token.ts";

/** RFC 3323 4.1.1.3. */
export const ANONYMOUS_URI = "sip:anonymous@anonymous.invalid";
export const ANONYMOUS_FROM = `"Anonymous" <${ANONYMOUS_URI}>`;

export const RECIPIENT_LIST_OPTION = "recipient-list-message";
export const SETTINGS_EVENT = "poc-settings";

export const mediaTypes = {
  settings: "application/poc-settings+xml",
  resourceLists: "application/resource-lists+xml",
  cpim: "message/cpim",
  imdn: "message/imdn+xml",
  externalBody: "message/external-body",
  /** As printed in clause 8.2.1. */
  groupAdvertisement: "application/vnd.poc.group-advertisement+xml",
} as const;
