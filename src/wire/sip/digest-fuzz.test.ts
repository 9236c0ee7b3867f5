/** Challenges and credentials, mutated. */
import { expect, test } from "vitest";
import { describeBadInput } from "../../testdata/bad-input.ts";
import { digestCredentials, formatDigestChallenge, parseDigestChallenge, verifyDigest } from "./digest.ts";
import { SipParseError } from "./error.ts";

const challenge = formatDigestChallenge({
  realm: 'home "x"',
  nonce: "n==",
  algorithm: "SHA-256",
  qop: ["auth", "auth-int"],
  opaque: "o",
  stale: true,
});
const answer = { username: "alice", password: "secret", method: "REGISTER", uri: "sip:h", cnonce: "c" };
const credentials = digestCredentials(parseDigestChallenge(challenge), answer);

const MORSELS = ["Digest ", 'realm="', "algorithm=MD5", "qop=auth-int", ', nonce="', "-sess", "nc=00000001"];

describeBadInput(
  "a challenge",
  {
    corpus: [challenge, 'Digest realm="r",nonce="n"'],
    morsels: MORSELS,
    errors: [SipParseError],
    read: (bytes) => void digestCredentials(parseDigestChallenge(bytes.toString("latin1")), answer),
  },
  {
    around: [
      ["Digest ", ""],
      [`${challenge}, qop="`, '"'],
      ['Digest realm="', ""],
    ],
    repeated: [', a="b"', ",,"],
  },
);

const expectation = {
  method: "REGISTER",
  realm: 'home "x"',
  password: (name: string) => (name === "alice" ? "secret" : undefined),
};

describeBadInput(
  "credentials",
  {
    corpus: [credentials],
    morsels: MORSELS,
    read: (bytes) => void verifyDigest(bytes.toString("latin1"), expectation),
  },
  {
    around: [
      ["Digest ", ""],
      [`${credentials}, a="`, '"'],
    ],
    repeated: [', a="b"', ",,"],
  },
);

test("credentials as they were made are right, which the mutations are measured by", () => {
  expect(verifyDigest(credentials, expectation)).toMatchObject({ ok: true, username: "alice" });
});
