/** linphonec, driven by lines on its standard input, with a home of its own. */
import { linphoneArguments, type LinphoneOptions } from "./linphone-home.ts";
import { peer } from "./peers.ts";
import { type RunningProcess, scratchFolder, startForTest } from "./processes.ts";

export interface Linphone {
  readonly process: RunningProcess;
  /** Settles when it takes commands. */
  prompt(): Promise<unknown>;
  /** Sends text to a SIP URI. */
  chat(to: string, text: string): void;
  /** Takes its registration back and ends. */
  quit(): Promise<void>;
}

/** Starts it; it registers by itself. */
export function startLinphone(options: LinphoneOptions): Linphone {
  const home = scratchFolder();
  const process = startForTest(peer("linphone").program, {
    args: linphoneArguments(home, options),
    env: { HOME: home },
    limitMs: 55_000,
  });
  return {
    process,
    prompt: () => process.printed(/linphonec> /u),
    chat: (to, text) => process.write(`chat ${to} ${text}\n`),
    quit: async () => {
      process.write("quit\n");
      await process.ended;
    },
  };
}
