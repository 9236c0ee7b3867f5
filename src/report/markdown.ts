/** Text and tables in Markdown, escaped so that a SUT's text stays text. */
import { visibleLine } from "./visible.ts";

/** Every character that Markdown or HTML would read as more than itself is escaped. */
export function markdownText(text: string): string {
  return visibleLine(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll(/[\\`*[\]#|~]|(?<!\w)_|_(?!\w)/g, String.raw`\$&`);
}

/** Cells are escaped here; an empty table is a sentence. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "None.\n";
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const body = rows.map((row) => line(row.map(markdownText)));
  return [line(head), line(head.map(() => "---")), ...body, ""].join("\n");
}
