import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { authenticationVector, resynchronised, usimAnswer } from "./agreement.ts";
import { hexOf, octetsFromHex } from "./octets.ts";
import { acceptSqn, nextSqn, SEQ_LIMIT, sqnFrom, sqnMemory, sqnOctets } from "./sequence-number.ts";
import { TEST_SETS } from "./testdata/test-sets.ts";

const hex = (text: string): Uint8Array => octetsFromHex("value", text, text.length / 2);

describe.each(TEST_SETS)("test set $set", (given) => {
  const keys = { k: hex(given.k), opc: hex(given.opc) };
  const rand = hex(given.rand);
  const sqn = sqnFrom(hex(given.sqn));
  const vector = authenticationVector(keys, rand, sqn, hex(given.amf));

  test("the USIM answers what the network expects", () => {
    const answer = usimAnswer(keys, sqnMemory(sqn - 32), rand, vector.autn);
    expect(answer).toMatchObject({ kind: "response", res: vector.xres, ck: vector.ck, ik: vector.ik });
    expect(hexOf(vector.xres)).toBe(given.f2);
  });

  test("a number that was used is answered with AUTS, from which the network learns the right one", () => {
    const answer = usimAnswer(keys, sqnMemory(sqn), rand, vector.autn);
    if (answer.kind !== "synchronisation-failure") throw new Error(`it is a ${answer.kind}`);
    expect(resynchronised(keys, rand, answer.auts)).toBe(sqn);
    const fresh = authenticationVector(keys, rand, nextSqn(sqn), hex(given.amf));
    expect(usimAnswer(keys, sqnMemory(sqn), rand, fresh.autn).kind).toBe("response");
  });

  test("any other bit of AUTN is not from the network, and of AUTS not from the USIM", () => {
    const answer = usimAnswer(keys, sqnMemory(sqn), rand, vector.autn);
    if (answer.kind !== "synchronisation-failure") throw new Error(`it is a ${answer.kind}`);
    fc.assert(
      fc.property(fc.nat(13), fc.nat(7), (at, bit) => {
        const flip = (octets: Uint8Array) => octets.with(at, (octets[at] ?? 0) ^ (1 << bit));
        expect(usimAnswer(keys, sqnMemory(), rand, flip(vector.autn)).kind).toBe("mac-failure");
        expect(resynchronised(keys, rand, flip(answer.auts))).toBeUndefined();
      }),
    );
  });
});

describe("sequence numbers", () => {
  test("octets and number are one", () => {
    fc.assert(
      fc.property(
        fc.maxSafeNat().map((n) => n % 2 ** 48),
        (sqn) => {
          expect(sqnFrom(sqnOctets(sqn))).toBe(sqn);
        },
      ),
    );
  });

  test("each next one is accepted, none twice", () => {
    let memory = sqnMemory(0);
    let sqn = 0;
    for (let turn = 0; turn < 100; turn += 1) {
      sqn = nextSqn(sqn);
      const next = acceptSqn(memory, sqn);
      expect(next).toBeDefined();
      memory = next ?? memory;
      expect(acceptSqn(memory, sqn)).toBeUndefined();
    }
  });

  test("vectors may be used out of order, each in its slot (C.2.2)", () => {
    const [first, second] = [nextSqn(0), nextSqn(nextSqn(0))];
    const memory = acceptSqn(sqnMemory(0), second);
    expect(memory).toBeDefined();
    expect(acceptSqn(memory ?? sqnMemory(0), first)).toMatchObject({ highest: second });
  });

  test("a jump that would use the numbers up is refused", () => {
    expect(acceptSqn(sqnMemory(0), SEQ_LIMIT * 32)).toBeDefined();
    expect(acceptSqn(sqnMemory(0), (SEQ_LIMIT + 1) * 32)).toBeUndefined();
  });
});
