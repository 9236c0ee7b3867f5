/** Offers of MSRP to the controlling function: whether anybody could object to one (7.2.1.5-7, 7.2.1.6-1). */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { descriptionIn, type Description } from "../trace/session/descriptions.ts";
import { isUnreadable } from "../trace/session/readable.ts";
import type { MessageMedia } from "../wire/sdp/message-media.ts";
import { policyOf } from "./conference-members.ts";
import { memo } from "./memo.ts";

export type Acceptability = "acceptable" | "unacceptable" | "open";

export const offerIn = memo(({ request }: Exchange): Description | undefined => descriptionIn(request));

/**
 * Nobody takes an offer without message media, or one of which the operator refuses all types. What lies between that and the plainest
 * offer is for the server to say.
 */
export function acceptabilityOf(exchange: Exchange, trace: ScenarioTrace): Acceptability {
  const offer = offerIn(exchange);
  if (offer === undefined || isUnreadable(offer.sdp) || offer.sdp.media.length === 0) return "open";
  const refused = (policyOf(trace)?.refusedSessionTypes ?? []).map((type) => type.toLowerCase());
  const isRefused = (type: string): boolean => refused.includes(type.toLowerCase());
  const isUseless = ({ port, acceptTypes }: MessageMedia): boolean =>
    port === 0 || (acceptTypes.length > 0 && acceptTypes.every(isRefused));
  if (offer.media.every(isUseless)) return "unacceptable";
  return offer.media.some((medium) => isPlain(medium) && !medium.acceptTypes.some(isRefused))
    ? "acceptable"
    : "open";
}

/** Messages of a conference are wrapped in message/cpim (7.1.3.2.1). */
function isPlain({ port, path, acceptTypes, direction, file, protocol }: MessageMedia): boolean {
  return (
    port !== 0 &&
    path.length > 0 &&
    protocol === "TCP/MSRP" &&
    direction === "sendrecv" &&
    file === undefined &&
    acceptTypes.some((type) => ["*", "message/cpim", "message/*"].includes(type.toLowerCase()))
  );
}

/** The message media that an answer takes. */
export function takenMedia(answer: Description | undefined): readonly MessageMedia[] {
  return answer?.media.filter(({ port }) => port !== 0) ?? [];
}

/** Types of the answer that the offer does not have; a `*` of the offer stands for all of them (RFC 4975 8.6). */
export function typesNotOffered(offered: MessageMedia, answered: MessageMedia): readonly string[] {
  const types = offered.acceptTypes.map((type) => type.toLowerCase());
  const covers = (type: string): boolean =>
    types.some(
      (one) => one === "*" || one === type || (one.endsWith("/*") && type.startsWith(one.slice(0, -1))),
    );
  return answered.acceptTypes.filter((type) => !covers(type.toLowerCase()));
}
