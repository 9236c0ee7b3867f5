/** The server speaks to its users: how many messages, by which way, and what is in them (clause 5.4). */
import type { Exchange, ScenarioTrace, SipRecord } from "../trace/scenario-trace.ts";
import { isRelease1, parseReleaseToken } from "../spec/release-token.ts";
import { contentTypeOf, fromOf, header } from "../wire/sip/headers.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { check, type Outcome } from "./check.ts";
import { originatorOf } from "./grounds.ts";
import { departures } from "./originating-message.ts";
import { endOf, expectThat, missed, noted, passed, undecided } from "./outcome.ts";
import { isSystemMessage, readable, SYSTEM_MESSAGE_TAG } from "./pager-message.ts";
import { recipientAt, systemMessages, type SystemMessage } from "./system-messages.ts";

const LARGEST_INLINE_BYTES = 1300;

interface Sent {
  readonly message: SystemMessage;
  readonly exchange: Exchange;
}

function sentMessages(trace: ScenarioTrace): readonly Sent[] {
  return systemMessages(trace).flatMap((message) => message.sent.map((exchange) => ({ message, exchange })));
}

export const systemMessagePerRecipient = check("5.4-1", {
  trigger: systemMessages,
  judge: ({ stimulus, to, sent }, trace): Outcome => {
    const expected = `${to.length} MESSAGE request${to.length === 1 ? "" : "s"}, one for each recipient`;
    const actual = `${sent.length} of them`;
    if (sent.length >= to.length) return passed(expected, actual, ...sent);
    return trace.absenceProven(stimulus.at)
      ? missed(expected, actual, ...sent)
      : undecided(expected, `${actual}, but no window of silence proves that none followed`, ...sent);
  },
});

export const systemMessageAcceptContact = check("5.4-2", {
  trigger: sentMessages,
  judge: ({ exchange: { request } }) => {
    const value = header(request.message, "Accept-Contact");
    return expectThat(
      isSystemMessage(request.message),
      `Accept-Contact with ${SYSTEM_MESSAGE_TAG}`,
      value === undefined ? "no Accept-Contact header" : `Accept-Contact: ${value}`,
      request,
    );
  },
});

export const systemMessageExternalBody = check("5.4-3a", {
  trigger: (trace) =>
    sentMessages(trace).filter(
      ({ message, exchange }) =>
        message.responseRequired ||
        new TextEncoder().encode(message.text).length > LARGEST_INLINE_BYTES ||
        exchange.request.message.body.length > LARGEST_INLINE_BYTES,
    ),
  judge: ({ message, exchange: { request } }): Outcome => {
    const expected = "Content-Type: message/external-body, with an access-type and where the content lies";
    const type = readable(() => contentTypeOf(request.message), undefined);
    const actual = `Content-Type: ${header(request.message, "Content-Type") ?? "none"}, ${request.message.body.length} bytes`;
    if (type?.type === "message/external-body")
      return expectThat(type.params.has("access-type"), expected, actual, request);
    return message.responseRequired || request.message.body.length > LARGEST_INLINE_BYTES
      ? missed(expected, actual, request)
      : undecided(expected, `the server made less than 1300 bytes of the text: ${actual}`, request);
  },
});

export const systemMessageRequestUri = check("5.4-4", {
  trigger: sentMessages,
  judge: ({ message, exchange: { request } }, trace) => {
    const earlier = message.sent.filter((other) => other.request.seq < request.seq);
    const recipient = recipientAt(request.message.uri, message, trace);
    const isTaken = earlier.some(
      (other) =>
        recipient !== undefined &&
        recipientAt(other.request.message.uri, message, trace) === recipient &&
        (other.final?.message.status ?? 0) < 300,
    );
    return expectThat(
      recipient !== undefined && !isTaken,
      `Request-URI: the IM Address of a recipient (${message.to.join(", ")}), each once`,
      `Request-URI: ${request.message.uri}${isTaken ? ", once more" : ""}`,
      request,
    );
  },
});

export const systemMessageOriginator = check("5.4-5", {
  trigger: sentMessages,
  judge: ({ exchange: { request } }, trace): Outcome => {
    const server = trace.sutFile.server?.serviceUris.systemSender ?? "";
    const expected = `P-Asserted-Identity: ${server}, the identity of the server`;
    const asserted = originatorOf(request.message);
    if (asserted !== undefined)
      return expectThat(
        sameAddressOfRecord(asserted, server),
        expected,
        `P-Asserted-Identity: ${asserted}`,
        request,
      );
    const from = readable(() => fromOf(request.message)?.uri, undefined) ?? "";
    return sameAddressOfRecord(from, server)
      ? noted(expected, `From: ${from}`, "From may carry the originator (5.1-4a)", request)
      : missed(expected, `no P-Asserted-Identity, From: ${from}`, request);
  },
});

export const systemMessageRelease = check("5.4-6", {
  trigger: sentMessages,
  judge: ({ exchange: { request } }) => judgeRelease(request),
});

/** Printed as Server, a response header; example 2 of F.1 has User-Agent. */
function judgeRelease(request: SipRecord<SipRequest>): Outcome {
  const expected = "Server or User-Agent that begins with the release of the server, IM-serv/OMA1.0";
  const given = ["User-Agent", "Server"].flatMap((name) => {
    const value = header(request.message, name);
    return value === undefined ? [] : [{ name, value }];
  });
  if (given.length === 0) return missed(expected, "neither Server nor User-Agent", request);
  const telling = given.find(({ value }) => tellsRelease1(value));
  const { name, value } = telling ?? given[0] ?? { name: "", value: "" };
  return expectThat(telling !== undefined, expected, `${name}: ${value}`, request);
}

function tellsRelease1(value: string): boolean {
  const token = parseReleaseToken(value);
  return token !== undefined && isRelease1(token);
}

export const systemMessageTimer = check("5.4-7", {
  trigger: (trace) =>
    systemMessages(trace)
      .filter(({ responseRequired }) => responseRequired)
      .flatMap((message) => overdueRequests(message, trace)),
  judge: (exchange, trace) =>
    noted(
      "the server may give the user a time to answer",
      trace.onwardOf(exchange) === undefined
        ? `it does: after that, the user's message is answered ${endOf(exchange)}`
        : "it does not: the user's message goes on",
      "MAY",
      exchange,
    ),
});

/** Messages of a recipient after Ts1. */
function overdueRequests({ stimulus, to }: SystemMessage, trace: ScenarioTrace): readonly Exchange[] {
  const ts1 = trace.sutFile.server?.timers.ts1Ms ?? 0;
  return departures(trace).filter(({ request }) => {
    const sender = originatorOf(request.message);
    return (
      request.at > stimulus.at + ts1 &&
      sender !== undefined &&
      to.some((address) => sameAddressOfRecord(address, sender))
    );
  });
}

export const systemMessageSent = check("5.4-8", {
  trigger: systemMessages,
  judge: ({ stimulus, to, sent }, trace): Outcome | readonly Outcome[] => {
    const expected = "the MESSAGE goes to the SIP/IP Core, on the way to the client";
    const atCore = sent.filter(({ request }) => request.nodeKind === "core");
    const direct = sent.filter(({ request }) => request.nodeKind === "client");
    if (direct.length > 0)
      return direct.map((exchange) => missed(expected, "it came to the client directly", exchange));
    if (atCore.length > 0) return passed(expected, `${atCore.length} at the core`, ...atCore);
    return trace.absenceProven(stimulus.at)
      ? missed(expected, `nothing for ${to.join(", ")} came to the core`)
      : undecided(expected, "nothing came to the core, but no window of silence proves it");
  },
});
