/** Reading is pure: what was read of a message or a trace once is kept, whether checks or the views of the trace ask. */
export { memo } from "../trace/memo.ts";
