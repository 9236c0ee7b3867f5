/** 7.2.2.1: whom the INVITE of the controlling function names: the authenticated originator, the inviting user, and what of them is hidden. */
import type { Exchange } from "../trace/scenario-trace.ts";
import { assertedIdentities, fromOf, header, privacyOf } from "../wire/sip/headers.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import type { NameAddr } from "../wire/sip/name-addr.ts";
import { parseNameAddr } from "../wire/sip/name-addr.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { fieldOf } from "./7.2.2.1-fields.ts";
import { check, type Outcome } from "./check.ts";
import { invitesOfFocus, type ConferenceInvite } from "./conference.ts";
import { invitings, isHiding, isOfHiding, type Inviting } from "./inviting-users.ts";
import { expectThat, missed, noted, passed } from "./outcome.ts";
import { readable } from "./pager-message.ts";

const isOfGroup = ({ setUp: { kind } }: Inviting): boolean => kind === "group";

function identitiesOf(exchanges: readonly Exchange[]): readonly NameAddr[] {
  return exchanges.flatMap(({ request }) => askers(request.message));
}

function askers(request: SipRequest): readonly NameAddr[] {
  return readable(() => assertedIdentities(request), []);
}

const HIDES = "the inviting user asked for privacy, and is not named";

function isOneOf(uri: string, all: readonly NameAddr[]): boolean {
  return all.some((one) => sameAddressOfRecord(one.uri, uri));
}

/** RFC 3323 4.1: nobody's. */
function isNobody(uri: string): boolean {
  return /@anonymous\.invalid\b/iu.test(uri);
}

/** 14.3: one who hides need not be named to anybody, not even to the core. */
export const originatorOfInvitation = check<ConferenceInvite>("7.2.2.1-4", {
  trigger: invitesOfFocus,
  judge: (invite, trace): Outcome => {
    const { request } = invite.exchange;
    const expected = "P-Asserted-Identity with the authenticated originator";
    const actual = fieldOf(request.message, "P-Asserted-Identity");
    if (askers(request.message).length > 0) return passed(expected, actual, request);
    return isOfHiding(invite, trace) && header(request.message, "P-Asserted-Identity") === undefined
      ? noted(expected, actual, HIDES, request)
      : missed(expected, actual, request);
  },
});

/** The invited user may know several addresses of the inviting one. Of one who hides, the address may be left to the core, or be left out. */
export const inviterIsOriginator = check<Inviting>("7.2.2.1-4a", {
  trigger: (trace) => invitings(trace).filter((one) => !isOfGroup(one)),
  judge: (inviting): Outcome => {
    const { request } = inviting.invitation.exchange;
    const inviters = identitiesOf(inviting.inviters);
    const named = askers(request.message);
    const expected = `P-Asserted-Identity: ${inviters.map(written).join(" or ")}, the inviting user`;
    const actual = fieldOf(request.message, "P-Asserted-Identity");
    if (isHiding(inviting) && named.every(({ uri }) => isNobody(uri)))
      return noted(expected, actual, HIDES, request);
    if (named.length === 0 || !named.every(({ uri }) => isOneOf(uri, inviters)))
      return missed(expected, actual, ...inviting.inviters, request);
    return isHiding(inviting)
      ? passed(expected, actual, request)
      : nameOf(inviting.inviters, named, expected, actual, request);
  },
});

/** The name is that of the asserted identity, or the one in From that 5.5 puts in its place. */
function nameOf(
  inviters: readonly Exchange[],
  named: readonly NameAddr[],
  expected: string,
  actual: string,
  record: ConferenceInvite["exchange"]["request"],
): Outcome {
  const shown = named.map(nameIn).filter((name) => name !== "");
  const asserted = identitiesOf(inviters).map(nameIn);
  const own = [...asserted, ...inviters.map(({ request }) => nameInFrom(request.message))];
  if (shown.some((name) => !own.includes(name)))
    return missed(`${expected}, under the own display name`, actual, record);
  const isNamed = inviters.every(({ request }) => askers(request.message).some((one) => nameIn(one) !== ""));
  if (shown.length === 0 && isNamed) return missed(`${expected}, with the display name`, actual, record);
  return passed(expected, actual, record);
}

const nameInFrom = (request: SipRequest): string =>
  readable(() => fromOf(request), undefined)?.displayName?.trim() ?? "";

const nameIn = ({ displayName }: NameAddr): string => displayName?.trim() ?? "";

const written = ({ uri }: NameAddr): string => `<${uri}>`;

export const groupIsOriginator = check<Inviting>("7.2.2.1-4b", {
  trigger: (trace) => invitings(trace).filter(isOfGroup),
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

/** With one user on the list the session is one-to-one, until somebody is added. */
export const referredByInInvitation = check<Inviting>("7.2.2.1-5", {
  trigger: (trace) =>
    invitings(trace).filter((one) => isOfGroup(one) || one.isLater || one.setUp.listed.length > 1),
  judge: (inviting) => {
    const { request } = inviting.invitation.exchange;
    const inviters = identitiesOf(inviting.inviters);
    const expected = `Referred-By: ${inviters.map(written).join(" or ")}, the inviting user`;
    const value = header(request.message, "Referred-By");
    const actual = fieldOf(request.message, "Referred-By");
    const uri = value === undefined ? undefined : readable(() => parseNameAddr(value).uri, undefined);
    if (uri !== undefined && isOneOf(uri, inviters)) return passed(expected, actual, request);
    const hides = value === undefined || (uri !== undefined && isNobody(uri));
    if (isHiding(inviting) && hides) return noted(expected, actual, HIDES, request);
    return missed(expected, actual, ...inviting.inviters, request);
  },
});

export const privacyInInvitation = check<Inviting>("7.2.2.1-9", {
  trigger: (trace) =>
    invitings(trace).filter(({ inviters }) =>
      inviters.every(({ request }) => asksPrivacyOfId(request.message)),
    ),
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
export const subjectOfInvitation = check<Inviting>("7.2.2.1-11", {
  trigger: (trace) => invitings(trace).filter(isOfGroup),
  judge: ({ invitation: { exchange } }) =>
    noted("Subject, or none", fieldOf(exchange.request.message, "Subject"), "MAY", exchange.request),
});
