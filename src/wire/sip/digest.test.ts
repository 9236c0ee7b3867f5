import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  digestCredentials,
  digestResponse,
  digestResponseAuth,
  formatDigestChallenge,
  parseDigestChallenge,
  verifyDigest,
} from "./digest.ts";
import type { DigestAlgorithm, DigestExpectation, DigestInput, DigestQop } from "./digest.ts";
import { SipParseError } from "./error.ts";

/** RFC 7616 3.9.1 and RFC 2617 3.5. */
const MUFASA = {
  username: "Mufasa",
  method: "GET",
  uri: "/dir/index.html",
  qop: "auth",
  nonceCount: "00000001",
} as const;
const RFC_7616 = {
  ...MUFASA,
  password: "Circle of Life",
  realm: "http-auth@example.org",
  nonce: "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
  cnonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
} as const;
const RFC_2617 = {
  ...MUFASA,
  password: "Circle Of Life",
  realm: "testrealm@host.com",
  nonce: "dcd98b7102dd2f0e8b11d0f600bfb0c093",
  cnonce: "0a4f113b",
} as const;

const VECTORS: { name: string; input: DigestInput; response: string }[] = [
  { name: "RFC 2617 3.5", input: RFC_2617, response: "6629fae49393a05397450978507c4ef1" },
  { name: "RFC 7616 3.9.1 MD5", input: RFC_7616, response: "8ca523f5e9506fed4657c9700eebdbec" },
  {
    name: "RFC 7616 3.9.1 SHA-256",
    input: { ...RFC_7616, algorithm: "SHA-256" },
    response: "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
  },
];

test.each(VECTORS)("$name", ({ input, response }) => {
  expect(digestResponse(input)).toBe(response);
});

test("a challenge is read as RFC 2617 3.2.1 writes it", () => {
  const value =
    'Digest realm="atlanta.example.com",\tqop="auth, auth-int", nonce="f84f", opaque="", stale=FALSE, algorithm=md5, x=y';
  expect(parseDigestChallenge(value)).toEqual({
    realm: "atlanta.example.com",
    nonce: "f84f",
    algorithm: "MD5",
    qop: ["auth", "auth-int"],
    opaque: "",
    stale: false,
  });
});

test.each([
  ["another scheme", 'Basic realm="a"'],
  ["no realm", 'Digest nonce="a"'],
  ["no nonce", 'Digest realm="a"'],
  ["unknown algorithm", 'Digest realm="a", nonce="b", algorithm=AKAv9-MD5'],
  ["a parameter twice", 'Digest realm="a", realm="a", nonce="b"'],
  ["no parameters", "Digest"],
  ["an open quote", 'Digest realm="a'],
])("a challenge with %s is an error", (_name, value) => {
  expect(() => parseDigestChallenge(value)).toThrow(SipParseError);
});

const ALGORITHMS: DigestAlgorithm[] = [
  "MD5",
  "MD5-sess",
  "SHA-256",
  "SHA-256-sess",
  "SHA-512-256",
  "SHA-512-256-sess",
  "AKAv1-MD5",
  "AKAv1-MD5-sess",
];
const QOPS: DigestQop[][] = [[], ["auth"], ["auth-int"], ["auth", "auth-int"]];
const EXPECTATION: DigestExpectation = {
  method: "REGISTER",
  realm: 'a "realm"',
  password: (username) => (username === "alice" ? "secret" : undefined),
  body: Buffer.from("body"),
};

describe.each(ALGORITHMS)("%s", (algorithm) => {
  test.each(QOPS)("credentials that answer a challenge verify (qop %s %s)", (...qop) => {
    const offered = qop.filter((option) => option !== undefined);
    const challenge = parseDigestChallenge(
      formatDigestChallenge({
        realm: 'a "realm"',
        nonce: "n",
        algorithm,
        qop: offered,
        opaque: "o",
        stale: true,
      }),
    );
    expect(challenge).toMatchObject({ algorithm, qop: offered, stale: true, opaque: "o" });
    const answer = {
      username: "alice",
      password: "secret",
      method: "REGISTER",
      uri: "sip:home",
      cnonce: "c",
      nonceCount: 11,
      body: Buffer.from("body"),
    };
    const credentials = digestCredentials(challenge, answer);
    const nonceCount = offered.length === 0 ? undefined : 11;
    expect(verifyDigest(credentials, EXPECTATION)).toEqual({
      ok: true,
      username: "alice",
      nonce: "n",
      algorithm,
      nonceCount,
    });
    expect(verifyDigest(credentials, { ...EXPECTATION, method: "INVITE" })).toMatchObject({
      ok: false,
      reason: "wrong-response",
    });
  });
});

test("the key of a session is made once: later requests have a cnonce of their own (RFC 7616 3.4.2)", () => {
  const challenge = parseDigestChallenge('Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256-sess');
  const alice = { username: "alice", password: "secret", method: "REGISTER", uri: "sip:home" };
  const session = { nonce: "n", cnonce: "first" };
  const later = digestCredentials(challenge, { ...alice, cnonce: "second", nonceCount: 2, session });
  const expectation = { ...EXPECTATION, realm: "r" };
  expect(verifyDigest(later, { ...expectation, session }).ok).toBe(true);
  expect(verifyDigest(later, expectation).ok).toBe(false);
});

test("rspauth is the response without method (RFC 7616 3.5)", () => {
  const challenge = parseDigestChallenge('Digest realm="r", nonce="n", qop="auth"');
  const answer = { username: "alice", password: "secret", uri: "sip:home", cnonce: "c", nonceCount: 3 };
  const given = {
    username: "alice",
    password: "secret",
    uri: "sip:home",
    cnonce: "c",
    realm: "r",
    nonce: "n",
  };
  const parts = { ...given, qop: "auth", nonceCount: "00000003" } as const;
  expect(digestResponseAuth(challenge, answer)).toBe(digestResponse({ ...parts, method: "" }));
  expect(digestResponseAuth(challenge, answer)).not.toBe(digestResponse({ ...parts, method: "REGISTER" }));
  const md5 = (text: string): string => createHash("md5").update(text).digest("hex");
  const a1 = md5("alice:r:secret");
  expect(digestResponseAuth(challenge, answer)).toBe(md5(`${a1}:n:00000003:c:auth:${md5(":sip:home")}`));
});

const GOOD = digestCredentials(parseDigestChallenge('Digest realm="r", nonce="n", qop="auth"'), {
  username: "alice",
  password: "secret",
  method: "REGISTER",
  uri: "sip:home",
  cnonce: "c",
});

test.each([
  ["good", GOOD, {}, undefined],
  ["another realm", GOOD, { realm: "s" }, "wrong-realm"],
  ["another digest-uri", GOOD, { uri: "sip:other" }, "wrong-uri"],
  ["an unknown user", GOOD.replace("alice", "bob"), {}, "unknown-user"],
  ["a wrong response", GOOD.replace(/response="./, 'response="x'), {}, "wrong-response"],
  ["an empty response", GOOD.replace(/response="[^"]*/, 'response="'), {}, "wrong-response"],
  ["no nc", GOOD.replace(/, nc=[^,]*/, ""), {}, "malformed"],
  ["no cnonce", GOOD.replace(/, cnonce=.*/, ""), {}, "malformed"],
  ["unknown qop", GOOD.replace("qop=auth", "qop=other"), {}, "malformed"],
  ["garbage", "\u0000", {}, "malformed"],
])("credentials: %s", (_name, value, change, reason) => {
  const verdict = verifyDigest(value, { ...EXPECTATION, realm: "r", ...change });
  expect(verdict.ok ? undefined : verdict.reason).toBe(reason);
});
