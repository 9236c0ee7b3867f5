/** What an MSRP endpoint is made with. */
import type { Clock } from "../../net/clock.ts";
import type { Ids } from "../../net/ids.ts";
import type { Address, Hop, Network } from "../../net/network.ts";
import type { MsrpLimits } from "../../wire/msrp/limits.ts";
import type { MsrpUri } from "../../wire/msrp/uri.ts";
import type { MsrpEdge, MsrpTap } from "./crossing.ts";

export interface MsrpEndpointOptions {
  /** Name of the node in crossings. */
  readonly name: string;
  readonly network: Network;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Where it listens, TCP and TLS; port 0 for a free one. None: its sessions can only be active. */
  readonly listen: readonly Hop[];
  /** Stands in the URIs of its sessions in place of the host that it listens on. */
  readonly advertisedHost?: string;
  readonly tap?: MsrpTap;
  readonly edge?: MsrpEdge;
  /** Where the host of a URI is (RFC 4975 6.2). Default: the host and port that stand in it, with 2855 when there is none. */
  readonly resolve?: (uri: MsrpUri) => Address;
  readonly limits?: MsrpEndpointLimits;
  /** Told what handlers, taps and edges throw. Default: a warning of the process. */
  readonly onHandlerError?: (error: unknown) => void;
}

export interface MsrpEndpointLimits {
  /** Heads and lines of what is received. */
  readonly wire?: Partial<MsrpLimits>;
  /** Octets of a message that is put together for `onMessage`; a larger one is refused with 413. Default 10 MiB. */
  readonly wholeMessageOctets?: number;
  /** Octets of a chunk after which another message on the connection gets its turn. Default 16,384. */
  readonly turnOctets?: number;
  /** How long a request waits for its response. Default 30,000 ms (RFC 4975 7.1.1). */
  readonly transactionTimeoutMs?: number;
  /** How long a connection may be open before its first request. Default 30,000 ms. */
  readonly firstRequestMs?: number;
  /** Connections that may come in; more are closed at once. Default 4096. */
  readonly connections?: number;
  /** Responses and reports that may wait on a connection whose peer does not read; with one more it is destroyed. Default 16,384. */
  readonly waitingFrames?: number;
}

/** The options as its connections use them. */
export interface LinkSettings {
  readonly name: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly tap: MsrpTap | undefined;
  readonly edge: MsrpEdge | undefined;
  readonly wireLimits: Partial<MsrpLimits> | undefined;
  readonly turnOctets: number | undefined;
  readonly transactionTimeoutMs: number | undefined;
  readonly waitingFrames: number | undefined;
  /** Calls what may throw. */
  readonly guard: (call: () => void) => void;
}

export const DEFAULT_WHOLE_MESSAGE_OCTETS = 10 * 1024 * 1024;
/** RFC 4975 15.4 */
export const MSRP_PORT = 2855;
