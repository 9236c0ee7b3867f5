import path from "node:path";
import { defineConfig } from "vitest/config";

/** One file after the other: the peers measure time, and several of them would fight for the machine. */
export default defineConfig({
  test: {
    root: path.dirname(import.meta.dirname),
    include: ["interop/**/*.test.ts"],
    globalSetup: ["interop/announce-peers.ts"],
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 120_000,
  },
});
