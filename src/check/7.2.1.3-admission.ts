/** 7.2.1.3, steps 1 to 3 and 7: whose INVITE to a Pre-defined Group makes a session of it. */
import { isExplainedBy, isRefusedWith, isWeighed, type Rule } from "./group-session-admission.ts";

const service: Rule = { ground: "group-without-im", when: ["idle", "running", "unclear"], statuses: [404] };
const focus: Rule = {
  ground: "other-focus",
  when: ["idle"],
  statuses: [495],
  variant: { status: 403, reading: "403, as in 7.2.1.4 and in RFC 5318, which the draft became" },
};
const initiator: Rule = { ground: "not-initiator", when: ["idle"], statuses: [403] };
const media: Rule = { ground: "media", when: ["idle"], statuses: [488] };

export const serviceIsLookedUp = isWeighed("7.2.1.3-1a", service, {
  bad: "an INVITE to a group that does not support IM is refused",
  good: "an INVITE to a group that supports IM is not refused for that",
});
export const groupWithoutImIsNotFound = isRefusedWith("7.2.1.3-1b", service);

export const focusIsLookedFor = isWeighed("7.2.1.3-2a", focus, {
  bad: "an INVITE with isfocus in Contact is refused",
  good: "an INVITE without isfocus in Contact is not refused for that",
});
export const otherFocusIsRefused = isRefusedWith("7.2.1.3-2b", focus);
export const otherFocusIsTold = isExplainedBy("7.2.1.3-2d", focus, 105);

export const initiationIsAuthorised = isWeighed("7.2.1.3-3a", initiator, {
  bad: "an INVITE of a user who may not initiate the session of the group is refused",
  good: "an INVITE of a user who may is not refused for that",
});
export const initiationIsForbidden = isRefusedWith("7.2.1.3-3b", initiator);
export const forbiddenInitiationIsTold = isExplainedBy("7.2.1.3-3c", initiator, 127);

export const offerIsChecked = isWeighed("7.2.1.3-7a", media, {
  bad: "an offer without MSRP that the server takes is refused",
  good: "an offer of MSRP that the server takes is not refused",
});
export const unacceptableOfferIsRefused = isRefusedWith("7.2.1.3-7b", media);
