/** The client's response to a MESSAGE (clause 8.2.1, second list; RFC 3428 7). */
import type { Exchange, ScenarioTrace, SipRecord } from "../trace/scenario-trace.ts";
import {
  assertedIdentities,
  callIdOf,
  cseqOf,
  header,
  headerValues,
  preferredIdentities,
  toOf,
} from "../wire/sip/headers.ts";
import type { SipMessage, SipResponse } from "../wire/sip/message.ts";
import type { Outcome } from "./check.ts";
import { ofGiven } from "./client-inbox.ts";
import { expectClientReleaseInResponse } from "./client-release.ts";
import { clientUser, givenToClient, isClientUser } from "./client-view.ts";
import { expectThat, missed, passed } from "./outcome.ts";

type Response = SipRecord<SipResponse>;

/** The response that ended the transaction, or one for it that could not: its Via leads elsewhere. */
function answerTo(exchange: Exchange, trace: ScenarioTrace): Response | undefined {
  const { message, seq } = exchange.request;
  return (
    exchange.final ??
    trace.messages.find(
      (record): record is Response =>
        isFinalResponse(record) &&
        record.seq > seq &&
        record.peerIsSut &&
        record.direction === "in" &&
        callIdOf(record.message) === callIdOf(message) &&
        cseqOf(record.message)?.number === cseqOf(message)?.number,
    )
  );
}

function isFinalResponse(record: SipRecord): record is Response {
  return record.message.kind === "response" && record.message.status >= 200;
}

/** Every message that was answered, reports about messages too. */
function answered(trace: ScenarioTrace): readonly Exchange[] {
  return givenToClient("MESSAGE", trace).filter((exchange) => answerTo(exchange, trace) !== undefined);
}

function ofAnswer(
  statement: string,
  judge: (answer: Response, exchange: Exchange, trace: ScenarioTrace) => Outcome,
): ReturnType<typeof ofGiven> {
  return ofGiven(statement, answered, (exchange, trace) => {
    const answer = answerTo(exchange, trace);
    return answer === undefined ? [] : judge(answer, exchange, trace);
  });
}

export const messageResponseWellFormed = ofGiven(
  "8.2.1-resp-1",
  (trace) => givenToClient("MESSAGE", trace),
  (exchange, trace) => {
    const expected = "a final response without body and Contact";
    const answer = answerTo(exchange, trace);
    if (answer !== undefined) return judgeForm(answer, expected);
    const window = `answer of ${clientUser(trace)?.actor ?? ""}`;
    return trace.absenceProven(exchange.request.at, window)
      ? missed(expected, "no final response", exchange)
      : [];
  },
);

/** RFC 3428 7: no body in a 2xx, no Contact in any response; RFC 3261 8.2.6.2: a tag in To. */
function judgeForm(answer: Response, expected: string): Outcome {
  const { message } = answer;
  const complaints = [
    ...(header(message, "Contact") === undefined ? [] : ["a Contact"]),
    ...(message.body.length > 0 && message.status < 300 ? [`a body of ${message.body.length} bytes`] : []),
    ...(toOf(message)?.tag === undefined ? ["no tag in To"] : []),
  ];
  return complaints.length === 0
    ? passed(expected, `${message.status} ${message.reason}`, answer)
    : missed(expected, complaints.join(", "), answer);
}

export const messageResponseRelease = ofAnswer("8.2.1-resp-2", expectClientReleaseInResponse);

export const messageResponseOriginator = ofAnswer("8.2.1-resp-3", (answer, _exchange, trace) => {
  const { message } = answer;
  const identities = [...preferredIdentities(message), ...assertedIdentities(message)].map(({ uri }) => uri);
  const told = identities.length > 0 ? identities : [toOf(message)?.uri];
  return expectThat(
    told.some((uri) => isClientUser(uri, trace)),
    "the user's IM Address in P-Preferred-Identity, P-Asserted-Identity, or without them in To",
    identities.length > 0 ? `identity ${identities.join(", ")}` : `To: ${header(message, "To") ?? "none"}`,
    answer,
  );
});

/** RFC 3261 8.2.6.2, 18.2.2: the Via values are the way back, and equal those of the request. */
export const messageResponseByCore = ofAnswer("8.2.1-resp-4", (answer, { request }) => {
  const [asked, given] = [viaBranches(request.message), viaBranches(answer.message)];
  const same = asked.length === given.length && asked.every((branch, index) => branch === given[index]);
  return expectThat(
    answer.nodeKind === "core" && same,
    "the response at the core, with the Via values of the request in their order",
    same ? `it came to ${answer.node}` : `${given.length} Via values that are not those of the request`,
    request,
    answer,
  );
});

/** What identifies each hop; `received` and `rport` may have been added on the way. */
function viaBranches(message: SipMessage): readonly string[] {
  return headerValues(message, "Via").map(
    (value) => /;\s*branch\s*=\s*([^\s;]+)/iu.exec(value)?.[1] ?? value,
  );
}
