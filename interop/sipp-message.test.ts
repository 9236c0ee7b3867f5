/** MESSAGE with SIPp on either side: transactions over UDP and TCP, IPv4 and IPv6, with and without loss. */
import { describe, expect, test } from "vitest";
import type { SipEndpoint } from "../src/endpoint/sip-endpoint.ts";
import type { Hop } from "../src/net/network.ts";
import { sipRequest, sipResponse } from "../src/wire/sip/build.ts";
import { textOf } from "../src/peer/im/content.ts";
import { losingFirstCopies } from "./lossy-network.ts";
import { areMissing } from "./peers.ts";
import { networkWithTls, openEndpoint, surroundings } from "./scrim-side.ts";
import { expectAllWell, startSipp } from "./sipp.ts";

const CALLS = 20;
const WAYS = [
  ["udp", "127.0.0.1"],
  ["udp", "::1"],
  ["tcp", "127.0.0.1"],
  ["tcp", "::1"],
  ["tls", "127.0.0.1"],
  ["tls", "::1"],
] as const;

/** As long as a UAS of SIPp knows a call whose answer may be lost. */
const LINGER = ["-d", "4000"];

/** So few that nobody gives up, so many that something is lost. */
const LOSING = { calls: 100, rate: 200, more: ["-lost", "5"] } as const;

function answerAll(endpoint: SipEndpoint): void {
  endpoint.onRequest((incoming) =>
    incoming.respond(sipResponse(incoming.message, 200, undefined, { toTag: "s" })),
  );
}

/** Sends so many, each with a Call-ID of its own, and gives their final statuses, or why there is none. */
function sendMessages(endpoint: SipEndpoint, to: Hop, count: number): Promise<(number | string)[]> {
  const one = (number: number): Promise<number | string> =>
    new Promise((resolve) => {
      endpoint.send(messageTo(to, number), {
        to,
        onResponse: ({ status }) => resolve(status),
        onFailure: resolve,
      });
    });
  return Promise.all(Array.from({ length: count }, (_, number) => one(number)));
}

function messageTo({ host, port }: Hop, number: number) {
  return sipRequest({
    method: "MESSAGE",
    uri: `sip:sipp@${host.includes(":") ? `[${host}]` : host}:${port}`,
    headers: [
      ["From", `<sip:alice@example.org>;tag=a${number}`],
      ["To", "<sip:sipp@example.org>"],
      ["Call-ID", surroundings.ids.token(20)],
      ["CSeq", "1 MESSAGE"],
      ["Content-Type", "text/plain"],
    ],
    body: Buffer.from(`number ${number}`),
  });
}

describe.skipIf(areMissing("sipp", "openssl"))("MESSAGE", () => {
  test.each(WAYS)("SIPp sends over %s to %s", async (transport, host) => {
    const { endpoint, crossings, hop } = await openEndpoint(host);
    answerAll(endpoint);
    const sipp = await startSipp({
      scenario: "message-uac",
      transport,
      host,
      calls: CALLS,
      remote: hop(transport),
    });
    const result = await sipp.result;
    expectAllWell(result, CALLS);
    const [sent, answered] = result.steps;
    await crossings.until(() => crossings.of("in", "MESSAGE").length >= CALLS + sent!.retransmissions);
    expect(crossings.count("in", "MESSAGE")).toEqual({ first: CALLS, again: sent!.retransmissions });
    expect(crossings.count("out", 200).first).toBe(answered!.messages);
    const bodies = crossings.of("in", "MESSAGE").map(({ message }) => textOf(message!.body));
    expect(new Set(bodies).size).toBe(CALLS);
  });

  test.each(WAYS)("SIPp answers over %s on %s", async (transport, host) => {
    // Nothing is repeated because the machine is busy: a call that is over makes SIPp stumble over a repetition.
    const { endpoint, crossings } = await openEndpoint(host, { timers: { t1: 2000 } });
    const sipp = await startSipp({ scenario: "message-uas", transport, host, calls: CALLS });
    const statuses = await sendMessages(endpoint, { host, port: sipp.port, transport }, CALLS);
    expect(statuses).toEqual(Array.from({ length: CALLS }, () => 200));
    const result = await sipp.result;
    expectAllWell(result, CALLS);
    expect(result.steps[0]!.messages).toBe(CALLS);
    expect(crossings.count("out", "MESSAGE").first).toBe(CALLS);
  });

  test("SIPp sends, and the first copy of everything is lost on Scrim's side", async () => {
    const network = losingFirstCopies(await networkWithTls());
    const { endpoint, crossings, hop } = await openEndpoint("127.0.0.1", { network });
    answerAll(endpoint);
    const remote = hop("udp");
    const sipp = await startSipp({
      scenario: "message-uac",
      transport: "udp",
      host: "127.0.0.1",
      calls: CALLS,
      remote,
    });
    const result = await sipp.result;
    expectAllWell(result, CALLS);
    expect(network.lost).toEqual({ in: CALLS, out: CALLS });
    const [sent] = result.steps;
    // SIPp ends when it has its answers; what it had repeated by then may still lie in a socket.
    await crossings.until(() => crossings.of("in", "MESSAGE").length >= sent!.retransmissions);
    // The first was lost, the second is taken and its answer lost, the third is the repetition that gets the answer.
    expect(sent!.retransmissions).toBeGreaterThanOrEqual(2 * CALLS);
    expect(crossings.count("in", "MESSAGE")).toEqual({
      first: CALLS,
      again: sent!.retransmissions - CALLS,
    });
  });

  test("SIPp answers, and the first copy of everything is lost on Scrim's side", async () => {
    const network = losingFirstCopies(await networkWithTls());
    const { endpoint, crossings } = await openEndpoint("127.0.0.1", { network });
    const sipp = await startSipp({
      scenario: "message-uas",
      transport: "udp",
      host: "127.0.0.1",
      calls: CALLS,
      more: LINGER,
    });
    const to: Hop = { host: "127.0.0.1", port: sipp.port, transport: "udp" };
    expect(await sendMessages(endpoint, to, CALLS)).toEqual(Array.from({ length: CALLS }, () => 200));
    const result = await sipp.result;
    expectAllWell(result, CALLS);
    const { first, again } = crossings.count("out", "MESSAGE");
    expect(first).toBe(CALLS);
    expect(again).toBeGreaterThanOrEqual(2 * CALLS);
    expect(result.steps[0]!.retransmissions).toBe(again - CALLS);
  });

  test("SIPp sends, and loses on its way in and out", async () => {
    const { endpoint, crossings, hop } = await openEndpoint("127.0.0.1");
    answerAll(endpoint);
    const sipp = await startSipp({
      ...LOSING,
      scenario: "message-uac",
      transport: "udp",
      host: "127.0.0.1",
      remote: hop("udp"),
    });
    const result = await sipp.result;
    expectAllWell(result, LOSING.calls);
    const [sent, answered] = result.steps;
    const arrived = sent!.messages + sent!.retransmissions - sent!.lost;
    await crossings.until(() => crossings.of("in", "MESSAGE").length >= arrived);
    const { first, again } = crossings.count("in", "MESSAGE");
    expect(first).toBe(LOSING.calls);
    expect(sent!.lost + answered!.lost).toBeGreaterThan(0);
    expect(first + again).toBe(arrived);
  });

  test("SIPp answers, and loses on its way in and out", async () => {
    const { endpoint, crossings } = await openEndpoint("127.0.0.1", { timers: { t1: 100 } });
    const sipp = await startSipp({
      ...LOSING,
      scenario: "message-uas",
      transport: "udp",
      host: "127.0.0.1",
      more: [...LOSING.more, ...LINGER],
    });
    const to: Hop = { host: "127.0.0.1", port: sipp.port, transport: "udp" };
    const statuses = await sendMessages(endpoint, to, LOSING.calls);
    expect(statuses).toEqual(Array.from({ length: LOSING.calls }, () => 200));
    const result = await sipp.result;
    expectAllWell(result, LOSING.calls);
    const [received, answered] = result.steps;
    const { first, again } = crossings.count("out", "MESSAGE");
    expect(received!.lost + answered!.lost).toBeGreaterThan(0);
    expect(first + again).toBe(received!.messages + received!.retransmissions + received!.lost);
  });
});
