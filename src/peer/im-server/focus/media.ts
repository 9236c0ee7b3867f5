/** Session descriptions of the focus: offers that it reads, answers and offers that it makes (RFC 3264; clauses 7.2.1.2, 7.2.2.2). */
import {
  answerSessions,
  type MsrpAnswer,
  type MsrpTerms,
  offerSessions,
  takeAnswer,
} from "../../../endpoint/msrp/negotiation.ts";
import type { MsrpSession } from "../../../endpoint/msrp/msrp-session.ts";
import type { SdpDescription } from "../../../wire/sdp/description.ts";
import { sdpReadable } from "../../../wire/sdp/error.ts";
import { type MessageMedia, messageMediaOf } from "../../../wire/sdp/message-media.ts";
import { parseSdp } from "../../../wire/sdp/parse.ts";
import { serializeSdp } from "../../../wire/sdp/serialize.ts";
import { type Body, sdpBody } from "../../../wire/sip/session-description.ts";
import { SWITCH_SESSION } from "../switch/switch.ts";
import type { MediaTerms } from "./conference.ts";
import type { Focus } from "./turn.ts";

/** The identity of a description, and how often it was changed. */
export interface DescriptionOrigin {
  readonly sessionId: string;
  version: number;
}

/** Undefined: there is none, or it cannot be read. */
export function readDescription(body: Body | undefined): SdpDescription | undefined {
  return body === undefined ? undefined : sdpReadable(() => parseSdp(body.bytes));
}

export function messageMediaIn(description: SdpDescription): readonly MessageMedia[] {
  return sdpReadable(() => messageMediaOf(description, { lenient: true })) ?? [];
}

/** The first medium that the server takes. */
export function acceptableIn(
  focus: Focus,
  description: SdpDescription | undefined,
): MessageMedia | undefined {
  const { sessionMedia } = focus.server.decisions;
  return description === undefined
    ? undefined
    : messageMediaIn(description).find((medium) => sessionMedia.acceptable(medium, focus.server.policy()));
}

export function termsOf(focus: Focus, medium: MessageMedia): MediaTerms {
  return focus.server.decisions.sessionMedia.terms(medium, focus.server.policy());
}

export function newOrigin({ server }: Focus): DescriptionOrigin {
  return { sessionId: String(Number.parseInt(server.ids.token(8), 36)), version: 1 };
}

/** `o=` of the next description. */
function originOf({ sessionId, version }: DescriptionOrigin) {
  return { username: "im-server", sessionId, sessionVersion: String(version) };
}

export function newMsrp(focus: Focus): MsrpSession {
  const { decisions, policy } = focus.server;
  return focus.msrp.session({
    ...SWITCH_SESSION,
    maxSize: decisions.sessionMedia.maximumSize(policy()),
    annotation: CONTROLLING,
  });
}

export const CONTROLLING = { serverFunction: "controlling" } as const;

function ownTerms(focus: Focus, terms: MediaTerms, maxSize?: number) {
  const { decisions, policy } = focus.server;
  return {
    acceptTypes: terms.acceptTypes,
    acceptWrappedTypes: terms.acceptWrappedTypes,
    maxSize: maxSize ?? decisions.sessionMedia.maximumSize(policy()),
    lines: terms.others,
  };
}

/** A session beside that of the conversation. */
export interface DescribedSession {
  readonly session: MsrpSession;
  readonly terms: MsrpTerms;
}

/** The answer to `medium` of the offer by this session, and to others by theirs; what remains is refused. */
export function answerTo(
  focus: Focus,
  offer: SdpDescription,
  medium: MessageMedia,
  own: { readonly session: MsrpSession; readonly terms: MediaTerms; readonly origin: DescriptionOrigin },
  others: readonly (DescribedSession & { readonly medium: MessageMedia })[] = [],
): { readonly body: Body; readonly answer: MsrpAnswer } {
  const { sessionMedia } = focus.server.decisions;
  const answer = answerSessions(offer, originOf(own.origin), ({ index }) =>
    index === medium.index
      ? { session: own.session, terms: ownTerms(focus, own.terms) }
      : others.find((other) => other.medium.index === index),
  );
  return { body: sdpBody(serializeSdp(sessionMedia.described(answer.description, "answer"))), answer };
}

/** An offer of this session, and what to do with its answer: undefined when the answer has no use for it. */
export function offerOf(
  focus: Focus,
  session: MsrpSession,
  terms: MediaTerms,
  origin: DescriptionOrigin,
  others: readonly DescribedSession[] = [],
): {
  readonly body: Body;
  readonly description: SdpDescription;
  take(answer: Body | undefined): MessageMedia | undefined;
} {
  const { decisions, policy } = focus.server;
  const size = decisions.sessionMedia.offeredSize(terms, policy());
  const own = { session, terms: ownTerms(focus, terms, size) };
  const description = offerSessions([own, ...others], originOf(origin));
  return {
    description,
    body: sdpBody(serializeSdp(decisions.sessionMedia.described(description, "offer"))),
    take: (body) => {
      const answer = readDescription(body);
      if (answer === undefined) {
        session.close();
        return undefined;
      }
      const agreed = takeAnswer(session, description, answer);
      return agreed.kind === "agreed" ? agreed.media : undefined;
    },
  };
}

/** What a 488 says that the server could do (RFC 3261 21.4.26; 7.2.1.2-7). */
export function capabilityBody(focus: Focus): Body {
  const session = newMsrp(focus);
  const { acceptedSessionTypes } = focus.server.policy();
  const terms = { acceptTypes: acceptedSessionTypes, acceptWrappedTypes: [], maxSize: undefined, others: [] };
  const { body } = offerOf(focus, session, terms, newOrigin(focus));
  session.close();
  return body;
}
