/** The end of a command that has done its work. */

/** Milliseconds in which what is still open may close by itself. */
const LINGER_MS = 5000;

/**
 * A command is over when it has said all; should something that was not closed keep the process alive, whoever waits for its exit status must
 * not wait with it. Asked for while standard output may still be written; nothing happens where the process ends by itself.
 */
export function endThough(lingerMs: number = LINGER_MS): void {
  setTimeout(() => process.exit(), lingerMs).unref();
}
