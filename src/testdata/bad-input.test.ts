/** Whether the tests of readers would notice. */
import { describe, expect, test } from "vitest";
import { faultOf, growsTooFast, mutationFaults, prefixFaults } from "./bad-input.ts";
import { mutatorOf, randomFrom } from "./mutation.ts";

class TypedError extends Error {
  readonly code = "typed";
}

const reader = (read: (bytes: Buffer) => string | undefined | void) => ({
  corpus: ["abc", "abcd"],
  errors: [TypedError],
  read,
});
const input = Buffer.from("abc");

describe("a fault is", () => {
  test.each<[string, (bytes: Buffer) => string | undefined | void, string | undefined]>([
    ["none, where a value is read", () => undefined, undefined],
    ["none, where the typed error is thrown", () => { throw new TypedError("no"); }, undefined],
    ["a typed error that says nothing", () => { throw new TypedError(""); }, "an error without code or message: Error"],
    ["another error", () => { throw new RangeError("deep"); }, "threw RangeError: deep"],
    ["what the reader says", () => "not lossless", "not lossless"],
    ["an input that was changed", (bytes) => void bytes.fill(0), "the input was changed"],
  ])("%s", (_, read, fault) => {
    expect(faultOf(reader(read), Buffer.from(input))).toBe(fault);
  });
});

test("mutations and beginnings come upon what one of them breaks", () => {
  const long = reader((bytes) => (bytes.length > 4 ? "too long" : undefined));
  expect(mutationFaults(long, 100).length).toBeGreaterThan(10);
  const short = reader((bytes) => (bytes.length === 2 ? "two" : undefined));
  expect(prefixFaults(short).map((fault) => fault.split(":")[0])).toEqual(["the first 2 bytes", "the first 2 bytes"]);
});

test("a seed gives the same mutations", () => {
  const mutated = mutatorOf(["MESSAGE sip:a@b SIP/2.0\r\n\r\n"]);
  const run = (): string[] => Array.from({ length: 50 }, (_, seed) => mutated(randomFrom(seed)).toString("latin1"));
  expect(run()).toEqual(run());
  expect(new Set(run()).size).toBeGreaterThan(30);
});

test("time that grows with the square is noticed, and time that grows in proportion is not", () => {
  let clock = 0;
  const identity = (count: number): number => count;
  const spend = (cost: (count: number) => number) => (count: number) => void (clock += cost(count));
  const isTooFast = (cost: (count: number) => number): boolean =>
    growsTooFast(identity, spend(cost), 1000, () => clock);
  expect(isTooFast((count) => count * count * 1e-5)).toBe(true);
  expect(isTooFast((count) => count)).toBe(false);
  expect(isTooFast((count) => count * Math.log2(count))).toBe(false);
  expect(isTooFast((count) => count * count * 1e-6)).toBe(false);
});
