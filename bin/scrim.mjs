#!/usr/bin/env node
// The command line of Scrim. It runs from a compiled copy of its code; where none can be kept, TypeScript is loaded as it is, through tsx.
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { compiledProject } from "./compiled.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const copy = await compiledProject(root);
if (copy === undefined) (await import("tsx/esm/api")).register();
const entry = copy === undefined ? path.join(root, "src/cli/main.ts") : path.join(copy, "src/cli/main.js");
const { main } = await import(pathToFileURL(entry).href);
await main(process.argv.slice(2));
