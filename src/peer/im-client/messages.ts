/** Sending a MESSAGE (clause 8.1). */
import type { MessageAction } from "../../spec/actions.ts";
import type { ClientParts } from "./parts.ts";
import { buildRequest, send } from "./requesting.ts";
import type { Outcome, RequestChanges } from "./requesting.ts";

/** `undefined`: the message is too large for pager mode and nothing was sent. */
export async function sendMessage(
  client: ClientParts,
  action: MessageAction,
  changes: RequestChanges = {},
): Promise<Outcome | undefined> {
  const { sending } = client.decisions;
  const body = sending.body(client, action, client.ids.token(16));
  if (!sending.fitsPagerMode(client, action, body)) return undefined;
  const request = buildRequest(client, {
    method: "MESSAGE",
    uri: sending.requestUri(client, action),
    from: sending.from(client, action),
    to: sending.to(client, action),
    headers: [
      ["P-Preferred-Identity", sending.preferredIdentity(client, action)],
      ["Privacy", sending.privacy(client, action)],
      ["Accept-Contact", sending.acceptContact(client, action)],
      ["Require", sending.require(client, action)],
      ["User-Agent", sending.userAgent(client, action)],
    ],
    body,
  });
  return send(client, request, changes);
}
