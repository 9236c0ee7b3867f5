import { X509Certificate } from "node:crypto";
import { connect } from "node:net";
import { connect as connectTls } from "node:tls";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { Connection, Listener } from "../network.ts";
import { type CertificateAuthority, type CertifiedKey, createCertificateAuthority } from "./certificates.ts";
import { createRealNetwork } from "./real-network.ts";
import { NoCertificateError, TlsFailedError, type TlsOptions } from "./tls-options.ts";

let authority: CertificateAuthority;
let stranger: CertificateAuthority;
let server: CertifiedKey;
let client: CertifiedKey;

beforeAll(async () => {
  [authority, stranger] = await Promise.all([
    createCertificateAuthority("Test authority"),
    createCertificateAuthority("Another authority"),
  ]);
  [server, client] = await Promise.all([
    authority.issue({
      commonName: "sip.home.example",
      hosts: ["127.0.0.1", "::1", "sip.home.example"],
      sipDomains: ["home.example"],
    }),
    authority.issue({ commonName: "client", hosts: ["127.0.0.1"] }),
  ]);
});

/** An echo over TLS; failed handshakes are kept. */
async function echo(
  host: string,
  options: TlsOptions = {},
): Promise<{ listener: Listener; failures: TlsFailedError[]; connections: Connection[] }> {
  const failures: TlsFailedError[] = [];
  const connections: Connection[] = [];
  const tls = {
    ...server,
    onHandshakeFailure: (failure: TlsFailedError) => failures.push(failure),
    ...options,
  };
  const listener = await createRealNetwork({ tls }).listen("tls", { host, port: 0 }, (connection) => {
    connections.push(connection);
    connection.onData((bytes) => connection.send(bytes));
  });
  onTestFinished(() => listener.close());
  return { listener, failures, connections };
}

/** What comes back of `bytes`, or why nothing does. */
function exchange(connection: Connection, bytes: Uint8Array): Promise<Buffer | Error> {
  return new Promise((resolve) => {
    let got = Buffer.alloc(0);
    connection.onData((data) => {
      got = Buffer.concat([got, data]);
      if (got.length < bytes.length) return;
      resolve(got);
      connection.close();
    });
    connection.onClose((error) => resolve(error ?? new Error("closed")));
    connection.send(bytes);
  });
}

const HELLO = Buffer.from("hello");

async function hello(
  listener: Listener,
  tls: TlsOptions,
  domain?: string,
): Promise<string | { code: unknown; message: string }> {
  const connection = createRealNetwork({ tls }).connect("tls", listener.local, undefined, domain);
  const answer = await exchange(connection, HELLO);
  if (!(answer instanceof Error)) return answer.toString();
  return { code: "code" in answer ? answer.code : undefined, message: answer.message };
}

describe.each(["127.0.0.1", "::1"])("at %s", (host) => {
  it("carries a stream both ways to a peer whose certificate is for the address", async () => {
    const { listener, connections } = await echo(host);
    const network = createRealNetwork({ tls: { ca: authority.certificate } });
    const connection = network.connect("tls", listener.local, host);
    const sent = Buffer.alloc(300_000, "x");
    expect(await exchange(connection, sent)).toEqual(sent);
    expect([connection.transport, connection.remote]).toEqual(["tls", listener.local]);
    expect([connections[0]?.transport, connections[0]?.remote.host]).toEqual(["tls", host]);
  });

  it("asks for a certificate in return, if that is wanted", async () => {
    const { listener } = await echo(host, { mutual: true, ca: authority.certificate });
    expect(await hello(listener, { ca: authority.certificate, ...client })).toBe("hello");
  });
});

describe("whom it believes", () => {
  it.each([
    ["an authority that it does not know", () => ({ ca: stranger.certificate }), undefined, /tls\.ca/],
    ["no authority at all, when told to look", () => ({ verify: "chain" as const }), undefined, /tls\.ca/],
    [
      "a domain that is not in the certificate",
      () => ({ ca: authority.certificate }),
      "evil.example",
      /somebody else/,
    ],
    // RFC 5922 7.1: a certificate that names SIP domains is for nothing else.
    [
      "a host name beside SIP domains",
      () => ({ ca: authority.certificate }),
      "sip.home.example",
      /somebody else/,
    ],
  ])("not %s", async (_name, options, domain, message) => {
    const { listener } = await echo("127.0.0.1");
    const told = await hello(listener, options(), domain);
    expect(told).toMatchObject({ code: "tls-failed", message: expect.stringMatching(message) as unknown });
  });

  it.each([
    ["the SIP domain that led there", () => ({ ca: authority.certificate }), "home.example"],
    [
      "the name that it was told to expect",
      () => ({ ca: authority.certificate, servername: "home.example" }),
      undefined,
    ],
    [
      "any name, when only the chain is looked at",
      () => ({ ca: authority.certificate, verify: "chain" as const }),
      "evil.example",
    ],
    ["anybody, when it has no authority", () => ({}), "evil.example"],
  ])("%s", async (_name, options, domain) => {
    const { listener } = await echo("127.0.0.1");
    expect(await hello(listener, options(), domain)).toBe("hello");
  });

  it.each([
    ["none", async () => ({})],
    ["one of somebody else's authority", async () => stranger.issue({ commonName: "client" })],
  ])("a server that wants certificates turns away who has %s", async (_name, credentials) => {
    const { listener, failures, connections } = await echo("127.0.0.1", {
      mutual: true,
      ca: authority.certificate,
    });
    const told = await hello(listener, { ca: authority.certificate, ...(await credentials()) });
    // Up to TLS 1.2 the client hears why; in 1.3 the connection may just end.
    expect(told).toMatchObject({ message: expect.any(String) as unknown });
    expect(connections).toEqual([]);
    expect(failures).toEqual([expect.any(TlsFailedError)]);
  });
});

describe("what goes wrong", () => {
  it("listening without a certificate is refused in words", async () => {
    const listening = createRealNetwork().listen("tls", { host: "127.0.0.1", port: 0 }, () => undefined);
    await expect(listening).rejects.toThrow(NoCertificateError);
  });

  it("a server that speaks no TLS is named as such", async () => {
    const network = createRealNetwork();
    const plain = await network.listen("tcp", { host: "127.0.0.1", port: 0 }, (connection) => {
      connection.onData(() => connection.send(Buffer.from("SIP/2.0 400 Bad Request\r\n\r\n")));
    });
    onTestFinished(() => plain.close());
    expect(await hello(plain, {})).toMatchObject({
      code: "tls-failed",
      message: expect.stringMatching(/does not speak TLS on this port/) as unknown,
    });
  });

  it("a client that speaks no TLS is told of, and harms nobody", async () => {
    const { listener, failures } = await echo("127.0.0.1");
    const { host, port } = listener.local;
    const plain = connect({ host, port });
    plain.on("error", () => undefined);
    const ended = new Promise((resolve) => plain.on("close", resolve));
    plain.end("OPTIONS sip:a SIP/2.0\r\n\r\n");
    await ended;
    expect(failures.map(({ reason }) => reason)).toEqual([expect.stringMatching(/^ERR_SSL_/)]);
    expect(await hello(listener, {})).toBe("hello");
  });

  it("nobody listens: the error of TCP stays what it is", async () => {
    const { listener } = await echo("127.0.0.1");
    await listener.close();
    expect(await hello(listener, {})).toMatchObject({ code: "ECONNREFUSED" });
  });

  it("old versions are spoken only when allowed", async () => {
    const old = async (options: TlsOptions): Promise<string | undefined> => {
      const { listener } = await echo("127.0.0.1", options);
      const { host, port } = listener.local;
      return new Promise((resolve) => {
        const socket = connectTls({
          host,
          port,
          rejectUnauthorized: false,
          minVersion: "TLSv1",
          maxVersion: "TLSv1",
          ciphers: "DEFAULT@SECLEVEL=0",
        });
        socket.on("secureConnect", () => {
          resolve(socket.getProtocol() ?? undefined);
          socket.destroy();
        });
        socket.on("error", () => resolve(undefined));
      });
    };
    expect(await old({ minVersion: "TLSv1" })).toBe("TLSv1");
    expect(await old({})).toBeUndefined();
  });

  it("keys can be logged, for tools that decrypt captures", async () => {
    const lines: string[] = [];
    const { listener } = await echo("127.0.0.1", { keyLog: (line) => lines.push(line) });
    await hello(listener, {});
    expect(lines.join("")).toMatch(/^(?:CLIENT|SERVER)_[A-Z_0-9]+ [0-9a-f]{64} [0-9a-f]+\n/);
  });
});

describe("certificates", () => {
  it("name hosts, addresses and SIP domains, and are the authority's", () => {
    const leaf = new X509Certificate(server.certificate);
    expect(leaf.subject).toBe("CN=sip.home.example");
    expect(leaf.subjectAltName?.split(", ").toSorted()).toEqual([
      "DNS:home.example",
      "DNS:sip.home.example",
      "IP Address:0:0:0:0:0:0:0:1",
      "IP Address:127.0.0.1",
      "URI:sip:home.example",
    ]);
    expect(leaf.verify(new X509Certificate(authority.certificate).publicKey)).toBe(true);
    expect([leaf.ca, new X509Certificate(authority.certificate).ca]).toEqual([false, true]);
  });

  it("can have RSA keys, for devices that know nothing else", async () => {
    const old = await createCertificateAuthority("RSA", { algorithm: "rsa" });
    const leaf = await old.issue({ commonName: "x", hosts: ["127.0.0.1"] });
    expect(new X509Certificate(leaf.certificate).publicKey.asymmetricKeyType).toBe("rsa");
    const { listener } = await echo("127.0.0.1", leaf);
    expect(await hello(listener, { ca: old.certificate })).toBe("hello");
  });
});

describe("a client that does not believe the server", () => {
  it("is told of, with the likely reason", async () => {
    const { listener, failures } = await echo("127.0.0.1");
    const { host, port } = listener.local;
    const socket = connectTls({ host, port, ca: stranger.certificate });
    const refused = new Promise((resolve) => socket.on("error", resolve));
    await refused;
    await expect.poll(() => failures.length).toBe(1);
    expect(failures[0]?.message).toMatch(/not believe the certificate|ended the connection in the handshake/);
    expect(failures[0]?.peer).toContain("127.0.0.1");
  });
});
