/**
 * Original-dialog tokens (3GPP TS 24.229 5.4.3.2, 5.4.3.3): the core puts one into a Route entry of its own below the entry of the
 * application server; when the request comes back with it, the core knows that the criteria were asked already, so nothing loops.
 */
import type { Ids } from "../../net/ids.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import type { ApplicationServer, UserProfile } from "./config.ts";
import type { SessionCase } from "./filter-criteria.ts";

export interface Passage {
  readonly token: string;
  readonly sessionCase: SessionCase;
  readonly server: ApplicationServer;
  /** The user whose criteria sent the request to the server. */
  readonly servedUser: UserProfile;
  /** The request as it was sent to the server. */
  readonly request: SipRequest;
  readonly startedAt: number;
  /** Call-ID and CSeq of the request that continued it, where the server does not keep the token. */
  continuedBy?: string;
}

export interface Passages {
  open(passage: Omit<Passage, "token" | "continuedBy">): Passage;
  byToken(token: string): Passage | undefined;
  /** The passages through a server that began last, latest first. */
  through(server: ApplicationServer): readonly Passage[];
}

/** A deferred message may leave its server long after it came in. Milliseconds. */
const KEPT_MS = 3_600_000;
const TOKEN_PREFIX = "odi-";

/** The user part of the Route entry that carries a token. */
export function tokenUser(token: string): string {
  return `${TOKEN_PREFIX}${token}`;
}

/** The token in a user part of a Route entry. */
export function tokenIn(user: string | undefined): string | undefined {
  return user?.startsWith(TOKEN_PREFIX) ? user.slice(TOKEN_PREFIX.length) : undefined;
}

export function createPassages(ids: Ids): Passages {
  // In the order in which they began, so that what is too old stands first.
  const passages = new Map<string, Passage>();

  function forgetBefore(time: number): void {
    for (const [token, passage] of passages) {
      if (passage.startedAt >= time) return;
      passages.delete(token);
    }
  }

  return {
    open(details) {
      forgetBefore(details.startedAt - KEPT_MS);
      const passage = { ...details, token: ids.token(16) };
      passages.set(passage.token, passage);
      return passage;
    },
    byToken: (token) => passages.get(token),
    through: (server) =>
      [...passages.values()].filter((passage) => passage.server.name === server.name).reverse(),
  };
}
