/** How the focus takes REFER (clauses 7.2.1.7, 7.2.1.8). */
import type { ReceivedRefer } from "../../../../endpoint/events/refer-receiver.ts";
import type { ListEntry } from "../../../../wire/xml/resource-lists.ts";
import type { Conference } from "../conference.ts";
import { claimsDialog } from "../../../../machine/dialog/in-dialog.ts";
import { referSubOf, NOREFERSUB } from "../../../../wire/sip/refer-fields.ts";
import { statusFrag } from "../../../../wire/sip/sipfrag.ts";

export const referral = {
  /** 7.2.1.7-3, 9: whom a REFER asks to be invited. */
  invited: (entries: readonly ListEntry[], _refer: ReceivedRefer): readonly ListEntry[] => entries,
  /** 7.2.1.8-2, 2a-v: who is removed, by address. */
  removed: (uri: string, _conference: Conference): string => uri,
  /** 7.2.1.7-5, 7.2.1.8-2a-i. */
  status: ({ entries }: ReceivedRefer): 200 | 202 => (entries === undefined ? 202 : 200),
  /** 7.2.1.7-6, 7.2.1.8-2a-ii. */
  supported: ({ request }: ReceivedRefer): string | undefined =>
    claimsDialog(request) ? undefined : NOREFERSUB,
  /** 7.2.1.7-7 and 10, 7.2.1.8-2a-iii and 3. */
  subscribes: ({ request }: ReceivedRefer): boolean => referSubOf(request) !== false,
  /** 7.2.1.7-10, 7.2.1.8-3: what a NOTIFY says of a response; undefined: nothing is sent. */
  fragment: (status: number): Uint8Array | undefined => statusFrag(status),
  /** What the sender is told of a user who may not take part (7.2.2.7). */
  notAllowedStatus: (): number => 403,
} as const;
