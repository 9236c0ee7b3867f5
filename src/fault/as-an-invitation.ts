/** A client that invites to a session where a message would do: the MESSAGE becomes an INVITE on its way out. */
import type { ClientAlteration } from "../peer/im-client/client.ts";
import { withBody, withHeader } from "../wire/sip/edit.ts";
import { header } from "../wire/sip/headers.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import { onRequest } from "./fault.ts";

const SESSION = [
  "v=0",
  "o=- 1 1 IN IP4 127.0.0.1",
  "s=-",
  "c=IN IP4 127.0.0.1",
  "t=0 0",
  "m=message 2855 TCP/MSRP *",
  "a=accept-types:message/cpim",
  "a=path:msrp://127.0.0.1:2855/session;tcp",
  "",
].join("\r\n");

/** Messages that `where` narrows down. */
export function asAnInvitation(where: (request: SipRequest) => boolean): ClientAlteration {
  return onRequest("MESSAGE", invitation, where);
}

function invitation(message: SipRequest): SipRequest {
  const sentBy = /\s([^\s;]+)/u.exec(header(message, "Via") ?? "")?.[1] ?? "127.0.0.1";
  const number = header(message, "CSeq")?.split(" ")[0] ?? "1";
  const named = withHeader({ ...message, method: "INVITE" }, "CSeq", `${number} INVITE`);
  const reachable = withHeader(named, "Contact", `<sip:${sentBy}>`);
  return withBody(reachable, "application/sdp", new Uint8Array(Buffer.from(SESSION, "utf8")));
}
