import { describe, expect, test } from "vitest";
import { AkaError } from "./error.ts";
import { milenageMacs, milenageOutputs, opcFrom } from "./milenage.ts";
import { hexOf, octetsFromHex } from "./octets.ts";
import { TEST_SETS } from "./testdata/test-sets.ts";

const hex = (text: string): Uint8Array => octetsFromHex("value", text, text.length / 2);

describe.each(TEST_SETS)("test set $set of TS 35.208", (given) => {
  const keys = { k: hex(given.k), opc: hex(given.opc) };

  test("OPc", () => expect(hexOf(opcFrom(keys.k, hex(given.op)))).toBe(given.opc));

  test("f1 and f1*", () => {
    const { macA, macS } = milenageMacs(keys, hex(given.rand), hex(given.sqn), hex(given.amf));
    expect([hexOf(macA), hexOf(macS)]).toEqual([given.f1, given.f1Star]);
  });

  test("f2, f3, f4, f5 and f5*", () => {
    const { res, ck, ik, ak, akStar } = milenageOutputs(keys, hex(given.rand));
    expect([res, ck, ik, ak, akStar].map(hexOf)).toEqual([
      given.f2,
      given.f3,
      given.f4,
      given.f5,
      given.f5Star,
    ]);
  });
});

test.each([
  ["K", () => opcFrom(new Uint8Array(15), new Uint8Array(16))],
  ["OP", () => opcFrom(new Uint8Array(16), new Uint8Array(17))],
  ["RAND", () => milenageOutputs({ k: new Uint8Array(16), opc: new Uint8Array(16) }, new Uint8Array(1))],
])("%s of the wrong length is refused", (name, run) => {
  expect(run).toThrow(AkaError);
  expect(run).toThrow(expect.objectContaining({ code: "length", message: expect.stringContaining(name) }));
});
