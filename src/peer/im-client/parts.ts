/** The client as its procedures and decisions see it. */
import type { SipEndpoint } from "../../endpoint/sip-endpoint.ts";
import type { Clock } from "../../net/clock.ts";
import type { Ids } from "../../net/ids.ts";
import type { SqnMemory } from "../../wire/aka/sequence-number.ts";
import type { ImClientConfig } from "./config.ts";
import type { ClientDecisions } from "./decisions.ts";
import type { Sessions } from "./session/session.ts";

export interface RegistrationState {
  readonly callId: string;
  /** From tag, the same for all registrations. */
  readonly fromTag: string;
  cseq: number;
  state: "none" | "im" | "core-only";
  /** Seconds that the core granted last. */
  grantedS: number;
  /** Service-Route of the core, to be put into requests (RFC 3608). */
  serviceRoutes: readonly string[];
  /** How often the nonce was used, for nc of digest. */
  disarm: () => void;
  /** What the USIM has accepted; it lives as long as the client. */
  usim: SqnMemory;
}

export interface PublicationState {
  entityTag: string | undefined;
  disarm: () => void;
}

export interface ClientParts {
  readonly config: ImClientConfig;
  readonly endpoint: SipEndpoint;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly decisions: ClientDecisions;
  readonly skipped: ReadonlySet<string>;
  readonly registration: RegistrationState;
  readonly publication: PublicationState;
  readonly sessions: Sessions;
  /** Id of the settings entity, the same in each publication of this client (RFC 4354 5.1). */
  readonly entityId: string;
  /** Where the client is reached. */
  contactUri(): string;
}
