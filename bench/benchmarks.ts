/** Every benchmark by the name by which `npm run bench -- NAME` runs it alone; its file is read only then. */
import type { Benchmark } from "./benchmark.ts";

type Loaded = Promise<{ readonly benchmark: Benchmark }>;

export const BENCHMARKS: ReadonlyMap<string, () => Loaded> = new Map<string, () => Loaded>([
  ["sip-parse", () => import("./sip-parse.ts")],
  ["sip-serialize", () => import("./sip-serialize.ts")],
  ["sip-transactions", () => import("./sip-transactions.ts")],
  ["msrp", () => import("./msrp.ts")],
  ["fan-out", () => import("./fan-out.ts")],
]);
