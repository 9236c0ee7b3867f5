/** Header fields of INVITEs and of their responses, as the statements of sessions ask for them. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { assertedIdentities, privacyOf, tokensOf } from "../wire/sip/headers.ts";
import type { SipMessage } from "../wire/sip/message.ts";
import { focusContactOf } from "./conference.ts";
import { IM_FEATURE_TAG, readable } from "./pager-message.ts";

/** How many methods a server supports, it alone knows; an INVITE session has at least these (RFC 3261 13.2.1). */
export const USUAL_METHODS: readonly string[] = ["INVITE", "ACK", "CANCEL", "BYE"];

export function listsUsualMethods(message: SipMessage): boolean {
  const methods = tokensOf(message, "Allow").map((method) => method.toUpperCase());
  return USUAL_METHODS.every((method) => methods.includes(method));
}

export function lists(message: SipMessage, name: "Supported" | "Require", option: string): boolean {
  return tokensOf(message, name).some((token) => token.toLowerCase() === option);
}

export function hasImContact(message: SipMessage): boolean {
  return focusContactOf(message)?.params.has(IM_FEATURE_TAG) === true;
}

/** P-Asserted-Identity: the URIs, of which the first is that by which the user is known. */
export function identitiesOf(message: SipMessage): readonly string[] {
  return readable(() => assertedIdentities(message).map(({ uri }) => uri), []);
}

/** An identity of another user than the one whose `wanted` is. */
export function foreignIdentity(
  told: readonly string[],
  wanted: string,
  trace: ScenarioTrace,
): string | undefined {
  const user = trace.userOf(wanted);
  return told.find((uri) => {
    const other = trace.userOf(uri);
    return other !== undefined && other !== user;
  });
}

/** Privacy with `id`, of a request or a response. */
export function hidesIdentity(message: SipMessage): boolean {
  return readable(() => privacyOf(message).some((value) => value.toLowerCase() === "id"), false);
}
