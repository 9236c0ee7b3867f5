/** The last word on what the client sends in sessions: fields that all messages have, and what a tester changes. */
import { withHeader, withoutHeader } from "../../../wire/sip/edit.ts";
import { callIdOf, header, headerValues } from "../../../wire/sip/headers.ts";
import type { SipMessage, SipRequest, SipResponse } from "../../../wire/sip/message.ts";
import type { ClientParts } from "../parts.ts";
import { editKey } from "./session.ts";

/** For the user agent and the event agent, whose occasions have the same names. */
export function editOf(
  client: () => ClientParts,
): <Message extends SipMessage>(message: Message, occasion: string) => Message | undefined {
  return <Message extends SipMessage>(message: Message, occasion: string) =>
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a request comes of a request, a response of a response
    edited(client(), message, occasion) as Message | undefined;
}

function edited(client: ClientParts, message: SipMessage, occasion: string): SipMessage | undefined {
  const named = withAbilities(client, withRelease(client, message));
  if (named.kind === "response") return answered(client, withPackages(named));
  if (occasion === "ACK" && client.sessions.script.withoutAck === true) return undefined;
  if (occasion === "BYE" && isUnwanted(client, named)) return undefined;
  return client.sessions.edits.get(editKey(callIdOf(named) ?? "", named.method))?.(named) ?? named;
}

function answered({ sessions }: ClientParts, response: SipResponse): SipResponse | undefined {
  const { answer } = sessions.script;
  return answer === undefined ? response : answer(response);
}

/** RFC 6665 8.3.2: the one package that the client knows, though it serves none. */
function withPackages(response: SipResponse): SipResponse {
  return response.status === 489 && header(response, "Allow-Events") === undefined
    ? withHeader(response, "Allow-Events", "conference")
    : response;
}

/** 7.1.1.1-2; F.1. */
function withRelease(client: ClientParts, message: SipMessage): SipMessage {
  const silent = message.kind === "request" && (message.method === "ACK" || message.method === "CANCEL");
  if (silent || header(message, "User-Agent") !== undefined) return message;
  const value = client.decisions.modifying.userAgent(client, message);
  return value === undefined ? message : withHeader(message, "User-Agent", value);
}

/** 7.1.1.1-3, 6: where the user agent says what it can do. */
function withAbilities(client: ClientParts, message: SipMessage): SipMessage {
  const { modifying } = client.decisions;
  const abilities = [
    ["Allow", modifying.allow(client, message)],
    ["Supported", modifying.supported(client, message)],
  ] as const;
  return abilities.reduce<SipMessage>((told, [name, values]) => {
    const usual = headerValues(told, name);
    if (usual.length === 0 || usual.join() === values.join()) return told;
    return values.length === 0 ? withoutHeader(told, name) : withHeader(told, name, values.join(", "));
  }, message);
}

/** The BYE of a session whose time is over, of a client that does not care for that. */
function isUnwanted({ sessions }: ClientParts, bye: SipRequest): boolean {
  if (sessions.script.withoutRefresh !== true) return false;
  const session = sessions.list.find(({ dialog }) => dialog?.dialog.callId === callIdOf(bye));
  return session !== undefined && !session.leaving;
}
