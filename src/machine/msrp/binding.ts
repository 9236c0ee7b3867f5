/**
 * A session and its connection (RFC 4975 5.4, 7.3; RFC 6135 4.2, 4.5): who connects, which connection a session belongs to, and what a
 * request gets that comes on another.
 */
import { activeEnd } from "../../wire/sdp/message-media.ts";
import type { MsrpSetup } from "../../wire/sdp/message-media.ts";

export type SessionState =
  /** Its URI is given out; no connection yet. */
  | "new"
  /** The active end has asked for a connection, or uses one that it shares. */
  | "connecting"
  | "bound"
  | "closed";

export interface SessionBinding<Connection> {
  readonly state: SessionState;
  readonly connection: Connection | undefined;
  /** This end connects: `connection` is new, or one to the same host and port that is shared. */
  connecting(connection: Connection): void;
  /** The connection is open; this end sends the first SEND. */
  connected(): void;
  /**
   * A request for the session came on a connection. Undefined: it is the session's, from now on at the latest. 506: the session is in use
   * on another connection. 481: the session has ended.
   */
  request(connection: Connection): 481 | 506 | undefined;
  close(): void;
}

export function createSessionBinding<Connection>(): SessionBinding<Connection> {
  let state: SessionState = "new";
  let bound: Connection | undefined;
  return {
    get state() {
      return state;
    },
    get connection() {
      return bound;
    },
    connecting: (connection) => {
      if (state !== "new") return;
      state = "connecting";
      bound = connection;
    },
    connected: () => {
      if (state === "connecting") state = "bound";
    },
    request: (connection) => {
      if (state === "closed") return 481;
      if (bound !== undefined && bound !== connection) return 506;
      bound = connection;
      state = "bound";
      return undefined;
    },
    close: () => {
      state = "closed";
      bound = undefined;
    },
  };
}

/** Which end of a session connects, as seen from this one. */
export type ConnectionRole = "active" | "passive";

export interface SetupNegotiated {
  /** This end made the offer. */
  readonly offerer: boolean;
  readonly local?: MsrpSetup | undefined;
  readonly remote?: MsrpSetup | undefined;
}

/**
 * RFC 4975 5.4: the offerer is active, unless both ends negotiated otherwise with a=setup (RFC 6135 4.2.2). `holdconn` counts as nothing said
 * (RFC 6135 4.2.1).
 */
export function connectionRole({ offerer, local, remote }: SetupNegotiated): ConnectionRole {
  const [offer, answer] = offerer ? [local, remote] : [remote, local];
  return (activeEnd(offer, answer) === "offerer") === offerer ? "active" : "passive";
}
