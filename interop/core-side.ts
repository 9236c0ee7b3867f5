/** Scrim's core on loopback, for clients that others wrote. */
import { onTestFinished } from "vitest";
import type { DigestAlgorithm, UserProfile } from "../src/peer/core/config.ts";
import { type Core, createCore } from "../src/peer/core/core.ts";
import type { Transport } from "../src/net/network.ts";
import {
  type Crossings,
  everyTransport,
  hopOf,
  networkWithTls,
  recordCrossings,
  surroundings,
} from "./scrim-side.ts";

export interface CoreOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  readonly domain: string;
  /** Names of users: `alice` is `sip:alice@domain`, private identity `alice@domain`, password `secret-alice`. */
  readonly users: readonly string[];
  readonly algorithms: readonly DigestAlgorithm[];
}

export interface CoreSide {
  readonly core: Core;
  readonly crossings: Crossings;
  readonly portOf: (transport: Transport) => number;
  /** Settles when the user has a binding. */
  readonly registered: (name: string) => Promise<void>;
}

/** A core on every transport, closed when the test is finished. */
export async function openCore({
  host = "127.0.0.1",
  domain,
  users,
  algorithms,
}: CoreOptions): Promise<CoreSide> {
  const crossings = recordCrossings();
  const core = await createCore({
    ...surroundings,
    network: await networkWithTls(),
    listen: everyTransport(host),
    config: {
      domains: [{ domain, registrationExpiresS: 600, digest: { algorithms } }],
      servers: [],
      users: users.map((name) => userNamed(name, domain)),
    },
    // Peers that take messages in the order of a scenario only are to answer before a request is repeated, on a busy machine too.
    timers: { t1: 2000 },
    tap: crossings.tap,
  });
  onTestFinished(() => core.close());
  const addressOf = (name: string): string => `sip:${name}@${domain}`;
  return {
    core,
    crossings,
    portOf: (transport) => hopOf(core.hops, transport).port,
    registered: (name) =>
      new Promise((resolve) => {
        if (core.isRegistered(addressOf(name))) return resolve();
        const end = core.onRegistered(() => {
          if (!core.isRegistered(addressOf(name))) return;
          end();
          resolve();
        });
      }),
  };
}

function userNamed(name: string, domain: string): UserProfile {
  const impi = `${name}@${domain}`;
  return { impi, password: `secret-${name}`, identities: [`sip:${impi}`] };
}
