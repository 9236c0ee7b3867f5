import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "steps/**/*.test.ts"],
    pool: "threads",
    // Vitest leaves one core to itself unless told otherwise: of two, that is half.
    maxWorkers: availableParallelism(),
    testTimeout: 20_000,
  },
});
