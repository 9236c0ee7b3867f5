/**
 * The SIP/IP Core of a rig: P-CSCF, S-CSCF, I-CSCF and HSS of an IMS in one process, for one or more domains, and as usable for any core
 * that does what TS Appendix C asks of it. One serves all scenarios and both kinds of SUT.
 */
import type { Edge, Tap } from "../../endpoint/crossing.ts";
import type { SipEndpointOptions } from "../../endpoint/sip-endpoint.ts";
import type { Clock } from "../../net/clock.ts";
import type { Ids } from "../../net/ids.ts";
import type { Hop, Network } from "../../net/network.ts";
import type { RegistrationChanged } from "./announcements.ts";
import type { CoreConfig, PsiRoute, UserProfile } from "./config.ts";
import { commonControls, createCoreParts, needUser } from "./core-parts.ts";
import type { Deviation } from "./deviations.ts";
import type { Binding } from "./registrar.ts";
import { createRequestHandling } from "./request-handling.ts";
import type { ThirdPartyRegisterResult } from "./third-party-register.ts";

export interface CoreOptions {
  readonly config: CoreConfig;
  /** Name of the node in crossings; default `core`. */
  readonly name?: string;
  readonly network: Network;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly listen: readonly Hop[];
  /** Host to write into headers in place of the one listened on. */
  readonly advertisedHost?: string;
  readonly timers?: NonNullable<SipEndpointOptions["timers"]>;
  readonly udpLimitBytes?: number;
  /** Asks on silent connections whether they stand; finds hosts that are names. */
  readonly keepAlive?: NonNullable<SipEndpointOptions["keepAlive"]>;
  readonly locate?: NonNullable<SipEndpointOptions["locate"]>;
  /** Of what it receives (docs/limits.md). */
  readonly limits?: NonNullable<SipEndpointOptions["limits"]>;
  readonly tap?: Tap;
  readonly edge?: Edge;
  readonly onHandlerError?: (error: unknown) => void;
}

/** A registration that scenarios find in place, as if a REGISTER had been. */
export interface StandingRegistration {
  /** A Contact value, with feature parameters: `<sip:bob@192.0.2.7:5062>;+g.oma.sip-im`. */
  readonly contact: string;
  /** Where the client is, when its Contact does not say. */
  readonly source?: Hop;
  /** Seconds; default: what the domain grants. */
  readonly expiresS?: number;
  /** Whether the application server is told by a third-party REGISTER; default no. */
  readonly tellServer?: boolean;
}

export interface Core {
  /** What it listens on, ports resolved. */
  readonly hops: readonly Hop[];
  /** The URI of the core with `lr`, for the Route of clients and servers that are to send here. */
  readonly route: string;
  provision(user: UserProfile): void;
  /** Forgets a user by private or public identity, its bindings and deviations too; nobody is told. */
  forget(identity: string): void;
  /** The user that has this public identity. */
  userOf(identity: string): UserProfile | undefined;
  addService(route: PsiRoute): void;
  removeService(uri: string): void;
  /** Sets a registration without a REGISTER. */
  setRegistered(identity: string, registration: StandingRegistration): void;
  /** Ends all bindings of a user without a REGISTER. */
  setUnregistered(identity: string, options?: { readonly tellServer?: boolean }): void;
  bindingsOf(identity: string): readonly Binding[];
  isRegistered(identity: string): boolean;
  /** Departs from the rules for the requests of one user, until the returned function is called. */
  deviate(deviation: Deviation): () => void;
  /** Calls back at each change of bindings; the returned function ends it. */
  onRegistered(listener: (change: RegistrationChanged) => void): () => void;
  /** Calls back with what a server answered to a third-party REGISTER, or that it did not. */
  onThirdPartyRegister(listener: (result: ThirdPartyRegisterResult) => void): () => void;
  /** Whether a node answers OPTIONS within so many milliseconds, with whatever response. */
  probe(uri: string, to: Hop, withinMs: number): Promise<boolean>;
  /** Gives up the connection to a node, which may hang in the middle of a message. */
  hangUp(to: Hop): void;
  close(): Promise<void>;
}

/** Fails with `PortInUseError`. */
export async function createCore(options: CoreOptions): Promise<Core> {
  const parts = await createCoreParts(
    options,
    options.config.domains.map(({ domain }) => domain),
  );
  const { subscribers, registration, deviations } = parts;
  parts.serve(createRequestHandling({ ...options, ...parts }));
  return {
    ...commonControls(options, parts),
    forget(identity) {
      const user = subscribers.forget(identity);
      if (user === undefined) return;
      registration.forget(user);
      deviations.forget(user);
    },
    setUnregistered: (identity, { tellServer = false } = {}) =>
      registration.unbind(needUser(subscribers, identity), tellServer),
    bindingsOf: (identity) => registration.bindingsOf(needUser(subscribers, identity).impi),
    isRegistered: (identity) =>
      registration.bindingsOf(subscribers.byIdentity(identity)?.impi ?? "").length > 0,
  };
}
