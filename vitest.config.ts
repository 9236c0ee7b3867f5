import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "steps/**/*.test.ts"],
    pool: "threads",
    testTimeout: 20_000,
  },
});
