/**
 * `npm run bench [-- NAME…] [-- --json]`: measures, every benchmark or those named, and prints a table, or with `--json` an array of
 * `{name, value, unit, peer, peerValue, ratio}` and nothing else on standard output.
 */
import { parseArgs } from "node:util";
import { BENCHMARKS } from "./benchmarks.ts";
import type { Measurement } from "./measure.ts";
import { table } from "./table.ts";

const { values, positionals } = parseArgs({ options: { json: { type: "boolean" } }, allowPositionals: true });
const unknown = positionals.filter((name) => !BENCHMARKS.has(name));
if (unknown.length > 0) {
  note(`no benchmark ${unknown.join(", ")}; there are ${[...BENCHMARKS.keys()].join(", ")}`);
  process.exitCode = 2;
} else {
  const measurements = await measured(positionals.length === 0 ? [...BENCHMARKS.keys()] : positionals);
  process.stdout.write(
    values.json === true ? `${JSON.stringify(measurements, undefined, 2)}\n` : table(measurements),
  );
}

async function measured(names: readonly string[]): Promise<Measurement[]> {
  const found: Measurement[] = [];
  for (const name of names) {
    const benchmark = (await BENCHMARKS.get(name)?.())?.benchmark;
    if (benchmark === undefined) continue;
    note(`${name}: ${benchmark.about}`);
    found.push(...(await benchmark.run(note)));
  }
  return found;
}

function note(text: string): void {
  process.stderr.write(`${text}\n`);
}
