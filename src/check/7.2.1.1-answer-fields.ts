/** 7.2.1.1: what the 200 with which the controlling function takes an initial INVITE says of itself, and of whom it speaks for. */
import { tellsRelease } from "../spec/release-token.ts";
import type { ScenarioTrace, SipRecord } from "../trace/scenario-trace.ts";
import { assertedIdentities, header, recordRoutesOf, tokensOf } from "../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../wire/sip/message.ts";
import { sessionExpiresOf } from "../wire/sip/session-fields.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { check, type Check, type Outcome } from "./check.ts";
import {
  adHocSetUps,
  controllingHop,
  groupSetUps,
  invitesToFocus,
  type ConferenceInvite,
  type SetUp,
} from "./conference.ts";
import { expectThat, missed, noted, passed } from "./outcome.ts";
import { readable } from "./pager-message.ts";
import { departureOf } from "./responses-by-rfc3261.ts";

interface Answered extends ConferenceInvite {
  readonly accepted: SipRecord<SipResponse>;
}

function answered(invites: readonly ConferenceInvite[]): readonly Answered[] {
  return invites.flatMap((invite) => {
    const { accepted } = invite;
    return accepted === undefined ? [] : [{ ...invite, accepted }];
  });
}

function ofEachAnswer(statement: string, judge: (answer: Answered) => Outcome): Check {
  return check<Answered>(statement, { trigger: (trace) => answered(invitesToFocus(trace)), judge });
}

function fieldOf({ message }: SipRecord, name: string): string {
  const value = header(message, name);
  return value === undefined ? `no ${name} header` : `${name}: ${value}`;
}

/** RFC 3261 8.2.6, 12.1.1: what makes a dialog has the route of the request as well. */
export const answerByRfc3261 = ofEachAnswer("7.2.1.1-1", ({ exchange, request, accepted }) => {
  const expected = "a 2xx made out of the INVITE, as RFC 3261 8.2.6 and 12.1.1 have it";
  const departure = departureOf(accepted, request) ?? lostRoute(request, accepted.message);
  return departure === undefined
    ? passed(expected, "no fault found", exchange)
    : missed(expected, departure, exchange.request, accepted);
});

function lostRoute(request: SipRequest, response: SipResponse): string | undefined {
  const routes = (message: SipRequest | SipResponse): string =>
    readable(() => recordRoutesOf(message).map(({ uri }) => uri), []).join();
  return routes(request) === routes(response) ? undefined : "Record-Route is not that of the request";
}

/** All methods: how many those are, the server alone knows; an INVITE session has at least these (RFC 3261 13.2.1), and those that it took in it. */
const USUAL: readonly string[] = ["INVITE", "ACK", "CANCEL", "BYE"];

export const allowInAnswer = ofEachAnswer("7.2.1.1-2", (answer) => {
  const { accepted } = answer;
  const told = readable(() => tokensOf(accepted.message, "Allow"), []).map((method) => method.toUpperCase());
  const supported = [...new Set([...USUAL, ...takenIn(answer)])];
  return expectThat(
    supported.every((method) => told.includes(method)),
    `Allow with all methods that the server supports, ${supported.join(", ")} at least`,
    fieldOf(accepted, "Allow"),
    accepted,
  );
});

/** Methods of requests within the dialog that the server did what was asked of. */
function takenIn({ session }: ConferenceInvite): readonly string[] {
  return session.requests.flatMap((journey) => {
    const status = controllingHop(journey, "to-sut")?.final?.message.status ?? 0;
    return status >= 200 && status < 300 ? [journey.method] : [];
  });
}

/** RFC 4028 9, table 2: to a client that knows no session timers, or wants the server to refresh, it cannot be said. */
export function mayRefresh(request: SipRequest): boolean {
  const supported = [...tokensOf(request, "Supported"), ...tokensOf(request, "Require")];
  const asked = readable(() => sessionExpiresOf(request)?.refresher, "uas");
  return supported.some((tag) => tag.toLowerCase() === "timer") && asked !== "uas";
}

export const refresherOfAnswer = check<Answered>("7.2.1.1-3a", {
  trigger: (trace) => answered(invitesToFocus(trace)).filter(({ request }) => mayRefresh(request)),
  judge: ({ accepted }) =>
    expectThat(
      readable(() => sessionExpiresOf(accepted.message)?.refresher, undefined) === "uac",
      "Session-Expires with refresher=uac",
      fieldOf(accepted, "Session-Expires"),
      accepted,
    ),
});

function speaksFor({ message }: SipRecord, uri: string): boolean {
  const named = readable(() => assertedIdentities(message), []);
  return named.some((one) => sameAddressOfRecord(one.uri, uri));
}

export const originatorOfAnswer = ofEachAnswer("7.2.1.1-4", ({ accepted }) =>
  expectThat(
    readable(() => assertedIdentities(accepted.message).length > 0, false),
    "P-Asserted-Identity with the authenticated originator",
    fieldOf(accepted, "P-Asserted-Identity"),
    accepted,
  ),
);

interface InTheName {
  readonly answer: Answered;
  readonly of: string;
}

/** 7.2.1.5-8: who comes back by the identity of the session is answered in the same name. */
function inTheName({ comers, request }: SetUp, first: readonly Answered[]): readonly InTheName[] {
  const back = comers.filter((comer) => !sameAddressOfRecord(comer.request.uri, request.uri));
  return [...first, ...answered(back)].map((answer) => ({ answer, of: request.uri }));
}

function judgeName({ answer: { accepted }, of }: InTheName, what: string): Outcome {
  return expectThat(
    speaksFor(accepted, of),
    `P-Asserted-Identity: <${of}>, the ${what}`,
    fieldOf(accepted, "P-Asserted-Identity"),
    accepted,
  );
}

export const factoryIsOriginator = check<InTheName>("7.2.1.1-4a", {
  trigger: (trace) => adHocSetUps(trace).flatMap((setUp) => inTheName(setUp, answered([setUp]))),
  judge: (named) => judgeName(named, "Conference-factory-URI"),
});

/** Of who begins the session, and of who joins it by the identity of the group. */
export const groupIsOriginatorOfAnswer = check<InTheName>("7.2.1.1-4b", {
  trigger: (trace: ScenarioTrace) => [
    ...answered(invitesToFocus(trace))
      .filter(({ request }) => trace.group(request.uri) !== undefined)
      .map((answer) => ({ answer, of: answer.request.uri })),
    ...groupSetUps(trace).flatMap((setUp) => inTheName(setUp, [])),
  ],
  judge: (named) => judgeName(named, "IM Group Identity"),
});

/** F.1: a provisional response may have told it before. */
export const releaseOfAnswer = ofEachAnswer("7.2.1.1-6", ({ exchange, accepted }) => {
  const expected =
    "Server: IM-serv/OMA1.0, perhaps with more behind it, in the 200 or in a response before it";
  const told = exchange.responses.filter(({ message }) => message.status > 100 && message.status < 300);
  const naming = (name: string): SipRecord<SipResponse> | undefined =>
    told.find(({ message }) => {
      const value = header(message, name)?.replace(/\s*\/\s*/u, "/");
      return value !== undefined && tellsRelease(value, "server");
    });
  const server = naming("Server");
  if (server !== undefined) return passed(expected, fieldOf(server, "Server"), server);
  const agent = naming("User-Agent");
  if (agent !== undefined)
    return noted(expected, fieldOf(agent, "User-Agent"), "the release stands in User-Agent", agent);
  return missed(expected, fieldOf(accepted, "Server"), accepted);
});
