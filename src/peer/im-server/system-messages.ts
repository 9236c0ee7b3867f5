/** The server speaks to its users (clause 5.4). */
import type { ActionAnswer } from "../../spec/actions.ts";
import { done, failed } from "./control.ts";
import { LARGEST_SYSTEM_MESSAGE_BYTES } from "./decisions/system-message.ts";
import type { SystemMessageAction } from "./decisions/system-message.ts";
import { ownMessage, sendOwn } from "./outgoing.ts";
import type { ServerParts } from "./turn.ts";

/** Answers when every message has its final response. */
export async function sendSystemMessage(
  server: ServerParts,
  action: SystemMessageAction,
): Promise<ActionAnswer> {
  if (action.externalContent === undefined && Buffer.byteLength(action.text) > LARGEST_SYSTEM_MESSAGE_BYTES) {
    return failed("a text above 1300 bytes has to lie at a URL: give externalContent");
  }
  const recipients = server.decisions.systemMessage.recipients(server, action);
  const outcomes = await Promise.all(recipients.map((recipient) => sendTo(server, action, recipient)));
  return done(outcomes.map((outcome, index) => `${recipients[index] ?? ""}: ${outcome}`).join(", "));
}

function sendTo(server: ServerParts, action: SystemMessageAction, recipient: string): Promise<string> {
  const { systemMessage } = server.decisions;
  const request = ownMessage(server, {
    uri: systemMessage.requestUri(server, recipient),
    from: systemMessage.from(server),
    to: systemMessage.to(server, recipient),
    headers: [
      ["Accept-Contact", systemMessage.acceptContact(server)],
      ["P-Asserted-Identity", systemMessage.assertedIdentity(server)],
      ["User-Agent", systemMessage.userAgent(server)],
      ["Server", systemMessage.server(server)],
    ],
    body: systemMessage.body(server, action),
  });
  if (systemMessage.startsTimer(server, action)) {
    server.pendingAnswers.start(recipient, server.clock.now() + systemMessage.waitMs(server));
  }
  return new Promise((resolve) => {
    sendOwn(server, request, {
      onResponse: (response) => {
        if (response.status >= 200) resolve(String(response.status));
      },
      onFailure: resolve,
    });
  });
}
