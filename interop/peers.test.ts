import { describe, expect, test } from "vitest";
import { areMissing, peer, PEER_NAMES } from "./peers.ts";
import { startForTest } from "./processes.ts";

describe("peers", () => {
  describe.each(PEER_NAMES)("%s", (name) => {
    test.skipIf(areMissing(name))("says its version", () => {
      expect(peer(name).version).toMatch(/^\d+\.\d/u);
    });
  });

  test("a process that ends before it says what is waited for fails with its output", async () => {
    const running = startForTest(process.execPath, { args: ["-e", "console.log('good', 'bye')"] });
    await expect(running.printed(/hello/u)).rejects.toThrow("good bye");
    expect(await running.ended).toBe(0);
  });

  test("a process that does not end by itself is stopped", async () => {
    const running = startForTest(process.execPath, {
      args: ["-e", "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('up')"],
    });
    await running.printed(/up/u);
    await running.stop();
    expect(await running.ended).toBe("SIGKILL");
  });
});
