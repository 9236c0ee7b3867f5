/** What is let through, and to whom (clauses 7.2.3.1, 7.2.3.3). */
import { sameAddress } from "../../../im/address.ts";
import { mediaTypes } from "../../../im/identifiers.ts";
import { acceptsType } from "../../../../wire/sdp/message-media.ts";
import type { IncomingStream } from "../../../../endpoint/msrp/incoming.ts";
import { identityOf } from "../participant.ts";
import type { SwitchConference, SwitchParticipant } from "../participant.ts";
import type { MessageTurn } from "../turn.ts";

export const relay = {
  /** 7.2.3.1, item 1: Message/CPIM, and nothing that has no From. */
  typeSupported: ({ contentType }: Pick<IncomingStream, "contentType">): boolean =>
    acceptsType([mediaTypes.cpim], contentType),
  unsupportedTypeStatus: (): number => 415,
  maySend: ({ maySend = true }: SwitchParticipant): boolean => maySend,
  /** 7.2.3.3, step 1: CPIM From has to be by what the sender is known (7.1.3.2.1, step 4). */
  fromIsSender: ({ wrapper, sender }: MessageTurn): boolean =>
    wrapper.from !== undefined && sameAddress(wrapper.from.uri, identityOf(sender).uri),
  refusalStatus: (): number => 403,
  /** 7.2.3.3, step 2: CPIM To with the session or the group. */
  isForAll: ({ wrapper, conference }: MessageTurn): boolean =>
    wrapper.to.some(
      ({ uri }) =>
        conferenceAddresses(conference).some((address) => sameAddress(address, uri)) ||
        conference.standsFor?.(uri) === true,
    ),
  /** 7.2.3.3, step 2b. */
  recipients: ({ participants, sender }: MessageTurn): readonly SwitchParticipant[] =>
    participants.filter(({ id }) => id !== sender.id),
  /** 7.2.3.3, step 2a: max-size against the size of the whole message, as Byte-Range has it. */
  isTooLarge: (recipient: SwitchParticipant, total: number): boolean =>
    total > (recipient.maxSize ?? Infinity),
  /** 7.2.3.3, step 2a-i: the sender is told. */
  reportsTooLarge: (_turn: MessageTurn): boolean => true,
  tooLargeStatus: (): number => 413,
  /** 7.2.3.1, item 7; 7.2.3.3, step 2b: as soon as the headers are there, not when the message is. */
  startsEarly: (_turn: MessageTurn): boolean => true,
} as const;

function conferenceAddresses({ sessionIdentity, groupIdentity }: SwitchConference): readonly string[] {
  return groupIdentity === undefined ? [sessionIdentity] : [sessionIdentity, groupIdentity];
}
