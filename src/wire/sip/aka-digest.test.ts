import { describe, expect, test } from "vitest";
import { authenticationVector, resynchronised } from "../aka/agreement.ts";
import { AkaError } from "../aka/error.ts";
import { octetsFromHex } from "../aka/octets.ts";
import { sqnFrom, sqnMemory } from "../aka/sequence-number.ts";
import { TEST_SETS } from "../aka/testdata/test-sets.ts";
import { akaCredentials, formatAkaNonce, isAka, parseAkaNonce, parseAuts } from "./aka-digest.ts";
import { formatDigestChallenge, parseDigestChallenge, verifyDigest } from "./digest.ts";
import { parseAuthentication } from "./fields.ts";

const hex = (text: string): Uint8Array => octetsFromHex("value", text, text.length / 2);
const REQUEST = { username: "alice@home", method: "REGISTER", uri: "sip:home", cnonce: "c" };

describe.each(TEST_SETS)("test set $set", (given) => {
  const keys = { k: hex(given.k), opc: hex(given.opc) };
  const sqn = sqnFrom(hex(given.sqn));
  const vector = authenticationVector(keys, hex(given.rand), sqn, hex(given.amf));
  const challengeWith = (qop: readonly ("auth" | "auth-int")[]) =>
    parseDigestChallenge(
      formatDigestChallenge({ realm: "home", nonce: formatAkaNonce(vector), algorithm: "AKAv1-MD5", qop }),
    );
  const verify = (credentials: string) =>
    verifyDigest(credentials, { method: "REGISTER", realm: "home", password: () => vector.xres });

  test.each([[[]], [["auth"]], [["auth-int"]]] as const)("RES answers the challenge, qop %j", (qop) => {
    const { credentials, answer } = akaCredentials(challengeWith(qop), keys, sqnMemory(sqn - 32), REQUEST);
    expect(answer.kind).toBe("response");
    expect(verify(credentials)).toMatchObject({ ok: true, algorithm: "AKAv1-MD5" });
  });

  test("a number that is not fresh is answered with auts and an empty password", () => {
    const { credentials } = akaCredentials(challengeWith([]), keys, sqnMemory(sqn + 64), REQUEST);
    const auts = parseAuts(parseAuthentication(credentials).params.get("auts") ?? "");
    expect(resynchronised(keys, vector.rand, auts)).toBe(sqn + 64);
    expect(verifyDigest(credentials, { method: "REGISTER", realm: "home", password: () => "" }).ok).toBe(
      true,
    );
    expect(verify(credentials).ok).toBe(false);
  });

  test("a challenge with another key is answered with nothing", () => {
    const others = { ...keys, k: keys.k.with(0, 1) };
    const { credentials, answer } = akaCredentials(challengeWith(["auth"]), others, sqnMemory(), REQUEST);
    expect(answer.kind).toBe("mac-failure");
    expect(parseAuthentication(credentials).params.get("response")).toBe("");
  });
});

test("server data may follow in the nonce", () => {
  const [rand, autn, serverData] = [new Uint8Array(16).fill(1), new Uint8Array(16).fill(2), hex("0304")];
  expect(parseAkaNonce(formatAkaNonce({ rand, autn, serverData }))).toEqual({ rand, autn, serverData });
});

test.each([
  ["is empty", ""],
  ["is short", "QUJD"],
  ["is not base64", "*".repeat(44)],
])("a nonce that %s is none of AKA", (_name, nonce) => {
  expect(() => parseAkaNonce(nonce)).toThrow(AkaError);
});

test.each([
  ["AKAv1-MD5", true],
  ["akav1-md5-sess", true],
  ["MD5", false],
  ["AKAv2-MD5", false],
])("%s is AKAv1: %s", (algorithm, is) => expect(isAka(algorithm)).toBe(is));
