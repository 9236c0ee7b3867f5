/** `docs/interpretations.md`: which reading is used where the specification leaves room, out of the register, so that page and judging cannot differ. */
import { registeredClauses, statement } from "./register.ts";
import { scrItems } from "./scr.ts";
import type { Statement } from "./types.ts";

interface Reading {
  readonly text: string;
  readonly statements: readonly Statement[];
}

const HEAD = `# Interpretations of the specification

<!-- Written by \`node --import tsx src/spec/write-interpretations.ts\` out of the register; a test holds it current. -->

The judged document is OMA-TS-SIMPLE_IM-V1_0-20070816-C. Where its text has two readings, contradicts itself or misses a value, this page says
which reading Scrim uses and which variants pass. A reading that lets several variants pass is shown beside the verdict as \`noted\`. The
\`interpretations\` of a SUT file, by the id of a statement, tell the reader of a report what the vendor chose; they change no verdict.

What holds everywhere:

- Text of Warning headers is spelled in several ways in the document: only the three digits of the code are compared.
- Access policies are written into the XDM server in every spelling that the document prints (\`+g.oma.sip-im\`, \`+g.oma-sip-im\`,
  \`+g.oma-im-sip\`; \`media-list\` and \`media\`; \`allow-reject-invite\` and \`allow-invite\`), so that a server which took one by its letter finds it.
- A successor of a cited draft or RFC (6665, 5438, 5365, 5318) is noted, and neither fails for being followed nor for being left aside.
- A sentence with SHALL in a section that calls itself informative is judged; a figure is compared arrow by arrow, and never fails a SUT.
`;

/** The whole page. */
export function interpretationsPage(): string {
  const clauses = registeredClauses()
    .map(({ clause, title, statements }) => ({ clause, title, readings: readingsOf(statements) }))
    .filter(({ readings }) => readings.length > 0)
    .map(
      ({ clause, title, readings }) => `\n## ${clause} ${title}\n\n${readings.map(readingText).join("\n")}\n`,
    );
  return `${HEAD}${clauses.join("")}\n${rowsText()}`;
}

/** "As 5.2.4-8a" is the reading of that statement, and stands once for both. */
function readingsOf(statements: readonly Statement[]): readonly Reading[] {
  const groups = new Map<string, Statement[]>();
  for (const one of statements) {
    const { reading } = one;
    if (reading === undefined) continue;
    const other = /^As ([\w.]+(?:-\w+)+)\.$/u.exec(reading)?.[1];
    const text = (other === undefined ? undefined : statement(other)?.reading) ?? reading;
    const group = groups.get(text);
    if (group === undefined) groups.set(text, [one]);
    else group.push(one);
  }
  return [...groups].map(([text, group]) => ({ text, statements: group }));
}

function readingText({ text, statements }: Reading): string {
  const touched = statements.map(({ id, level, says }) => `  - \`${id}\` (${level}): ${says}`);
  return [`- **${text}**`, ...touched].join("\n");
}

/** What is wrong in the rows of Appendix B. */
function rowsText(): string {
  const rows = scrItems().flatMap(({ id, correction, requirement }) => {
    const says = [
      ...(correction === undefined ? [] : [correction]),
      ...(requirement?.dangling ?? []).map((missing) => `requires ${missing}, which exists nowhere`),
    ];
    return says.length === 0 ? [] : [`| \`${id}\` | ${says.join("; ").replaceAll("|", "\\\\|")} |`];
  });
  return `## Appendix B: rows that are read otherwise than printed\n\n| item | what is corrected |\n| --- | --- |\n${rows.join("\n")}\n`;
}
