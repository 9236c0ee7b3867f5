/** Writes docs/interpretations.md: `node --import tsx src/spec/write-interpretations.ts`. */
import { writeFileSync } from "node:fs";
import { format } from "prettier";
import { interpretationsPage } from "./interpretations.ts";

const page = await format(interpretationsPage(), { parser: "markdown", printWidth: 110 });
writeFileSync(new URL("../../docs/interpretations.md", import.meta.url), page);
process.stderr.write("docs/interpretations.md written\n");
