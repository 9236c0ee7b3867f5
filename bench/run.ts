/** `npm run bench`: a table, or with `-- --json` an array of `{name, value, unit, peer, peerValue, ratio}`. */
import type { Measurement } from "./measure.ts";
import { sipCodec } from "./sip-codec.ts";

const BENCHMARKS: readonly (() => Measurement[] | Promise<Measurement[]>)[] = [sipCodec];

const measurements: Measurement[] = [];
for (const benchmark of BENCHMARKS) measurements.push(...(await benchmark()));
process.stdout.write(
  process.argv.includes("--json") ? `${JSON.stringify(measurements, undefined, 2)}\n` : table(measurements),
);

function table(rows: readonly Measurement[]): string {
  const cells = rows.map(({ name, value, unit, peer, peerValue, ratio }) => [
    name,
    `${rounded(value)} ${unit}`,
    peer,
    `${rounded(peerValue)} ${unit}`,
    ratio.toFixed(2),
  ]);
  const all = [["what", "scrim", "peer", "of the peer", "ratio"], ...cells];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  const lines = all.map((row) =>
    row.map((cell, column) => padded(cell, widths[column] ?? 0, column)).join("  "),
  );
  return `${lines.map((line) => line.trimEnd()).join("\n")}\n`;
}

/** Figures stand at the right. */
function padded(cell: string, width: number, column: number): string {
  return column === 0 || column === 2 ? cell.padEnd(width) : cell.padStart(width);
}

function rounded(value: number): string {
  return Math.round(value).toLocaleString("en");
}
