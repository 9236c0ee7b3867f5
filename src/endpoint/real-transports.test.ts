/** Requests and answers on sockets: each transport, both versions of IP, messages cut anywhere. */
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { Hop, Network } from "../net/network.ts";
import { createCertificateAuthority } from "../net/real/certificates.ts";
import { randomIds } from "../net/real/random-ids.ts";
import { realClock } from "../net/real/real-clock.ts";
import { createRealNetwork } from "../net/real/real-network.ts";
import { sipRequest, sipResponse } from "../wire/sip/build.ts";
import { viaOf } from "../wire/sip/headers.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import { createSipEndpoint, type SipEndpoint } from "./sip-endpoint.ts";

let network: Network;

beforeAll(async () => {
  const authority = await createCertificateAuthority("Test authority");
  const own = await authority.issue({ commonName: "test", hosts: ["127.0.0.1", "::1"] });
  network = createRealNetwork({ tls: { ...own, ca: authority.certificate, mutual: true } });
});

async function endpoint(listen: Hop): Promise<SipEndpoint> {
  const opened = await createSipEndpoint({
    name: "e",
    network,
    clock: realClock,
    ids: randomIds(),
    listen: [listen],
  });
  onTestFinished(() => opened.close());
  return opened;
}

function message(body: string): SipRequest {
  return sipRequest({
    method: "MESSAGE",
    uri: "sip:b@x",
    headers: [
      ["From", "<sip:a@x>;tag=1"],
      ["To", "<sip:b@x>"],
      ["Call-ID", "1"],
      ["CSeq", "1 MESSAGE"],
      ["Content-Type", "text/plain"],
    ],
    body: Buffer.from(body),
  });
}

const TRANSPORTS = ["udp", "tcp", "tls"] as const;
const HOSTS = ["127.0.0.1", "::1"] as const;

describe.each(TRANSPORTS.flatMap((transport) => HOSTS.map((host) => ({ transport, host }))))(
  "over $transport at $host",
  ({ transport, host }) => {
    it("a request is answered, and its Via says where it came from", async () => {
      const b = await endpoint({ host, port: 0, transport });
      const a = await endpoint({ host, port: 0, transport });
      const got: SipRequest[] = [];
      b.onRequest((incoming) => {
        got.push(incoming.message);
        incoming.respond(sipResponse(incoming.message, 200));
      });
      const [to] = b.hops;
      const status = await new Promise<number | string>((resolve) => {
        if (to === undefined) return resolve("no hop");
        a.send(message("hello"), {
          to,
          onResponse: (response) => resolve(response.status),
          onFailure: resolve,
        });
      });
      expect(status).toBe(200);
      const via = viaOf(got[0] ?? message(""));
      expect([via?.transport, via?.host, via?.params.get("received")]).toEqual([
        transport.toUpperCase(),
        host.includes(":") ? `[${host}]` : host,
        host,
      ]);
    });
  },
);

describe.each(["tcp", "tls"] as const)("a stream over %s", (transport) => {
  it("may be cut anywhere", async () => {
    const b = await endpoint({ host: "127.0.0.1", port: 0, transport });
    const bodies: string[] = [];
    let enough: () => void = () => undefined;
    const all = new Promise<void>((resolve) => (enough = resolve));
    b.onRequest((incoming) => {
      bodies.push(Buffer.from(incoming.message.body).toString());
      incoming.respond(sipResponse(incoming.message, 200));
      if (bodies.length === 3) enough();
    });
    const [to] = b.hops;
    const connection = network.connect(transport, to ?? { host: "127.0.0.1", port: 1 });
    onTestFinished(() => connection.destroy());
    connection.onData(() => undefined);
    const body = "a\r\n\r\nb";
    const one = (branch: number): string =>
      `MESSAGE sip:b@x SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1:9;branch=z9hG4bK${branch}\r\nFrom: <sip:a@x>;tag=1\r\nTo: <sip:b@x>\r\n` +
      `Call-ID: 1\r\nCSeq: ${branch} MESSAGE\r\nMax-Forwards: 70\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\n${body}`;
    const bytes = Buffer.from(`\r\n\r\n${one(1)}\r\n${one(2)}${one(3)}`);
    // Each octet in a segment, or a TLS record, of its own.
    for (const octet of bytes) connection.send(Buffer.of(octet));
    await all;
    expect(bodies).toEqual([body, body, body]);
  });
});
