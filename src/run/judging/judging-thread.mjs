// The thread that judges, from its first line on. TypeScript is loaded as it is, through tsx, which a thread must be told anew.
import { register } from "tsx/esm/api";

register();
const { judgeForParent } = await import("./judging-thread.ts");
await judgeForParent();
