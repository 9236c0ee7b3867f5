import { describe, expect, it } from "vitest";
import type { Connection } from "../net/network.ts";
import { createVirtualNet, type VirtualNet } from "../net/virtual/virtual-net.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import { sipRequest, sipResponse } from "../wire/sip/build.ts";
import { createSipEndpoint, type SipEndpoint, type SipEndpointOptions } from "./sip-endpoint.ts";

const HERE = { host: "10.0.0.1", port: 5060, transport: "tcp" } as const;
const THERE = { host: "10.0.0.2", port: 5060, transport: "tcp" } as const;
const MINUTE = 60_000;

function options(): SipRequest {
  return sipRequest({
    method: "OPTIONS",
    uri: "sip:10.0.0.2",
    headers: [
      ["From", "<sip:a@x>;tag=1"],
      ["To", "<sip:b@x>"],
      ["Call-ID", "1"],
      ["CSeq", "1 OPTIONS"],
    ],
  });
}

async function endpoint(
  net: VirtualNet,
  more: Partial<SipEndpointOptions> = {},
): Promise<{ endpoint: SipEndpoint; got: string[] }> {
  const got: string[] = [];
  const opened = await createSipEndpoint({ name: "e", ...net, listen: [HERE], ...more });
  opened.onRequest((incoming) => {
    got.push(incoming.message.method);
    incoming.respond(sipResponse(incoming.message, 200));
  });
  return { endpoint: opened, got };
}

describe.each(["tcp", "tls"] as const)(
  "an endpoint that is asked over %s whether the connection stands",
  (transport) => {
    const request = Buffer.from(
      "OPTIONS sip:a SIP/2.0\r\nVia: SIP/2.0/TCP 10.0.0.2;branch=z9hG4bK1\r\nFrom: <sip:a@x>;tag=1\r\nTo: <sip:b@x>\r\n" +
        "Call-ID: 1\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n",
    ).toString();

    it.each([
      ["a double CRLF", ["\r\n\r\n"], 1, 0],
      ["a single one, which is an answer", ["\r\n"], 0, 0],
      ["one in two pieces", ["\r\n", "\r\n"], 1, 0],
      ["one in single octets", ["\r", "\n", "\r", "\n"], 1, 0],
      ["two", ["\r\n\r\n\r\n\r\n"], 2, 0],
      ["one and a half", ["\r\n\r\n\r\n"], 1, 0],
      ["one before a message", [`\r\n\r\n${request}`], 1, 1],
      ["one behind a message", [`${request}\r\n\r\n`], 1, 1],
      ["one between messages", [`${request}\r\n\r\n${request.replace("bK1", "bK2")}`], 1, 2],
      ["none within a message", [request.slice(0, -2), "\r\n"], 0, 1],
    ])("answers %s", async (_name, chunks, pongs, messages) => {
      const net = createVirtualNet({ seed: 1 });
      const { got } = await endpoint(net, { listen: [{ ...HERE, transport }] });
      const connection = net.network.connect(transport, HERE);
      let answered = "";
      connection.onData((bytes) => (answered += Buffer.from(bytes).toString("latin1")));
      for (const chunk of chunks) {
        connection.send(Buffer.from(chunk));
        await net.run();
      }
      expect(got.length).toBe(messages);
      const between = answered.replaceAll(/SIP\/2\.0 200[^]*?\r\n\r\n/g, "");
      expect(between).toBe("\r\n".repeat(pongs));
    });
  },
);

describe("an endpoint that asks", () => {
  /** A connection to a peer that answers a ping with `pong`; what the peer heard between messages, with the minute. */
  async function asking(
    keepAlive: NonNullable<SipEndpointOptions["keepAlive"]>,
    pong: string | undefined,
  ): Promise<{ net: VirtualNet; heard: number[]; ends: number[] }> {
    const net = createVirtualNet({ seed: 1 });
    const start = net.clock.now();
    const heard: number[] = [];
    const ends: number[] = [];
    await net.network.listen("tcp", THERE, (connection: Connection) => {
      connection.onData((bytes) => {
        if (Buffer.from(bytes).toString() !== "\r\n\r\n") return;
        heard.push(Math.floor((net.clock.now() - start) / MINUTE));
        if (pong !== undefined) connection.send(Buffer.from(pong));
      });
      connection.onClose(() => ends.push(Math.floor((net.clock.now() - start) / MINUTE)));
    });
    const asker = await endpoint(net, { keepAlive });
    asker.endpoint.send(options(), { to: THERE });
    await net.run(() => false, start + 5.5 * MINUTE);
    await asker.endpoint.close();
    return { net, heard, ends };
  }

  it("does so in the interval, and keeps what answers", async () => {
    const { heard, ends } = await asking({ intervalMs: MINUTE, requirePong: true }, "\r\n");
    expect([heard, ends]).toEqual([[1, 2, 3, 4, 5], []]);
  });

  it("goes on with a peer that does not know of it", async () => {
    const { heard, ends } = await asking({ intervalMs: MINUTE }, undefined);
    expect([heard, ends]).toEqual([[1, 2, 3, 4, 5], []]);
  });

  it("gives up a connection without an answer where one is required", async () => {
    const { heard, ends } = await asking({ intervalMs: MINUTE, requirePong: true }, undefined);
    expect([heard, ends]).toEqual([[1], [1]]);
  });
});
