/** One request at the server: what behaviours look at and decisions are asked about. */
import type { IncomingRequest } from "../../endpoint/incoming.ts";
import type { SipEndpoint } from "../../endpoint/sip-endpoint.ts";
import type { Clock } from "../../net/clock.ts";
import type { Ids } from "../../net/ids.ts";
import type { ServerFunction } from "../../spec/types.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import type { Group } from "../../wire/xml/group.ts";
import type { DeliveryRequest } from "../im/delivery.ts";
import type { Aggregations } from "./aggregation.ts";
import type { ImServerConfig, ImServerPolicy } from "./config.ts";
import type { ServerDecisions } from "./decisions.ts";
import type { Publications } from "./publications.ts";
import type { DeferredMessages, PendingAnswers, Registrations } from "./state.ts";
import type { XdmAccess } from "./xdm-access.ts";

/** The server as its behaviours see it. */
export interface ServerParts {
  readonly config: ImServerConfig;
  /** The policy in force. */
  readonly policy: () => ImServerPolicy;
  readonly endpoint: SipEndpoint;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly decisions: ServerDecisions;
  readonly registrations: Registrations;
  readonly pendingAnswers: PendingAnswers;
  readonly deferred: DeferredMessages;
  readonly publications: Publications;
  readonly aggregations: Aggregations;
  readonly xdm: XdmAccess;
}

export interface Turn {
  readonly server: ServerParts;
  readonly function: ServerFunction;
  readonly incoming: IncomingRequest;
  /** What came, without the Route that named this server. */
  readonly request: SipRequest;
  /** Authenticated Originator's IM Address (clause 5.1); empty when none could be obtained. */
  readonly originator: string;
}

/** Whom a request to the controlling function is for (clause 8.3.1.1). */
export type Destination =
  | { readonly kind: "ad-hoc"; readonly uri: string }
  | { readonly kind: "group"; readonly uri: string; readonly document: Group }
  | {
      readonly kind: "session";
      readonly uri: string;
      readonly participants: readonly string[];
      readonly ongoing: boolean;
    }
  | { readonly kind: "unknown"; readonly uri: string };

/** A request to the controlling function, with what has been found out about it so far. */
export interface GroupTurn extends Turn {
  destination: Destination;
  recipients: readonly string[];
  delivery: DeliveryRequest | undefined;
}
