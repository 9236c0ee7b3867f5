/**
 * SIP transactions in a second: MESSAGE to 200 over UDP on the loopback, against Scrim's endpoint in a process of its own and against SIPp's UAS,
 * both driven by SIPp at rising rates. The figure is the highest rate without a failed call or a retransmission. Scrim keeps each transaction
 * for the 32 seconds of timer J (RFC 3261 17.2.2); SIPp's UAS forgets it at once.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import type { Benchmark, Measurement, Note } from "./benchmark.ts";
import { messageLoad, sippName, sippUas } from "./sipp.ts";

export const benchmark: Benchmark = {
  about: "MESSAGE to 200 over UDP, driven by SIPp at rising rates, against SIPp's own UAS",
  run: measure,
};

interface Uas {
  readonly port: number;
  readonly process: ChildProcess;
}

const FIRST_RATE = 2000;
const LAST_RATE = 32_000;
/** Rises by so much while it holds; then the last step is taken again in halves. */
const RISE = 1.5;
const HALVINGS = 2;
const SECONDS = 2;

async function measure(note: Note): Promise<Measurement[]> {
  const peer = sippName();
  if (peer === undefined) {
    note("sip-transactions: sipp is not there, left out (Debian: sip-tester)");
    return [];
  }
  const value = await highestRate("scrim", await scrimUas(), note);
  const peerValue = await highestRate(peer, await sippUas(), note);
  return [
    {
      name: "SIP transactions: MESSAGE to 200 as UAS",
      value,
      unit: "messages/s",
      peer,
      peerValue,
      ratio: value / peerValue,
    },
  ];
}

async function scrimUas(): Promise<Uas> {
  const program = path.join(import.meta.dirname, "sip-uas.ts");
  const uas = spawn(process.execPath, ["--import", "tsx", program], { stdio: ["pipe", "pipe", "inherit"] });
  const [port] = await once(uas.stdout, "data");
  return { port: Number(String(port)), process: uas };
}

/** The rate that SIPp reached in the fastest run that was clean; the UAS is stopped. */
async function highestRate(name: string, uas: Uas, note: Note): Promise<number> {
  try {
    // The first run is for the code to get warm.
    await messageLoad(uas.port, { rate: FIRST_RATE, seconds: 1 });
    let best = 0;
    let good = FIRST_RATE;
    let bad = LAST_RATE * RISE;
    const attempt = async (rate: number): Promise<boolean> => {
      const reached = (await cleanRate(uas.port, rate)) ?? 0;
      note(
        `  ${name} at ${Math.round(rate)}/s: ${reached > 0 ? `clean, ${Math.round(reached)}/s` : "not clean"}`,
      );
      if (reached > 0) good = rate;
      else bad = rate;
      best = Math.max(best, reached);
      return reached > 0;
    };
    for (let rate = FIRST_RATE; rate <= LAST_RATE && (await attempt(rate));) rate *= RISE;
    for (let halving = 0; halving < HALVINGS; halving += 1) await attempt((good + bad) / 2);
    return best;
  } finally {
    uas.process.kill("SIGKILL");
  }
}

/** Undefined when a call failed or a message was repeated, twice: what else the machine does may spoil one run. */
async function cleanRate(port: number, rate: number): Promise<number | undefined> {
  for (let turn = 0; turn < 2; turn += 1) {
    const result = await messageLoad(port, { rate, seconds: SECONDS });
    if (result.failed === 0 && result.retransmissions === 0) return result.rate;
  }
  return undefined;
}
