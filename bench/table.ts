/** Measurements for people. */
import type { Measurement } from "./measure.ts";

const HEADINGS = ["what", "scrim", "peer", "of the peer", "ratio"];
/** Figures stand at the right. */
const TEXT_COLUMNS: readonly number[] = [0, 2];

export function table(measurements: readonly Measurement[]): string {
  const rows = [HEADINGS, ...measurements.map(cells)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => padded(cell, widths[column] ?? 0, column)).join("  ");
  return rows.map((row) => `${line(row).trimEnd()}\n`).join("");
}

function cells({ name, value, unit, peer, peerValue, ratio }: Measurement): string[] {
  return [name, `${figure(value)} ${unit}`, peer, `${figure(peerValue)} ${unit}`, ratio.toFixed(2)];
}

function padded(cell: string, width: number, column: number): string {
  return TEXT_COLUMNS.includes(column) ? cell.padEnd(width) : cell.padStart(width);
}

/** Whole, or with three figures where that would say too little. */
function figure(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(3)));
}
