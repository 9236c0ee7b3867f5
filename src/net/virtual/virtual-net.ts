/**
 * A network in memory with a clock of its own. It loses, delays and reorders datagrams by the numbers that its seed gives, so that two runs
 * with the same seed are the same to the byte, and 32 seconds of SIP timers take milliseconds.
 */
import type { Clock } from "../clock.ts";
import type { Ids } from "../ids.ts";
import { DEFAULT_TOKEN_LENGTH, TOKEN_ALPHABET } from "../ids-alphabet.ts";
import type { Network } from "../network.ts";
import { createEventQueue } from "./event-queue.ts";
import { createRandom, type Random } from "./random.ts";
import { createVirtualTcp } from "./virtual-tcp.ts";
import { createVirtualUdp } from "./virtual-udp.ts";

export interface VirtualNetOptions {
  readonly seed: number;
  /** Probability that a datagram is lost, 0 to 1. Default 0. */
  readonly loss?: number;
  /** Milliseconds on the way, or the least and the most of them. Default 1. */
  readonly delay?: number | readonly [least: number, most: number];
  /** Probability that a datagram may be overtaken by later ones, 0 to 1. Default 0. */
  readonly reorder?: number;
  /** The longest piece in which bytes of a connection arrive; default: as they were sent. */
  readonly segmentBytes?: number;
  /** Where the clock starts, in milliseconds since the epoch. Default 2007-08-16, the date of the TS. */
  readonly startAt?: number;
}

export interface VirtualNet {
  readonly network: Network;
  readonly clock: Clock;
  readonly ids: Ids;
  /**
   * Lets events happen, one after the other, with all promises settled between them, until `until` holds (true), or nothing is left to happen
   * up to `deadline` (absolute, milliseconds since the epoch), where the clock then stands (false, if `until` was given and does not hold).
   */
  run(until?: () => boolean, deadline?: number): Promise<boolean>;
}

/** What the links of a virtual network have in common. */
export interface LinkConditions {
  readonly random: Random;
  readonly loss: number;
  readonly reorder: number;
  readonly segmentBytes: number;
  /** Draws how long the next packet is on its way, in milliseconds. */
  delay(): number;
}

const START = Date.UTC(2007, 7, 16);

export function createVirtualNet(options: VirtualNetOptions): VirtualNet {
  const queue = createEventQueue(options.startAt ?? START);
  // Identifiers have a source of their own: they stay the same when the conditions of the network change.
  const conditions = linkConditions(options, createRandom(options.seed));
  const udp = createVirtualUdp(queue, conditions);
  const tcp = createVirtualTcp(queue, conditions);
  return {
    clock: queue.clock,
    ids: seededIds(createRandom(~options.seed)),
    network: { bindUdp: udp.bindUdp, listen: tcp.listen, connect: tcp.connect },
    run: (until, deadline) => queue.run(until, deadline),
  };
}

function linkConditions(options: VirtualNetOptions, random: Random): LinkConditions {
  const delay = options.delay ?? 1;
  const [least, most] = typeof delay === "number" ? [delay, delay] : delay;
  return {
    random,
    loss: options.loss ?? 0,
    reorder: options.reorder ?? 0,
    segmentBytes: options.segmentBytes ?? Infinity,
    // Whole milliseconds: times of a trace stay readable.
    delay: () => (least === most ? least : Math.round(least + random() * (most - least))),
  };
}

function seededIds(random: Random): Ids {
  return {
    token: (length = DEFAULT_TOKEN_LENGTH) =>
      Array.from({ length }, () => TOKEN_ALPHABET.charAt(Math.floor(random() * TOKEN_ALPHABET.length))).join(
        "",
      ),
  };
}
