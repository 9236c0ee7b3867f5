/** 7.2.2.1: whom the INVITE of the controlling function names: the authenticated originator, the inviting user, and what of them is hidden. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { assertedIdentities, fromOf, header, privacyOf } from "../wire/sip/headers.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import type { NameAddr } from "../wire/sip/name-addr.ts";
import { parseNameAddr } from "../wire/sip/name-addr.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { fieldOf, ofEachInvitation } from "./7.2.2.1-fields.ts";
import { referralOf } from "./referred-users.ts";
import { check, type Outcome } from "./check.ts";
import { setUps, type ConferenceInvite, type SetUp } from "./conference.ts";
import { expectThat, missed, noted, passed } from "./outcome.ts";
import { asksAnonymity, readable } from "./pager-message.ts";

interface Told {
  readonly setUp: SetUp;
  readonly invitation: ConferenceInvite;
}

/** INVITEs that setting a session up brought about. Who was added later was invited by somebody else. */
function told(trace: ScenarioTrace, holds: (setUp: SetUp) => boolean = () => true): readonly Told[] {
  return setUps(trace)
    .filter(holds)
    .flatMap((setUp) => setUp.invitations.map((invitation) => ({ setUp, invitation })))
    .filter(({ invitation }) => referralOf(invitation, trace) === undefined);
}

function askers(request: SipRequest): readonly NameAddr[] {
  return readable(() => assertedIdentities(request), []);
}

function isOneOf(uri: string, all: readonly NameAddr[]): boolean {
  return all.some((one) => sameAddressOfRecord(one.uri, uri));
}

/** RFC 3323 4.1: nobody's. */
function isNobody(uri: string): boolean {
  return /@anonymous\.invalid\b/iu.test(uri);
}

export const originatorOfInvitation = ofEachInvitation("7.2.2.1-4", ({ exchange: { request } }) =>
  expectThat(
    askers(request.message).length > 0,
    "P-Asserted-Identity with the authenticated originator",
    fieldOf(request.message, "P-Asserted-Identity"),
    request,
  ),
);

/** The invited user may know several addresses of the inviting one. Of one who hides, the address may be left to the core, or be left out. */
export const inviterIsOriginator = check<Told>("7.2.2.1-4a", {
  trigger: (trace) => told(trace, ({ kind }) => kind !== "group"),
  judge: ({ setUp, invitation: { exchange } }): Outcome => {
    const { request } = exchange;
    const inviters = askers(setUp.request);
    const named = askers(request.message);
    const expected = `P-Asserted-Identity: ${inviters.map(written).join(" or ")}, the inviting user`;
    const actual = fieldOf(request.message, "P-Asserted-Identity");
    if (asksAnonymity(setUp.request) && named.every(({ uri }) => isNobody(uri)))
      return noted(expected, actual, "the inviting user asked for privacy, and is not named", request);
    if (named.length === 0 || !named.every(({ uri }) => isOneOf(uri, inviters)))
      return missed(expected, actual, setUp.exchange, request);
    return asksAnonymity(setUp.request)
      ? passed(expected, actual, request)
      : nameOf(setUp.request, named, expected, actual, request);
  },
});

/** The name is that of the asserted identity, or the one in From that 5.5 puts in its place. */
function nameOf(
  asked: SipRequest,
  named: readonly NameAddr[],
  expected: string,
  actual: string,
  record: ConferenceInvite["exchange"]["request"],
): Outcome {
  const shown = named.map(nameIn).filter((name) => name !== "");
  const from = readable(() => fromOf(asked), undefined);
  const asserted = askers(asked).map(nameIn);
  const own = [...asserted, from?.displayName?.trim() ?? ""];
  if (shown.some((name) => !own.includes(name)))
    return missed(`${expected}, under the own display name`, actual, record);
  if (shown.length === 0 && asserted.some((name) => name !== ""))
    return missed(`${expected}, with the display name`, actual, record);
  return passed(expected, actual, record);
}

const nameIn = ({ displayName }: NameAddr): string => displayName?.trim() ?? "";

const written = ({ uri }: NameAddr): string => `<${uri}>`;

export const groupIsOriginator = check<Told>("7.2.2.1-4b", {
  trigger: (trace) => told(trace, ({ kind }) => kind === "group"),
  judge: ({ setUp, invitation: { exchange } }) => {
    const { request } = exchange;
    const group = setUp.group?.uri ?? setUp.request.uri;
    const named = askers(request.message);
    return expectThat(
      named.length > 0 && named.every(({ uri }) => sameAddressOfRecord(uri, group)),
      `P-Asserted-Identity: <${group}>, the IM Group Identity`,
      fieldOf(request.message, "P-Asserted-Identity"),
      request,
    );
  },
});

/** With one user on the list the session is one-to-one. */
export const referredByInInvitation = check<Told>("7.2.2.1-5", {
  trigger: (trace) => told(trace, ({ kind, listed }) => kind === "group" || listed.length > 1),
  judge: ({ setUp, invitation: { exchange } }) => {
    const { request } = exchange;
    const inviters = askers(setUp.request);
    const expected = `Referred-By: ${inviters.map(written).join(" or ")}, the inviting user`;
    const value = header(request.message, "Referred-By");
    const actual = fieldOf(request.message, "Referred-By");
    const uri = value === undefined ? undefined : readable(() => parseNameAddr(value).uri, undefined);
    if (uri !== undefined && isOneOf(uri, inviters)) return passed(expected, actual, request);
    const hides = value === undefined || (uri !== undefined && isNobody(uri));
    if (asksAnonymity(setUp.request) && hides)
      return noted(expected, actual, "the inviting user asked for privacy, and is not named", request);
    return missed(expected, actual, setUp.exchange, request);
  },
});

export const privacyInInvitation = check<Told>("7.2.2.1-9", {
  trigger: (trace) => told(trace, ({ request }) => asksPrivacyOfId(request)),
  judge: ({ invitation: { exchange } }) =>
    expectThat(
      asksPrivacyOfId(exchange.request.message),
      "Privacy with id, as the inviting user asked",
      fieldOf(exchange.request.message, "Privacy"),
      exchange.request,
    ),
});

function asksPrivacyOfId(request: SipRequest): boolean {
  return readable(() => privacyOf(request), []).some((value) => value.toLowerCase() === "id");
}

/** MAY: of a group. */
export const subjectOfInvitation = check<Told>("7.2.2.1-11", {
  trigger: (trace) => told(trace, ({ kind }) => kind === "group"),
  judge: ({ invitation: { exchange } }) =>
    noted("Subject, or none", fieldOf(exchange.request.message, "Subject"), "MAY", exchange.request),
});
