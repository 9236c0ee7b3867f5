#!/usr/bin/env node
// The command line of Scrim. TypeScript is loaded as it is, through tsx: there is no build step.
import { register } from "tsx/esm/api";

register();
const { main } = await import("../src/cli/main.ts");
await main(process.argv.slice(2));
