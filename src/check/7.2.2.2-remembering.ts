/** 7.2.2.2: what the controlling function keeps in mind of responses to its INVITE, methods in Allow and Contact, shows in what it sends later. */
import type { Exchange, ScenarioTrace, SipRecord } from "../trace/scenario-trace.ts";
import type { InviteSession } from "../trace/session/invite-sessions.ts";
import { contactsOf, header, recordRoutesOf, tokensOf } from "../wire/sip/headers.ts";
import { sameUri } from "../wire/sip/same-uri.ts";
import type { SipRequest, SipResponse } from "../wire/sip/message.ts";
import { rackOf, rseqOf } from "../wire/sip/session-fields.ts";
import { check, type Check } from "./check.ts";
import { invitesOfFocus, type ConferenceInvite } from "./conference.ts";
import { controllingHop } from "./conference-invites.ts";
import { expectThat, withFacets } from "./outcome.ts";
import { readable } from "./pager-message.ts";
import { facetsOfInvited } from "./session-kind.ts";

/** A response, and a request of the function in its dialog that goes by it. */
interface Remembered {
  readonly session: InviteSession;
  readonly told: SipRecord<SipResponse>;
  readonly request: SipRecord<SipRequest>;
}

/** Of an INVITE that one end alone accepted: of forks, each has what it said itself. */
function single(trace: ScenarioTrace): readonly ConferenceInvite[] {
  return invitesOfFocus(trace).filter(({ exchange, session }) => {
    const tags = exchange.responses
      .filter(({ message: { status } }) => status > 100 && status < 300)
      .map(({ message }) => /;\s*tag=([^;\s]+)/iu.exec(header(message, "To") ?? "")?.[1]);
    return new Set(tags).size === 1 && session.id.calleeTag === tags[0];
  });
}

/** What the function sent in the dialog, on its hop. */
function sentIn({ session }: ConferenceInvite): readonly Exchange[] {
  return session.requests
    .flatMap(({ hops }) => hops)
    .filter(({ way, request }) => way === "from-sut" && request.serverFunction === "controlling");
}

function contactIn({ message }: SipRecord): string | undefined {
  return readable(() => contactsOf(message)[0]?.uri.split("?")[0], undefined);
}

/** A strict router stands in the Request-URI in place of the target (RFC 3261 12.2.1.1). */
function isLooselyRouted({ message }: SipRecord): boolean {
  return readable(() => recordRoutesOf(message), []).every(({ uri }) => /;lr\b/iu.test(uri));
}

function target(
  statement: string,
  words: string,
  remembered: (invite: ConferenceInvite) => readonly Remembered[],
): Check {
  return check<Remembered>(statement, {
    trigger: (trace) =>
      single(trace)
        .flatMap(remembered)
        .filter(({ told }) => contactIn(told) !== undefined && isLooselyRouted(told)),
    judge: ({ told, request, session }, trace) => {
      const contact = contactIn(told) ?? "";
      const { method, uri } = request.message;
      const outcome = expectThat(
        sameUri(uri, contact),
        `${method} to <${contact}>, the Contact of the ${words}`,
        `${method} ${uri}`,
        told,
        request,
      );
      return withFacets(outcome, ...facetsOfInvited(session, trace));
    },
  });
}

/** ACK, and BYE where nothing could have changed the target since. */
function afterAcceptance(invite: ConferenceInvite): readonly Remembered[] {
  const { accepted, session } = invite;
  if (accepted === undefined) return [];
  const changed = session.requests.find(
    (journey) =>
      journey.method === "INVITE" ||
      journey.method === "UPDATE" ||
      (journey.method === "SUBSCRIBE" && controllingHop(journey, "to-sut") !== undefined),
  );
  return sentIn(invite)
    .map(({ request }) => request)
    .filter(({ seq, message: { method } }) => {
      const isInTime = seq < (changed?.seq ?? Infinity) && seq > accepted.seq;
      return isInTime && (method === "ACK" || method === "BYE");
    })
    .map((request) => ({ session, told: accepted, request }));
}

export const contactOfAcceptance = target("7.2.2.2-200-2", "200", afterAcceptance);

/** PRACK goes to whom the response that it acknowledges came from. */
function acknowledgedEarly(invite: ConferenceInvite): readonly Remembered[] {
  return sentIn(invite).flatMap(({ request }) => {
    if (request.message.method !== "PRACK") return [];
    const number = readable(() => rackOf(request.message)?.response, undefined);
    const told = invite.exchange.responses.find(
      ({ message }) => number !== undefined && readable(() => rseqOf(message), undefined) === number,
    );
    return told === undefined ? [] : [{ session: invite.session, told, request }];
  });
}

export const contactOfProvisional = target("7.2.2.2-1xx-2", "provisional response", acknowledgedEarly);

/** What every dialog needs, and what a subscription asks for, needs no leave. */
const FREE: ReadonlySet<string> = new Set(["ACK", "BYE", "CANCEL", "PRACK", "NOTIFY"]);

function methods(
  statement: string,
  words: string,
  teller: (invite: ConferenceInvite) => SipRecord<SipResponse> | undefined,
): Check {
  return check<Remembered>(statement, {
    trigger: (trace) =>
      single(trace).flatMap((invite) => {
        const told = teller(invite);
        if (told === undefined) return [];
        // Later messages of the user may allow something else.
        const again = invite.session.requests
          .flatMap(({ hops }) => hops)
          .flatMap(({ way, request, responses }): readonly SipRecord[] =>
            way === "to-sut" ? [request] : responses,
          )
          .filter(({ message }) => header(message, "Allow") !== undefined)
          .toSorted((one, other) => one.seq - other.seq)[0];
        return sentIn(invite)
          .map(({ request }) => request)
          .filter(
            ({ seq, message: { method } }) =>
              seq > told.seq && seq < (again?.seq ?? Infinity) && !FREE.has(method),
          )
          .map((request) => ({ session: invite.session, told, request }));
      }),
    judge: ({ told, request, session }, trace) => {
      const allowed = tokensOf(told.message, "Allow").map((method) => method.toUpperCase());
      const { method } = request.message;
      const outcome = expectThat(
        allowed.includes(method),
        `a method that Allow of the ${words} lists: ${allowed.join(", ")}`,
        method,
        told,
        request,
      );
      return withFacets(outcome, ...facetsOfInvited(session, trace));
    },
  });
}

function tells(record: SipRecord<SipResponse> | undefined): boolean {
  return record !== undefined && tokensOf(record.message, "Allow").length > 0;
}

export const methodsOfAcceptance = methods("7.2.2.2-200-1", "200", ({ accepted }) =>
  tells(accepted) ? accepted : undefined,
);

/** Where the 200 does not say, or while there is none. */
export const methodsOfProvisional = methods(
  "7.2.2.2-1xx-1",
  "provisional response",
  ({ accepted, exchange }) =>
    tells(accepted)
      ? undefined
      : exchange.responses.findLast(
          (one) => one.message.status > 100 && one.message.status < 200 && tells(one),
        ),
);
