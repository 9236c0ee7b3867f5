/** What of MSRP the focus takes and says (clauses 7.2.1.2-7, 7.2.1.3-7, 7.2.1.4-7, 7.2.1.5-7, 7.2.1.6, 7.2.2.2-4). */
import type { SdpDescription } from "../../../../wire/sdp/description.ts";
import { linesOf } from "../../../../wire/sdp/lines.ts";
import type { MessageMedia } from "../../../../wire/sdp/message-media.ts";
import { entriesMeet } from "../../../../wire/sdp/message-media.ts";
import type { ImServerPolicy } from "../../config.ts";
import type { MediaTerms, Participant } from "../conference.ts";

/** Those of the offer that the server takes; never one that was not offered. */
function taken(offered: readonly string[], { refusedSessionTypes }: ImServerPolicy): readonly string[] {
  return offered.filter((type) => !refusedSessionTypes.includes(type.toLowerCase()));
}

/** Those that every end says of itself. */
const OWN_ATTRIBUTES =
  /^(?:path|accept-types|accept-wrapped-types|max-size|setup|connection|sendrecv|sendonly|recvonly|inactive|file-[a-z-]+)(?::|$)/i;

export const sessionMedia = {
  acceptable: (medium: MessageMedia, policy: ImServerPolicy): boolean =>
    medium.port !== 0 && medium.path.length > 0 && taken(medium.acceptTypes, policy).length > 0,
  /** What is kept of an offer or an answer. */
  terms: (medium: MessageMedia, policy: ImServerPolicy): MediaTerms => ({
    acceptTypes: taken(medium.acceptTypes, policy),
    acceptWrappedTypes: taken(medium.acceptWrappedTypes, policy),
    maxSize: medium.maxSize,
    others: linesOf(medium.section, "a").filter(({ value }) => !OWN_ATTRIBUTES.test(value)),
  }),
  /** 7.2.1.2, 200, 2a; 7.2.1.3, 200, 2a: types that the offer and the first answer have in common; those of the offer where they have none. */
  answerTypes: (offered: readonly string[], answered: readonly string[] | undefined): readonly string[] => {
    const common = offered.filter((type) => answered?.some((other) => entriesMeet(type, other)) ?? true);
    return common.length > 0 ? common : offered;
  },
  /** Octets of a message that the focus takes from an end that it answers or invites. */
  maximumSize: (policy: ImServerPolicy): number => policy.sessionMaximumBytes,
  /** Octets in the offer to those who are invited: no more than the originator takes. */
  offeredSize: (terms: MediaTerms, policy: ImServerPolicy): number =>
    Math.min(policy.sessionMaximumBytes, terms.maxSize ?? Infinity),
  /** RFC 6135 4.2: which end connects, in an offer and in the answer to one that leaves the choice. */
  offeredSetup: (): "actpass" | "active" | "none" => "actpass",
  answeredSetup: (): "active" | "passive" | "none" => "passive",
  /** What goes out, as a whole. */
  described: (description: SdpDescription, _as: "offer" | "answer"): SdpDescription => description,
  /** 7.2.1.6-3a: types of the answer to a re-INVITE. */
  modifiedTypes: (offered: readonly string[]): readonly string[] => offered,
  /** 7.2.1.6, note: whether a file that is offered is taken, and offered to the others. */
  takesFile: (_file: MessageMedia): boolean => false,
  /** 7.2.2.6: what was agreed on holds where there is no 200. */
  keepsCurrent: (): boolean => true,
  /** 7.2.2.6, 200, 1. */
  activatesModified: (): boolean => true,
  /** 7.2.2.6-2: what is offered. */
  modified: (terms: MediaTerms, _participant: Participant): MediaTerms => terms,
  /** 7.2.2.6-1. */
  modifiesBy: (): "INVITE" | "UPDATE" => "INVITE",
  /** 7.2.2.6: whom a modification is offered to. */
  modifies: (_participant: Participant): boolean => true,
  /** 7.2.3.4, b: User-Agent or Server named a release of IM (F.1). */
  knowsPrivateMessages: (release: string | undefined): boolean =>
    /^IM-(?:client|serv)\/OMA/i.test(release ?? ""),
  /** 7.2.1.6-2: what holds from then on. */
  modifiedTerms: (terms: MediaTerms, _before: MediaTerms): MediaTerms => terms,
  /** 7.2.2.2-4a: what is offered to those who are invited. */
  offered: (terms: MediaTerms): MediaTerms => terms,
} as const;
