/**
 * Two user agents on a network that loses, delays and reorders, doing whatever they like at whatever time. When it is quiet again, both ends of
 * each call agree: both have the session, with the same descriptions, or neither has it.
 */
import { describe, expect, it } from "vitest";
import { createRandom } from "../../net/virtual/random.ts";
import { createPair, type Pair, said, sdp } from "./testdata.ts";
import type { IncomingInvite, InviteSession } from "./session-events.ts";

type Random = () => number;

interface Script {
  readonly name: string;
  /** What the callee does with the call, and when. */
  readonly answer: (incoming: IncomingInvite, at: At, random: Random) => void;
  /** What happens besides. */
  readonly act: (pair: Pair, call: ReturnType<Pair["call"]>, at: At, random: Random) => void;
  /** What becomes of the sessions over all seeds: else the script would prove nothing. */
  readonly outcomes: readonly ("all live" | "some live, some end" | "all end")[];
}

/** Does something some milliseconds from now, 0 to `most`. */
type At = (most: number, act: () => void) => void;

const sessionOf = (call: ReturnType<Pair["call"]>): InviteSession | undefined => call.invite.sessions[0];

const SCRIPTS: readonly Script[] = [
  {
    name: "a plain call",
    answer: (incoming, at) => {
      incoming.ring();
      at(2000, () => incoming.accept());
    },
    act: () => undefined,
    outcomes: ["all live", "some live, some end"],
  },
  {
    name: "reliable provisional responses with descriptions",
    answer: (incoming, at) => {
      incoming.ring({ status: 183, reliable: true, body: sdp("b", 3) });
      incoming.ring({ reliable: true });
      at(2000, () => incoming.accept());
    },
    act: (_, call, at) => at(3000, () => sessionOf(call)?.update({ body: sdp("a", 4) })),
    outcomes: ["all live", "some live, some end"],
  },
  {
    name: "CANCEL against 200",
    answer: (incoming, at) => {
      incoming.ring();
      at(1000, () => incoming.accept());
    },
    act: (_, call, at) => at(2000, () => call.invite.cancel()),
    outcomes: ["some live, some end"],
  },
  {
    name: "CANCEL against a refusal",
    answer: (incoming, at) => at(1000, () => incoming.reject(486)),
    act: (_, call, at) => at(1500, () => call.invite.cancel()),
    outcomes: ["all end"],
  },
  {
    name: "glare of re-INVITE and UPDATE from both ends",
    answer: (incoming) => incoming.accept(),
    act: (pair, call, at, random) => {
      for (let version = 2; version < 6; version += 1) {
        at(9000, () => change(sessionOf(call), "a", version, random));
        at(9000, () => change(pair.b.incoming[0], "b", version + 10, random));
      }
    },
    outcomes: ["all live", "some live, some end"],
  },
  {
    name: "BYE against re-INVITE",
    answer: (incoming) => incoming.accept(),
    act: (pair, call, at, random) => {
      at(5000, () => change(sessionOf(call), "a", 2, random));
      at(5000, () => change(pair.b.incoming[0], "b", 2, random));
      at(5000, () => (random() < 0.5 ? sessionOf(call) : pair.b.incoming[0])?.bye());
    },
    outcomes: ["some live, some end"],
  },
  {
    name: "BYE against BYE",
    answer: (incoming) => incoming.accept(),
    act: (pair, call, at) => {
      at(1500, () => sessionOf(call)?.bye());
      at(1500, () => pair.b.incoming[0]?.bye());
    },
    outcomes: ["some live, some end"],
  },
  {
    name: "session timers",
    answer: (incoming) => incoming.accept(),
    act: (pair, call, at, random) => {
      at(60_000, () => change(sessionOf(call), "a", 2, random));
      at(60_000, () => change(pair.b.incoming[0], "b", 2, random));
    },
    outcomes: ["all live", "some live, some end"],
  },
];

function change(session: InviteSession | undefined, who: string, version: number, random: Random): void {
  if (session?.phase !== "confirmed") return;
  if (random() < 0.5) session.reinvite({ body: sdp(who, version) });
  else session.update({ body: sdp(who, version) });
}

/** Both ends of what is left. */
interface Ends {
  readonly a: InviteSession | undefined;
  readonly b: InviteSession | undefined;
}

async function play(script: Script, seed: number, loss: number): Promise<Ends & { mistakes: unknown[] }> {
  const random = createRandom(seed * 7919);
  const at: At = (most, act) => void pair.clock.callAt(pair.clock.now() + Math.floor(random() * most), act);
  const pair = await createPair({
    net: { seed, loss, delay: [1, 400], reorder: 0.3 },
    a: { sessionTimer: { interval: 200 } },
    answer: (incoming) => script.answer(incoming, at, random),
  });
  const call = pair.call();
  script.act(pair, call, at, random);
  // Long enough for each transaction to end, and for two refreshes.
  await pair.pass(290_000);
  const alive = (sessions: readonly InviteSession[]): InviteSession | undefined =>
    sessions.find(({ phase }) => phase !== "ended");
  return { a: alive(call.invite.sessions), b: alive(pair.b.incoming), mistakes: pair.mistakes };
}

const SEEDS = 20;

describe.each([0, 0.1, 0.25])("loss of %d", (loss) => {
  it.each(SCRIPTS.map((script) => [script.name, script] as const))("%s", async (_, script) => {
    let survivors = 0;
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const { a, b, mistakes } = await play(script, seed, loss);
      expect(mistakes).toEqual([]);
      const seen = { seed, a: a?.phase, b: b?.phase, local: said(a?.local), remote: said(a?.remote) };
      expect(seen).toEqual({ ...seen, a: b?.phase, local: said(b?.remote), remote: said(b?.local) });
      if (a !== undefined) survivors += 1;
    }
    const outcome = survivors === 0 ? "all end" : survivors < SEEDS ? "some live, some end" : "all live";
    expect(script.outcomes).toContain(outcome);
  });
});
