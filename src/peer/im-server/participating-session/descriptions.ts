/** Session descriptions and bodies on their way from one leg to the other. */
import type { SipMessage } from "../../../wire/sip/message.ts";
import { sessionDescriptionOf, type Body } from "../../../wire/sip/session-description.ts";
import { bodyOf, withPart } from "./carried-headers.ts";
import type { Call, LegName } from "./call.ts";

/** The body of a message that came on a leg, as it goes on by the other: with MSRP through this server where it stays in the media path. */
export function passedBody(
  { media }: Call,
  from: LegName,
  message: SipMessage,
  as: "offer" | "answer",
): Body | undefined {
  const body = bodyOf(message);
  const description = sessionDescriptionOf(message);
  if (body === undefined || description === undefined || media === undefined) return body;
  return withPart(body, description.bytes, media.passed(description, from, as).bytes);
}

/** Options of a message that may have a body. */
export function bodied(body: Body | undefined): { readonly body?: Body } {
  return body === undefined ? {} : { body };
}
