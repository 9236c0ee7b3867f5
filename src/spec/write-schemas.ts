/** Writes the published JSON Schemas: `node --import tsx src/spec/write-schemas.ts`. */
import { writeFileSync } from "node:fs";
import { format } from "prettier";
import { publishedSchemas } from "./published-schemas.ts";

for (const { path, schema } of publishedSchemas()) {
  const text = await format(JSON.stringify(schema), { parser: "json", printWidth: 110 });
  writeFileSync(new URL(`../../${path}`, import.meta.url), text);
  process.stderr.write(`${path} written\n`);
}
