/** Whom the switch knows: its mapping of participants to sessions, identities and attributes (clause 7.2.3.1). */
import type { MsrpSession, SessionEnd } from "../../../endpoint/msrp/msrp-session.ts";
import type { Identity } from "./aliases.ts";

export interface SwitchParticipant {
  /** Chosen by whoever lets it join. */
  readonly id: string;
  /** Its authenticated IM address. */
  readonly address: string;
  readonly displayName?: string;
  /** What the others know it by, when it is anonymous (7.2.3.2): an identity of the conference's alias table. */
  readonly alias?: Identity;
  /** Made with `SWITCH_SESSION` among its options, and told the participant's path. */
  readonly session: MsrpSession;
  /** Octets, from a=max-size of its SDP. */
  readonly maxSize?: number;
  /** From a=accept-types of its SDP. */
  readonly acceptTypes?: readonly string[];
  /** Its User-Agent or Server named a release of IM (7.2.3.4 b, Appendix F.1): `namesRelease` reads them. */
  readonly knowsPrivateMessages: boolean;
  /** <allow-private-message> of the group's rules for it, or the operator's policy for an ad-hoc group (7.2.3.4 a). */
  readonly mayWritePrivately: boolean;
  /** Default true. */
  readonly maySend?: boolean;
}

/** What may change while it takes part. */
export type ParticipantChange = Partial<Omit<SwitchParticipant, "id" | "session">>;

export interface SwitchConference {
  readonly sessionIdentity: string;
  /** Of a pre-defined group. */
  readonly groupIdentity?: string;
  /** Whether an address stands for the session: a B2BUA shows its client one of its own (6.1.1.2.2, 200-5). */
  readonly standsFor?: (uri: string) => boolean;
  /** The server's policy: whether private messages are supported at all. Default true. */
  readonly privateMessages?: boolean;
}

/** Why somebody takes part no longer without having been told to leave. */
export type Loss =
  /** Its session ended, or its connection. */
  | { readonly kind: "session"; readonly end: SessionEnd }
  /** Something waited for it, and it read nothing for so long that the switch gave it up. */
  | { readonly kind: "unread" };

/** By what the others know a participant, and what CPIM From and To have: the alias of who is anonymous, else the address. */
export function identityOf({ alias, address, displayName }: SwitchParticipant): Identity {
  if (alias !== undefined) return alias;
  return displayName === undefined ? { uri: address } : { uri: address, displayName };
}
