/** Contacts of the B2BUA: towards either end a URI of its own that leads back to the other end (6.1.1.2.2, 200-5; 6.1.2.2.2, 10 and 200-9). */
import { formatNameAddr, nameAddrOf } from "../../../wire/sip/name-addr.ts";
import type { SipMessage } from "../../../wire/sip/message.ts";
import { header, headerValues, tokensOf } from "../../../wire/sip/headers.ts";
import { ownUri } from "./addresses.ts";
import { isFocus } from "./private-messages.ts";
import { other, type Call, type Leg } from "./call.ts";

/** What a message tells of the far end of a leg (6.1.1.2.2, 1b, 200-1, 200-2). */
export function learn(leg: Leg, message: SipMessage): void {
  leg.contact = headerValues(message, "Contact")[0] ?? leg.contact;
  if (header(message, "Allow") !== undefined) leg.allow = tokensOf(message, "Allow");
  leg.release =
    header(message, message.kind === "request" ? "User-Agent" : "Server") ??
    header(message, message.kind === "request" ? "Server" : "User-Agent") ??
    leg.release;
}

/** User part of the Contact that is shown on a leg. */
export function contactUser(leg: Leg): string {
  return `via-${leg.tag}`;
}

/** The value of Contact towards the far end of `leg`. */
export function contactShownOn(call: Call, leg: Leg): string {
  const { decisions, turn, at } = call;
  const usual = ownUri(turn.server.config, at, contactUser(leg));
  const towardsCaller = leg.name === "upstream";
  const heard = other(call, leg).contact;
  const focus = isFocus(heard);
  const uri = towardsCaller ? decisions.okContactUri(turn, usual) : decisions.inviteContactUri(turn, usual);
  const tag = towardsCaller ? decisions.okContactTag(turn) : decisions.inviteContactTag(turn);
  const shownFocus = towardsCaller ? decisions.okIsFocus(turn, focus) : decisions.inviteIsFocus(turn, focus);
  const params = new Map<string, string | undefined>([
    ...(tag === undefined ? [] : [[tag, undefined] as const]),
    ...(shownFocus ? [["isfocus", undefined] as const] : []),
  ]);
  return formatNameAddr({ displayName: nameAddrOf(heard ?? "")?.displayName, uri, params });
}
