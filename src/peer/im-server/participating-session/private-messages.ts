/** Private messages on their way through (clause 6.1.4.1): they go on only to a node that is known to be one of the enabler. */
import type { IncomingStream } from "../../../endpoint/msrp/incoming.ts";
import { CpimError } from "../../../wire/cpim/cpim-error.ts";
import { parseCpimAddress } from "../../../wire/cpim/address.ts";
import { cpimHeaders } from "../../../wire/cpim/cpim.ts";
import { parseCpimHead } from "../../../wire/cpim/parse.ts";
import { assertedIdentities, toOf } from "../../../wire/sip/headers.ts";
import { nameAddrOf } from "../../../wire/sip/name-addr.ts";
import { mediaTypes } from "../../im/identifiers.ts";
import { sameAddress, uriOf } from "../../im/address.ts";
import { other, type Call, type LegName } from "./call.ts";
import type { Inspection } from "./relay.ts";

/** Undefined: nothing has to be looked at. */
export function privateMessageCheck(
  call: Call,
  from: LegName,
): (incoming: IncomingStream) => Inspection | undefined {
  return ({ contentType }) => {
    const { release } = other(call, call.legs[from]);
    const known = call.decisions.knowsPrivateMessages(call.turn, release);
    const wrapped = contentType.split(";", 1)[0]?.trim().toLowerCase() === mediaTypes.cpim;
    if (known || !wrapped || !isConference(call)) return undefined;
    return (octets, complete) => {
      const recipients = recipientsIn(octets);
      if (recipients === undefined) return complete ? "pass" : "wait";
      const conference = conferenceAddresses(call);
      const isPrivate = recipients.some((uri) => !conference.some((address) => sameAddress(address, uri)));
      return isPrivate ? { refuse: call.decisions.privateMessageStatus(call.turn) } : "pass";
    };
  };
}

/** One of the far ends is a focus (RFC 4579 5.1). */
function isConference({ legs }: Call): boolean {
  return Object.values(legs).some(({ contact }) => isFocus(contact));
}

export function isFocus(contact: string | undefined): boolean {
  const params = nameAddrOf(contact ?? "")?.params ?? new Map<string, unknown>();
  return [...params.keys()].some((name) => name.toLowerCase() === "isfocus");
}

/** By what the whole conference is addressed: its session identity, the group, and what stands for them here. */
function conferenceAddresses({ invite, legs }: Call): readonly string[] {
  const focus = Object.values(legs).find(({ contact }) => isFocus(contact));
  const messages = [invite, focus?.session?.invite].filter((message) => message !== undefined);
  const own = Object.values(legs).map(({ session }) => uriOf(session?.contact));
  const heard = messages.flatMap((message) => [
    message.uri,
    toOf(message)?.uri,
    ...(focus?.name === "upstream" ? assertedIdentities(message).map(({ uri }) => uri) : []),
  ]);
  return [uriOf(focus?.contact), ...own, ...heard].filter((uri) => uri !== undefined);
}

/** Undefined: the header fields of the wrapper are not all there yet. */
function recipientsIn(octets: Uint8Array): readonly string[] | undefined {
  try {
    const head = parseCpimHead(octets);
    return head === undefined
      ? undefined
      : cpimHeaders(head, "To").map(({ value }) => parseCpimAddress(value).uri);
  } catch (error) {
    if (error instanceof CpimError) return [];
    throw error;
  }
}
