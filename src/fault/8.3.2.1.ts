/** Copies of a group message (clause 8.3.2.1). */
import { assertedUri, sameAddress } from "../peer/im/address.ts";
import { copy as reference } from "../peer/im-server/decisions/copy.ts";
import { control } from "../peer/im-server/decisions/control.ts";
import type { ServerAlteration } from "../peer/im-server/server.ts";
import type { GroupTurn } from "../peer/im-server/turn.ts";
import type { Hop } from "../net/network.ts";
import { appendHeader, withBody, withoutHeader } from "../wire/sip/edit.ts";
import { callIdOf, header, vias } from "../wire/sip/headers.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import { decide, onRequest, serverFault } from "./fault.ts";
import type { Fault } from "./fault.ts";

type Kind = GroupTurn["destination"]["kind"];

const STRANGER = "sip:stranger@home.example";

function withBodyOf(copy: SipRequest, cause: SipRequest | undefined): SipRequest {
  const type = cause === undefined ? undefined : header(cause, "Content-Type");
  return cause === undefined || type === undefined ? copy : withBody(copy, type, cause.body);
}

/** A request that the server made itself because of another, rather than passed on. */
function isCopy(request: SipRequest, cause: SipRequest | undefined): boolean {
  return cause !== undefined && callIdOf(request) !== callIdOf(cause);
}

/** Recipients that are right but for messages to one kind of destination. */
function recipientsFor(kind: Kind, wrong: (right: readonly string[]) => readonly string[]): ServerAlteration {
  return decide({
    control: {
      recipients: (turn: GroupTurn) => {
        const right = control.recipients(turn);
        return turn.destination.kind === kind ? wrong(right) : right;
      },
    },
  });
}

function originatorFor(kind: Kind, wrong: (turn: GroupTurn) => string | undefined): ServerAlteration {
  return decide({
    copy: {
      assertedIdentity: (turn: GroupTurn) =>
        turn.destination.kind === kind ? wrong(turn) : reference.assertedIdentity(turn),
    },
  });
}

function referredByFor(kind: Kind, wrong: (turn: GroupTurn) => string | undefined): ServerAlteration {
  return decide({
    copy: {
      referredBy: (turn: GroupTurn) =>
        turn.destination.kind === kind ? wrong(turn) : reference.referredBy(turn),
    },
  });
}

/** What is meant for the sender goes straight to its client, whose address the request that came has in its last Via. */
function pastTheCore(): ServerAlteration {
  let sender: { readonly uri: string; readonly hop: Hop } | undefined;
  return decide({
    control: {
      recipients: (turn: GroupTurn) => {
        const via = vias(turn.incoming.message).at(-1);
        const uri = assertedUri(turn.incoming.message) ?? "";
        if (via) sender = { uri, hop: { host: via.host, port: via.port ?? 5060, transport: "udp" } };
        return control.recipients(turn);
      },
    },
    routing: {
      nextHop: (server, request) =>
        sender && sameAddress(request.uri, sender.uri) ? sender.hop : server.config.core,
    },
  });
}

export const faults: readonly Fault[] = [
  serverFault(
    "8.3.2.1-1",
    "copies have a Contact",
    onRequest(
      "MESSAGE",
      (request) => appendHeader(request, "Contact", "<sip:im-server@home.example>"),
      isCopy,
    ),
  ),
  serverFault(
    "8.3.2.1-2",
    "copies lack Accept-Contact",
    decide({ copy: { acceptContact: () => undefined } }),
  ),
  serverFault(
    "8.3.2.1-3",
    "copies for a URI-list name the service as their originator",
    originatorFor("ad-hoc", (turn) => `<${turn.destination.uri}>`),
  ),
  serverFault(
    "8.3.2.1-4a",
    "copies for a group name the sender as their originator",
    originatorFor("group", (turn) => `<${turn.originator}>`),
  ),
  serverFault(
    "8.3.2.1-4b",
    "copies for a group lack Referred-By",
    referredByFor("group", () => undefined),
  ),
  serverFault(
    "8.3.2.1-4b",
    "copies for a group refer to a sender who asked for privacy",
    referredByFor("group", (turn) => `<${turn.originator}>`),
  ),
  serverFault(
    "8.3.2.1-5a",
    "copies for a session name the sender as their originator",
    originatorFor("session", (turn) => `<${turn.originator}>`),
  ),
  serverFault(
    "8.3.2.1-5b",
    "copies for a session lack Referred-By",
    referredByFor("session", () => undefined),
  ),
  serverFault(
    "8.3.2.1-5b",
    "copies for a session refer to a sender who asked for privacy",
    referredByFor("session", (turn) => `<${turn.originator}>`),
  ),
  serverFault(
    "8.3.2.1-6",
    "copies go to an address that is none of the recipients'",
    decide({ copy: { requestUri: () => STRANGER } }),
  ),
  serverFault(
    "8.3.2.1-3",
    "copies of an anonymous message do not ask for privacy",
    onRequest("MESSAGE", (copy) => withoutHeader(copy, "Privacy"), isCopy),
  ),
  serverFault(
    ["8.3.2.1-7a", "8.3.1.1-10"],
    "the last on the list gets no copy",
    recipientsFor("ad-hoc", (right) => right.slice(0, -1)),
  ),
  serverFault(
    "8.3.2.1-7a",
    "somebody who is not on the list gets a copy",
    recipientsFor("ad-hoc", (right) => [...right, STRANGER]),
  ),
  serverFault(
    "8.3.2.1-7a",
    "everyone on the list gets two copies",
    recipientsFor("ad-hoc", (right) => [...right, ...right]),
  ),
  serverFault(
    "8.3.2.1-7a",
    "copies carry the list on as it came",
    onRequest("MESSAGE", (copy, cause) => withBodyOf(copy, cause), isCopy),
  ),
  serverFault(
    ["8.3.2.1-7b", "8.3.1.1-10"],
    "the last member of a group gets no copy",
    recipientsFor("group", (right) => right.slice(0, -1)),
  ),
  serverFault(
    "8.3.2.1-7b",
    "somebody who is no member of the group gets a copy",
    recipientsFor("group", (right) => [...right, STRANGER]),
  ),
  serverFault(
    ["8.3.2.1-7c", "8.3.1.1-10"],
    "the first participant of a session gets no copy",
    recipientsFor("session", (right) => right.slice(1)),
  ),
  serverFault(
    "8.3.2.1-7c",
    "somebody who does not take part in the session gets a copy",
    recipientsFor("session", (right) => [...right, STRANGER]),
  ),
  serverFault("8.3.2.1-8", "a copy for the sender is sent straight to its client", pastTheCore()),
];
