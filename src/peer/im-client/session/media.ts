/** Media of a session: MSRP, offered and answered in SDP (7.1.3.1). */
import { answerSessions, offerSessions, takeAnswer } from "../../../endpoint/msrp/negotiation.ts";
import type { MsrpTerms } from "../../../endpoint/msrp/negotiation.ts";
import type { SdpDescription } from "../../../wire/sdp/description.ts";
import { sdpReadable } from "../../../wire/sdp/error.ts";
import { messageMediaOf } from "../../../wire/sdp/message-media.ts";
import type { MessageMedia } from "../../../wire/sdp/message-media.ts";
import { parseSdp } from "../../../wire/sdp/parse.ts";
import { serializeSdp } from "../../../wire/sdp/serialize.ts";
import { sdpBody } from "../../../wire/sip/session-description.ts";
import type { Body } from "../../../wire/sip/session-description.ts";
import type { ClientParts } from "../parts.ts";
import { hear } from "./hearing.ts";
import type { ClientSession, SessionMedia } from "./session.ts";

/** Seconds between 1900 and 1970 (RFC 4566 5.2 recommends NTP time). */
const NTP_OFFSET_S = 2_208_988_800;

export function openMedia(client: ClientParts, session: ClientSession, terms: MsrpTerms): SessionMedia {
  const seconds = Math.floor(client.clock.now() / 1000) + NTP_OFFSET_S;
  const media: SessionMedia = {
    msrp: client.sessions.msrp.session(),
    origin: { sessionId: String(seconds), version: seconds },
    terms,
    offer: undefined,
    peer: undefined,
  };
  session.media = media;
  hear(client, session, media);
  return media;
}

function originOf({ origin }: SessionMedia): { readonly sessionId: string; readonly sessionVersion: string } {
  return { sessionId: origin.sessionId, sessionVersion: String(origin.version) };
}

export function offerOf(media: SessionMedia): Body {
  const { msrp, terms } = media;
  media.offer = offerSessions([{ session: msrp, terms }], originOf(media));
  return sdpBody(serializeSdp(media.offer));
}

/** Offer and answer are there, and the offer was the client's. */
export function takeAnswerTo(media: SessionMedia, body: Body): void {
  const answer = descriptionIn(body);
  if (answer === undefined || media.offer === undefined) return;
  const [first] = messageMediaIn(answer);
  if (first !== undefined) media.peer = first;
  if (media.msrp.remotePath === "") takeAnswer(media.msrp, media.offer, answer);
}

export type AnsweredOffer = { readonly body: Body; start(): void } | { readonly status: number };

/** 7.1.2.1-6, 7.1.2.2-2. The terms hold as soon as it is started. */
export function answerOffer(client: ClientParts, media: SessionMedia, offered: Body): AnsweredOffer {
  const { invited } = client.decisions;
  const offer = descriptionIn(offered);
  const own = media.terms.acceptTypes;
  const chosen = offer && messageMediaIn(offer).find((one) => invited.acceptable(client, one, own));
  if (offer === undefined || chosen === undefined) return { status: invited.unacceptableStatus(client) };
  const terms = { ...media.terms, acceptTypes: invited.answeredTypes(client, own) };
  const answer = answerSessions(offer, originOf(media), ({ index }) =>
    index === chosen.index ? { session: media.msrp, terms } : undefined,
  );
  if (answer.accepted.length === 0) return { status: invited.unacceptableStatus(client) };
  return {
    body: sdpBody(serializeSdp(answer.description)),
    start: () => {
      media.peer = chosen;
      if (media.msrp.remotePath === "") answer.start();
    },
  };
}

export function descriptionIn(body: Body | undefined): SdpDescription | undefined {
  return body && sdpReadable(() => parseSdp(body.bytes));
}

export function messageMediaIn(description: SdpDescription | undefined): readonly MessageMedia[] {
  if (description === undefined) return [];
  return sdpReadable(() => messageMediaOf(description, { lenient: true })) ?? [];
}
