/** What all sessions of one user agent share. */
import { DEFAULT_TIMERS, type TimerValues } from "../../machine/timers.ts";
import { type Agenda, createAgenda } from "../../net/agenda.ts";
import type { Hop } from "../../net/network.ts";
import { warnOfHandler } from "../users.ts";
import { createDialogs, type Dialogs } from "./dialogs.ts";
import type { Automatism, UserAgentOptions } from "./options.ts";
import type { SessionState } from "./session-state.ts";

/** Something that is to happen at a time. */
export interface Alarm {
  ring(now: number): void;
}

export interface Agent {
  readonly options: UserAgentOptions;
  readonly timers: TimerValues;
  readonly supported: readonly string[];
  readonly allow: readonly string[];
  readonly dialogs: Dialogs;
  /** By key of dialog; also those that ended a short while ago. */
  readonly sessions: Map<string, SessionState>;
  readonly alarms: Agenda<Alarm>;
  readonly now: () => number;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly does: (automatism: Automatism) => boolean;
  readonly contactFor: (peer: Hop) => string;
  /** Calls a handler of the user. */
  readonly guard: (call: () => void) => void;
}

const SUPPORTED = ["100rel", "replaces", "timer"];
const ALLOW = ["INVITE", "ACK", "CANCEL", "BYE", "PRACK", "UPDATE"];

export function createAgent(options: UserAgentOptions): Agent {
  const { clock, ids, endpoint, contact, onHandlerError = warnOfHandler } = options;
  const without = new Set(options.without);
  const guard = (call: () => void): void => {
    try {
      call();
    } catch (error) {
      onHandlerError(error);
    }
  };
  const keepOrder = !without.has("order");
  return {
    options,
    timers: { ...DEFAULT_TIMERS, ...options.timers },
    supported: options.supported ?? SUPPORTED,
    allow: options.allow ?? ALLOW,
    dialogs: createDialogs({ endpoint, nextHop: options.nextHop, keepOrder }),
    sessions: new Map(),
    alarms: createAgenda<Alarm>(clock, (alarm, now) => guard(() => alarm.ring(now))),
    now: () => clock.now(),
    // Five characters of 36 make 25 bits: enough for delays and first numbers.
    random: () => Number.parseInt(ids.token(5), 36) / 36 ** 5,
    does: (automatism) => !without.has(automatism),
    contactFor: (peer) => (typeof contact === "string" ? contact : contact(peer)),
    guard,
  };
}
