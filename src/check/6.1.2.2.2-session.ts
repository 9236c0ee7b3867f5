/** 6.1.2.2.2: the INVITE that the terminating participating function sends to its user. */
import { header } from "../wire/sip/headers.ts";
import { check } from "./check.ts";
import { focusContactOf } from "./conference.ts";
import { expectThat } from "./outcome.ts";
import { hasFeatureTag, IM_FEATURE_TAG } from "./pager-message.ts";
import { b2buaCalls, type TerminatingCall } from "./terminating-session.ts";

export const acceptContactToUser = check<TerminatingCall>("6.1.2.2.2-5", {
  trigger: (trace) => b2buaCalls(trace),
  judge: ({ sent: { request } }) => {
    const value = header(request.message, "Accept-Contact");
    return expectThat(
      hasFeatureTag(request.message, IM_FEATURE_TAG),
      `Accept-Contact with ${IM_FEATURE_TAG}`,
      value === undefined ? "no Accept-Contact header" : `Accept-Contact: ${value}`,
      request,
    );
  },
});

/** Only where a focus invites. */
export const focusIsKept = check<TerminatingCall>("6.1.2.2.2-10c", {
  trigger: (trace) =>
    b2buaCalls(trace).filter(
      ({ taken }) => focusContactOf(taken.request.message)?.params.has("isfocus") === true,
    ),
  judge: ({ sent: { request } }) => {
    const contact = focusContactOf(request.message);
    const actual =
      contact === undefined
        ? "no Contact that can be read"
        : `Contact: <${contact.uri}> with ${[...contact.params].join(", ") || "no parameter"}`;
    return expectThat(
      contact?.params.has("isfocus") === true,
      "Contact with isfocus, as received",
      actual,
      request,
    );
  },
});
