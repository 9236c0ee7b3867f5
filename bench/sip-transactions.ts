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
  const searches = [new RateSearch("scrim", await scrimUas()), new RateSearch(peer, await sippUas())];
  try {
    // By turns, so that a machine that has something else to do has it for both.
    while (searches.some(({ done }) => !done))
      for (const search of searches) if (!search.done) note(await search.attempt());
  } finally {
    for (const { uas } of searches) uas.process.kill("SIGKILL");
  }
  const [value = 0, peerValue = 0] = searches.map(({ best }) => best);
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

/** Looks for the highest rate that a UAS answers without a failed call or a repeated message. */
class RateSearch {
  readonly name: string;
  readonly uas: Uas;
  /** The rate that SIPp reached in the fastest run that was clean. */
  best = 0;
  #good = 0;
  #bad: number | undefined = undefined;
  #halvings = HALVINGS;

  constructor(name: string, uas: Uas) {
    this.name = name;
    this.uas = uas;
  }

  get done(): boolean {
    return this.#good >= LAST_RATE || this.#halvings === 0;
  }

  /** One run at the next rate; says what came of it. */
  async attempt(): Promise<string> {
    // The first run is for the code to get warm.
    if (this.#good === 0) await messageLoad(this.uas.port, { rate: FIRST_RATE, seconds: 1 });
    const rate = this.#nextRate();
    const reached = await cleanRate(this.uas.port, rate);
    if (reached === undefined) this.#bad = rate;
    else this.#good = rate;
    this.best = Math.max(this.best, reached ?? 0);
    const outcome = reached === undefined ? "not clean" : `clean, ${Math.round(reached)}/s`;
    return `  ${this.name} at ${Math.round(rate)}/s: ${outcome}`;
  }

  #nextRate(): number {
    if (this.#bad === undefined) return this.#good === 0 ? FIRST_RATE : this.#good * RISE;
    this.#halvings -= 1;
    return (this.#good + this.#bad) / 2;
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
