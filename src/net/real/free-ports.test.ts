import { expect, test } from "vitest";
import { PortInUseError, type Address } from "../network.ts";
import { onFreePort } from "./free-ports.ts";

const anywhere: Address = { host: "127.0.0.1", port: 0 };

test("a port that is asked for is the one that is tried", async () => {
  expect(await onFreePort({ ...anywhere, port: 5060 }, async ({ port }) => port)).toBe(5060);
});

test("another is tried where one is taken, and at last the platform chooses", async () => {
  const tried: number[] = [];
  const bound = await onFreePort(anywhere, async (at) => {
    tried.push(at.port);
    if (at.port !== 0) throw new PortInUseError(at, "udp");
    return at.port;
  });
  expect(bound).toBe(0);
  expect(tried).toHaveLength(21);
  expect(tried.slice(0, -1).every((port) => port >= 16_000 && port < 32_768)).toBe(true);
});

test("what is wrong otherwise is told", async () => {
  await expect(onFreePort(anywhere, () => Promise.reject(new Error("no such address")))).rejects.toThrow(
    "no such address",
  );
});
