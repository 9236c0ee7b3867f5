// The thread that judges, from its first line on. Where TypeScript is loaded as it is, through tsx, a thread must be told anew.
import { existsSync } from "node:fs";

const compiled = existsSync(new URL("judging-thread.js", import.meta.url));
if (!compiled) (await import("tsx/esm/api")).register();
const { judgeForParent } = await import(compiled ? "./judging-thread.js" : "./judging-thread.ts");
await judgeForParent();
