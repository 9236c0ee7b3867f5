import { describe, expect, it } from "vitest";
import {
  digestResponseAuth,
  formatDigestChallenge,
  parseDigestChallenge,
  verifyDigest,
} from "../../wire/sip/digest.ts";
import { msrpRequest, msrpResponse } from "../../wire/msrp/build.ts";
import type { MsrpResponseHead } from "../../wire/msrp/message.ts";
import {
  createRelayClient,
  pathForPeer,
  pathToPeer,
  type RelayAction,
  type RelayClient,
} from "./relay-client.ts";

const RELAY = "msrps://alice@intra.example.com;tcp";
const USE_PATH = "msrps://intra.example.com:9000/jui787s2f;tcp";
const CREDENTIALS = { username: "alice", password: "secret" };

function client(options: { through?: readonly string[]; expires?: number } = {}): RelayClient {
  return createRelayClient({ relay: RELAY, credentials: CREDENTIALS, token: () => "cnonce12", ...options });
}

function answer(status: number, headers: Readonly<Record<string, string>> = {}): MsrpResponseHead {
  const request = msrpRequest({
    method: "AUTH",
    transactionId: "abcd1234",
    toPath: RELAY,
    fromPath: "msrp://a;tcp",
  });
  return msrpResponse(request, status, { headers: Object.entries(headers) });
}

const challenge = (nonce: string, stale = false): MsrpResponseHead =>
  answer(401, {
    "WWW-Authenticate": formatDigestChallenge({ realm: "intra.example.com", nonce, qop: ["auth"], stale }),
  });

const headerOf = (actions: readonly RelayAction[], name: string): string | undefined =>
  actions
    .flatMap((action) => (action.type === "auth" ? action.headers : []))
    .find(([own]) => own === name)?.[1];

describe("a client of a relay", () => {
  it("asks, answers the challenge, takes the path, and asks again before it expires", () => {
    const alice = client({ expires: 900 });
    const first = alice.start();
    expect(first).toEqual([{ type: "auth", toPath: RELAY, headers: [["Expires", "900"]] }]);
    const second = alice.response(challenge("nonce1"), 0);
    const verdict = verifyDigest(headerOf(second, "Authorization") ?? "", {
      method: "AUTH",
      realm: "intra.example.com",
      password: () => "secret",
      uri: RELAY,
    });
    expect(verdict).toMatchObject({ ok: true, nonceCount: 1 });
    expect(alice.response(answer(200, { "Use-Path": USE_PATH, Expires: "600" }), 1000)).toEqual([
      { type: "authorized", usePath: [USE_PATH], expiresAt: 601_000 },
    ]);
    expect([alice.deadline, alice.time(480_999)]).toEqual([481_000, []]);
    const again = alice.time(481_000);
    expect(headerOf(again, "Authorization")).toContain("nc=00000002");
  });

  const infoWith = (rspauth: string): Readonly<Record<string, string>> => ({
    "Use-Path": USE_PATH,
    Expires: "600",
    "Authentication-Info": `nextnonce="nonce2", qop=auth, rspauth="${rspauth}", cnonce="cnonce12", nc=00000001`,
  });

  it("fails where the relay does not show that it knows the password (RFC 4976 9.1)", () => {
    const alice = client();
    alice.start();
    alice.response(challenge("nonce1"), 0);
    expect(alice.response(answer(200, infoWith("0".repeat(32))), 0)).toMatchObject([
      { type: "failed", status: 200, reason: expect.stringContaining("rspauth") as unknown },
    ]);
    expect(alice.state).toBe("failed");
  });

  it("goes on with the nonce that the relay names for next time", () => {
    const alice = client();
    alice.start();
    alice.response(challenge("nonce1"), 0);
    const proof = digestResponseAuth(
      parseDigestChallenge('Digest realm="intra.example.com", nonce="nonce1", qop="auth"'),
      {
        ...CREDENTIALS,
        uri: RELAY,
        cnonce: "cnonce12",
      },
    );
    expect(alice.response(answer(200, infoWith(proof)), 0)).toMatchObject([{ type: "authorized" }]);
    const authorization = headerOf(alice.time(480_000), "Authorization");
    expect(authorization).toContain('nonce="nonce2"');
    expect(authorization).toContain("nc=00000001");
  });

  it.each([
    ["a time that is too short", { "Min-Expires": "60" }, "60"],
    ["a time that is too long", { "Max-Expires": "3600" }, "3600"],
  ])("asks anew after %s", (_what, headers, expires) => {
    const alice = client({ expires: 5 });
    alice.start();
    expect(headerOf(alice.response(answer(423, headers), 0), "Expires")).toBe(expires);
  });

  it.each<[string, readonly MsrpResponseHead[], number]>([
    ["a wrong password", [challenge("n1"), challenge("n2")], 401],
    ["nonces that are always stale", [challenge("n1"), challenge("n2", true), challenge("n3", true)], 401],
    ["a challenge that is none", [answer(401, { "WWW-Authenticate": 'Basic realm="x"' })], 401],
    ["a 423 that names no time", [answer(423)], 423],
    ["no permission", [answer(403)], 403],
    ["a path that is none", [answer(200, { "Use-Path": "nonsense" })], 200],
  ])("gives up after %s", (_what, answers, status) => {
    const alice = client();
    alice.start();
    const actions = answers.flatMap((one) => alice.response(one, 0));
    expect(actions.at(-1)).toMatchObject({ type: "failed", status });
    expect([alice.state, alice.deadline]).toEqual(["failed", undefined]);
  });

  it("asks a relay through those before it, and puts paths together", () => {
    const [b, c] = ["msrp://b;tcp", "msrp://c;tcp"];
    expect(client({ through: [b] }).start()).toEqual([
      { type: "auth", toPath: `${b} ${RELAY}`, headers: [] },
    ]);
    expect(pathForPeer([b, c], "msrp://a;tcp")).toEqual([c, b, "msrp://a;tcp"]);
    expect(pathToPeer([b, c], ["msrp://d;tcp", "msrp://f;tcp"])).toEqual([
      b,
      c,
      "msrp://d;tcp",
      "msrp://f;tcp",
    ]);
  });
});
