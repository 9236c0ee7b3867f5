/** On real sockets: IPv4, IPv6, TLS, a message of a GiB, and a peer that does not read. */
import { createHash } from "node:crypto";
import { createServer, type Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { createCertificateAuthority } from "../../net/real/certificates.ts";
import { randomIds } from "../../net/real/random-ids.ts";
import { realClock } from "../../net/real/real-clock.ts";
import { createRealNetwork, type RealNetworkOptions } from "../../net/real/real-network.ts";
import type { Hop } from "../../net/network.ts";
import { createMsrpEndpoint, type MsrpEndpoint } from "./msrp-endpoint.ts";
import type { MsrpSession } from "./msrp-session.ts";
import type { MessageSource } from "./source.ts";
import { pair } from "./test-rig.ts";

const PLAIN = { contentType: "text/plain" };
const MIB = 1024 * 1024;

async function endpoint(listen: Partial<Hop> = {}, network: RealNetworkOptions = {}): Promise<MsrpEndpoint> {
  const made = await createMsrpEndpoint({
    name: "endpoint",
    network: createRealNetwork(network),
    clock: realClock,
    ids: randomIds(),
    listen: [{ host: "127.0.0.1", port: 0, transport: "tcp", ...listen }],
  });
  onTestFinished(() => made.close());
  return made;
}

/** What comes in, as digest and length. */
function digestOf(session: MsrpSession): Promise<{ sha256: string; octets: number }> {
  return new Promise((resolve) => {
    session.onIncoming((incoming) => {
      const hash = createHash("sha256");
      incoming.onOctets((bytes) => hash.update(bytes));
      incoming.onEnd(() => resolve({ sha256: hash.digest("hex"), octets: incoming.received }));
    });
  });
}

describe("sockets", () => {
  it.each(["127.0.0.1", "::1"])("carry a message at %s", async (host) => {
    const [alice, bob] = pair(await endpoint({ host }), await endpoint({ host }));
    const got = new Promise((resolve) => bob.onMessage(({ body }) => resolve(Buffer.from(body).toString())));
    const sending = alice.send("hello", { ...PLAIN, successReport: true });
    expect(await got).toBe("hello");
    expect(await sending.done).toEqual({ kind: "delivered" });
  });

  it("carry it over TLS, for msrps URIs", async () => {
    const authority = await createCertificateAuthority("Authority of the test");
    const { certificate, key } = await authority.issue({ commonName: "bob", hosts: ["127.0.0.1"] });
    const a = await endpoint({ transport: "tls" }, { tls: { certificate, key, ca: authority.certificate } });
    const b = await endpoint({ transport: "tls" }, { tls: { certificate, key } });
    const [alice, bob] = pair(a, b);
    const [digest, body] = [digestOf(bob), Buffer.alloc(MIB, "secret ")];
    expect(bob.uri).toMatch(/^msrps:\/\//);
    expect(await alice.send(body, PLAIN).done).toEqual({ kind: "sent" });
    expect((await digest).sha256).toBe(createHash("sha256").update(body).digest("hex"));
  });

  it("do not carry it where the certificate is not believed", async () => {
    const authority = await createCertificateAuthority("Authority of the test");
    const { certificate, key } = await authority.issue({ commonName: "bob", hosts: ["127.0.0.1"] });
    const other = await createCertificateAuthority("Another");
    const [alice] = pair(
      await endpoint({}, { tls: { ca: other.certificate } }),
      await endpoint({ transport: "tls" }, { tls: { certificate, key } }),
    );
    const end = new Promise((resolve) => alice.onClosed(resolve));
    expect(await end).toMatchObject({ kind: "connection", error: { code: "tls-failed" } });
  });
});

describe("a message of a GiB", () => {
  it("moves in constant memory", { timeout: 60_000 }, async () => {
    const [alice, bob] = pair(await endpoint(), await endpoint());
    const piece = Buffer.alloc(256 * 1024, "some text\r\n-------");
    const pieces = (1024 * MIB) / piece.length;
    let read = 0;
    let most = 0;
    const memory = (): number => process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
    const before = memory();
    const source: MessageSource = {
      size: 1024 * MIB,
      read: () => {
        if (read % 64 === 0) most = Math.max(most, memory() - before);
        read += 1;
        return read <= pieces ? piece : undefined;
      },
    };
    let octets = 0;
    bob.onIncoming((incoming) => incoming.onOctets((bytes) => (octets += bytes.length)));
    expect(await alice.send(source, PLAIN).done).toEqual({ kind: "sent" });
    expect(octets).toBe(1024 * MIB);
    expect(most).toBeLessThan(96 * MIB);
  });
});

describe("a peer that never reads", () => {
  it("holds up its own session, and costs no more than what is on the way", async () => {
    const a = await endpoint();
    const sockets: Socket[] = [];
    const deaf = createServer((socket) => sockets.push(socket.pause()));
    await new Promise<void>((resolve) => deaf.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      deaf.close();
    });
    const address = deaf.address();
    const session = a.session();
    session.connect(`msrp://127.0.0.1:${typeof address === "object" ? address?.port : 0}/deaf;tcp`);
    let read = 0;
    const sending = session.send(
      { size: 1024 * MIB, read: () => ((read += 1) <= 4096 ? Buffer.alloc(256 * 1024) : undefined) },
      PLAIN,
    );
    const [alice, bob] = pair(a, await endpoint());
    const digest = digestOf(bob);
    await alice.send(Buffer.alloc(8 * MIB, "x"), PLAIN).done;
    expect((await digest).octets).toBe(8 * MIB);
    expect(read).toBeLessThan(100);
    expect(sending.outcome).toBeUndefined();
    session.destroyConnection();
    expect(await sending.done).toMatchObject({ kind: "failed", via: "connection" });
  });
});
