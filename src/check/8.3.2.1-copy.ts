/** 8.3.2.1: the MESSAGE that the controlling function sends to each recipient, header by header. */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { assertedIdentities, fromOf, header, headerFields, toOf } from "../wire/sip/headers.ts";
import { nameAddrOf } from "../wire/sip/name-addr.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { check, type Check, type Outcome } from "./check.ts";
import {
  acceptedGroupMessages,
  copiesOf,
  sentCopies,
  type GroupKind,
  type GroupMessage,
} from "./group-message.ts";
import { expectThat, missed, noted, passed, withFacets } from "./outcome.ts";
import { asksAnonymity, hasFeatureTag, IM_FEATURE_TAG, readable } from "./pager-message.ts";

interface Copy {
  readonly copy: Exchange;
  readonly message: GroupMessage;
}

function copies(trace: ScenarioTrace, kind?: GroupKind): readonly Copy[] {
  return acceptedGroupMessages(trace)
    .filter((message) => kind === undefined || message.kind === kind)
    .flatMap((message) => copiesOf(message, trace).map((copy) => ({ copy, message })));
}

/** A statement about each copy, of messages of one kind or of all. */
function ofEachCopy(statement: string, judge: (copy: Copy) => Outcome, kind?: GroupKind): Check {
  return check<Copy>(statement, {
    trigger: (trace) => copies(trace, kind),
    judge: (one) => withFacets(judge(one), one.message.kind),
  });
}

export const copyWellFormed = ofEachCopy("8.3.2.1-1", ({ copy: { request } }) => {
  const faults = departures(request.message);
  const actual = faults.length === 0 ? "a MESSAGE outside any dialog, without Contact" : faults.join(", ");
  return expectThat(
    faults.length === 0,
    "a MESSAGE of RFC 3428 4: outside any dialog, with a From tag and no To tag, without Contact",
    actual,
    request,
  );
});

/** What RFC 3428 asks of the request beyond RFC 3261, which is judged of every message. */
function departures(request: Exchange["request"]["message"]): readonly string[] {
  const tagOf = (party: typeof fromOf): string | undefined => readable(() => party(request)?.tag, undefined);
  return [
    ...(headerFields(request, "Contact").length > 0 ? ["a Contact header"] : []),
    ...(tagOf(toOf) === undefined ? [] : ["a tag in To"]),
    ...(tagOf(fromOf) === undefined ? ["no tag in From"] : []),
  ];
}

export const acceptContactOfCopy = ofEachCopy("8.3.2.1-2", ({ copy: { request } }) => {
  const value = header(request.message, "Accept-Contact");
  return expectThat(
    hasFeatureTag(request.message, IM_FEATURE_TAG),
    `Accept-Contact: *;${IM_FEATURE_TAG}`,
    value === undefined ? "no Accept-Contact header" : `Accept-Contact: ${value}`,
    request,
  );
});

/** 5.1: P-Asserted-Identity, in whose place From may stand. */
function judgeOriginator({ copy: { request }, message }: Copy, identity: string, whose: string): Outcome {
  const expected = `P-Asserted-Identity: <${identity}>, ${whose}`;
  const asserted = readable(() => assertedIdentities(request.message).map(({ uri }) => uri), []);
  if (asserted.length > 0) {
    const holds = asserted.some((uri) => sameAddressOfRecord(uri, identity));
    return expectThat(holds, expected, `P-Asserted-Identity: <${asserted.join(">, <")}>`, request);
  }
  const from = readable(() => fromOf(request.message)?.uri, undefined) ?? "";
  if (sameAddressOfRecord(from, identity))
    return noted(expected, `From: <${from}>`, "the originator is named in From, which 5.1 allows", request);
  if (message.kind === "uri-list" && asksAnonymity(message.request))
    return noted(
      expected,
      "no P-Asserted-Identity header",
      "the sender, who asked for privacy, is left out",
      request,
    );
  return missed(expected, `no P-Asserted-Identity header, From: <${from}>`, request);
}

export const originatorOfListCopy = ofEachCopy("8.3.2.1-3", judgeListOriginator, "uri-list");

/** 5.1: where privacy is required, Privacy goes with the address; without it the core has no reason to keep the address from the recipient. */
function judgeListOriginator(one: Copy): Outcome {
  const outcome = judgeOriginator(one, one.message.sender ?? "", "the sender");
  const { request } = one.copy;
  if (outcome.result !== "pass" || !asksAnonymity(one.message.request) || asksAnonymity(request.message))
    return outcome;
  const privacy = header(request.message, "Privacy");
  return missed(
    "the sender's address with Privacy: id, as the sender asked",
    privacy === undefined ? "no Privacy header" : `Privacy: ${privacy}`,
    request,
  );
}

export const originatorOfGroupCopy = ofEachCopy(
  "8.3.2.1-4a",
  (one) => judgeOriginator(one, one.message.target, "the IM Group Identity"),
  "predefined-group",
);

export const originatorOfSessionCopy = ofEachCopy(
  "8.3.2.1-5a",
  (one) => judgeOriginator(one, one.message.target, "the IM Session Identity"),
  "ongoing-session",
);

function judgeReferredBy({ copy: { request }, message }: Copy): Outcome {
  const value = header(request.message, "Referred-By");
  const actual = value === undefined ? "no Referred-By header" : `Referred-By: ${value}`;
  const uri = value === undefined ? undefined : nameAddrOf(value)?.uri;
  const names = uri !== undefined && sameAddressOfRecord(uri, message.sender ?? "");
  if (asksAnonymity(message.request))
    return expectThat(!names, "no Referred-By that tells the sender, who asked for privacy", actual, request);
  return expectThat(names, `Referred-By: <${message.sender ?? ""}>, the sender`, actual, request);
}

export const referredByOfGroupCopy = ofEachCopy("8.3.2.1-4b", judgeReferredBy, "predefined-group");
export const referredByOfSessionCopy = ofEachCopy("8.3.2.1-5b", judgeReferredBy, "ongoing-session");

/** A copy that comes to a client of Scrim's straight from the server has passed the core by. */
export const copyByCore = check<Copy>("8.3.2.1-8", {
  trigger: (trace) =>
    acceptedGroupMessages(trace).flatMap((message) =>
      sentCopies(message, trace).map((copy) => ({ copy, message })),
    ),
  judge: ({ copy: { request }, message }) => {
    const verdict = request.nodeKind === "client" ? missed : passed;
    const where = `the copy for ${request.message.uri} came to ${request.node}`;
    return withFacets(verdict("copies are sent to the SIP/IP Core", where, request), message.kind);
  },
});
