/** Publication of the service settings, its update and renewal (clause 5.2.4; RFC 3903 4). */
import type { Settings } from "../../spec/actions.ts";
import { withHeader } from "../../wire/sip/edit.ts";
import { expiresOf, header } from "../../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../../wire/sip/message.ts";
import type { Body } from "../im/content.ts";
import type { ClientParts } from "./parts.ts";
import { buildRequest, send, succeeded } from "./requesting.ts";
import type { Outcome, RequestChanges } from "./requesting.ts";

/** Sends all settings; an update where something was published before. Mends what a 412 or a 423 tells, once. */
export async function publish(
  client: ClientParts,
  settings: Settings,
  changes: RequestChanges = {},
): Promise<Outcome> {
  const body = client.decisions.publishing.document(client, settings);
  const outcome = await send(client, publishRequest(client, body), changes);
  const retry = outcome.kind === "response" ? retryAfter(client, outcome.response, body) : undefined;
  return note(client, retry ? await send(client, retry, changes) : outcome, settings);
}

/** RFC 3903 4.1, 4.4: without the entity tag that the server has forgotten; with the shortest lifetime that it takes. */
function retryAfter(client: ClientParts, response: SipResponse, body: Body): SipRequest | undefined {
  const { status } = response;
  if (status === 412) client.publication.entityTag = undefined;
  const minimum = header(response, "Min-Expires");
  if (status === 423 && minimum !== undefined)
    return withHeader(publishRequest(client, body), "Expires", minimum);
  return status === 412 ? publishRequest(client, body) : undefined;
}

function note(client: ClientParts, outcome: Outcome, settings: Settings): Outcome {
  if (outcome.kind === "response" && succeeded(outcome)) accept(client, outcome.response, settings);
  return outcome;
}

function publishRequest(client: ClientParts, body: Body | undefined): SipRequest {
  const { publishing } = client.decisions;
  return buildRequest(client, {
    method: "PUBLISH",
    uri: publishing.requestUri(client),
    from: publishing.from(client),
    to: publishing.to(client),
    headers: [
      ["P-Preferred-Identity", publishing.preferredIdentity(client)],
      ["Accept-Contact", publishing.acceptContact(client)],
      ["User-Agent", publishing.userAgent(client)],
      ["Event", publishing.event(client)],
      ["Expires", publishing.expires(client)],
      ["SIP-If-Match", publishing.ifMatch(client, client.publication.entityTag)],
    ],
    body,
  });
}

function accept(client: ClientParts, response: SipResponse, settings: Settings): void {
  const { publication, clock, decisions } = client;
  publication.disarm();
  publication.entityTag = header(response, "SIP-ETag");
  if (client.skipped.has("refresh-publication")) return;
  const seconds = expiresOf(response) ?? client.config.registrationExpiresS;
  const after = decisions.registering.refreshAfterMs(client, seconds);
  publication.disarm = clock.callAt(clock.now() + after, () => void refresh(client, settings));
}

/** RFC 3903 4.1: without a body; where the server has forgotten, with one. */
async function refresh(client: ClientParts, settings: Settings): Promise<void> {
  if (client.registration.state !== "im") return;
  const outcome = await send(client, publishRequest(client, undefined));
  if (outcome.kind === "response" && succeeded(outcome)) accept(client, outcome.response, settings);
  else if (outcome.kind === "response") await publish(client, settings);
}

/** The registration ended: what was published lapses with it. */
export function forgetPublication(client: ClientParts): void {
  client.publication.disarm();
  client.publication.disarm = () => undefined;
  client.publication.entityTag = undefined;
}
