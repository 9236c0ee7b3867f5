/** Messages that waited for a user, sent as MESSAGE once there is someone to take them (flow D.3, steps 12 to 15). */
import { prependHeader, withoutHeader } from "../../wire/sip/edit.ts";
import { header } from "../../wire/sip/headers.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import { sendOwn } from "./outgoing.ts";
import type { DeferredMessage } from "./state.ts";
import type { ServerParts } from "./turn.ts";

export function pushDeferred(server: ServerParts, user: string, cause: "registration" | "publication"): void {
  const now = server.clock.now();
  const settings = server.publications.settingsOf(user, now);
  const present = !server.config.thirdPartyRegister || server.registrations.isRegistered(user, now);
  if (!present || !server.decisions.termination.pushesDeferred(settings, cause)) return;
  for (const message of server.deferred.take(user, now)) {
    sendOwn(server, deliverable(server, message), {
      annotation: { serverFunction: "terminating" },
    });
  }
}

/** Header fields of the hops on the way here; they are not the message's own. */
const OF_THE_WAY_HERE = ["Via", "Route", "Record-Route", "Max-Forwards", "Server"];

/**
 * As it came, with Call-ID and From unaltered (12.2.2.5). An anonymous message has no identity on record any more; the server vouches for it
 * itself, or its core would refuse it.
 */
function deliverable(server: ServerParts, message: DeferredMessage): SipRequest {
  const bare = OF_THE_WAY_HERE.reduce<SipRequest>(
    (request, name) => withoutHeader(request, name),
    message.request,
  );
  const dated = header(bare, "Date")
    ? bare
    : prependHeader(bare, "Date", new Date(message.receivedAt).toUTCString());
  const identity = `<${server.config.serviceUris.systemSender}>`;
  return header(dated, "P-Asserted-Identity") ? dated : prependHeader(dated, "P-Asserted-Identity", identity);
}
