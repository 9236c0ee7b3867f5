/** PUBLISH requests that reach the IM Server, and what speaks against taking them (6.1.1.5, RFC 3903 6). */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { contentTypeOf, eventOf, expiresOf, header } from "../wire/sip/headers.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { faultsOf } from "./message-faults.ts";
import { SETTINGS_TYPE, type ImSettings } from "../wire/xml/settings.ts";
import { originatorOf, releaseUnsupported, systemMessageUnanswered } from "./grounds.ts";
import { readable, settingsOf } from "./pager-message.ts";

export const SETTINGS_EVENT = "poc-settings";

export type PublicationGround =
  | "malformed"
  | "no-identity"
  | "unauthorised"
  | "not-authorised-to-publish"
  | "system-message-unanswered"
  | "release-unsupported"
  | "another-user"
  | "another-event"
  | "entity-tag-unknown"
  /** Below an hour: a server may find it too brief. */
  | "brief"
  | "no-document"
  | "another-type"
  | "document-unreadable";

export function publications(trace: ScenarioTrace): readonly Exchange[] {
  return trace.exchanges({ way: "to-sut", method: "PUBLISH", function: "originating" });
}

/** Those that nothing speaks against. */
export function faultlessPublications(trace: ScenarioTrace): readonly Exchange[] {
  return publications(trace).filter((exchange) => groundsAgainst(exchange, trace).length === 0);
}

/** Those that only this ground speaks against. */
export function publicationsWith(ground: PublicationGround, trace: ScenarioTrace): readonly Exchange[] {
  return publications(trace).filter((exchange) => {
    const grounds = groundsAgainst(exchange, trace);
    return grounds.length === 1 && grounds[0] === ground;
  });
}

/** Of the exchanges of a trace, which are of no other. */
const found = new WeakMap<Exchange, readonly PublicationGround[]>();

export function groundsAgainst(exchange: Exchange, trace: ScenarioTrace): readonly PublicationGround[] {
  const before = found.get(exchange);
  if (before !== undefined) return before;
  const candidates = [...groundsOfPublisher(exchange, trace), ...groundsOfRequest(exchange, trace)];
  const grounds = candidates.filter(([holds]) => holds).map(([, ground]) => ground);
  found.set(exchange, grounds);
  return grounds;
}

type Candidate = readonly [holds: boolean, ground: PublicationGround];

function groundsOfPublisher({ request }: Exchange, trace: ScenarioTrace): readonly Candidate[] {
  const { message, at } = request;
  const publisher = originatorOf(message);
  const user = publisher === undefined ? undefined : trace.userOf(publisher);
  const properties = user?.properties ?? [];
  return [
    [publisher === undefined, "no-identity"],
    [properties.includes("unauthorised"), "unauthorised"],
    [properties.includes("not-authorised-to-publish"), "not-authorised-to-publish"],
    [publisher !== undefined && systemMessageUnanswered(publisher, at, trace), "system-message-unanswered"],
    [releaseUnsupported(message, trace), "release-unsupported"],
    [user === undefined || trace.userOf(message.uri)?.actor !== user.actor, "another-user"],
  ];
}

function groundsOfRequest(exchange: Exchange, trace: ScenarioTrace): readonly Candidate[] {
  const { message } = exchange.request;
  const expires = readable(() => expiresOf(message), undefined);
  const hasBody = message.body.length > 0;
  const type = readable(() => contentTypeOf(message)?.type, undefined);
  return [
    [faultsOf(message).length > 0, "malformed"],
    [eventName(exchange) !== SETTINGS_EVENT, "another-event"],
    [!entityTagIsKnown(exchange, trace), "entity-tag-unknown"],
    [expires !== undefined && expires > 0 && expires < 3600, "brief"],
    [!hasBody && header(message, "SIP-If-Match") === undefined, "no-document"],
    [hasBody && type !== SETTINGS_TYPE, "another-type"],
    [hasBody && type === SETTINGS_TYPE && settingsIn(exchange) === undefined, "document-unreadable"],
  ];
}

export function eventName({ request }: Exchange): string | undefined {
  return readable(() => eventOf(request.message)?.type, undefined);
}

/** The settings in the body, whatever Event says; undefined: none that can be read. */
export function settingsIn({ request }: Exchange): ImSettings | undefined {
  return request.message.body.length === 0 ? undefined : settingsOf(request.message);
}

/** No SIP-If-Match, or the tag that the server gave with its last 200 for this user. */
function entityTagIsKnown({ request }: Exchange, trace: ScenarioTrace): boolean {
  const named = header(request.message, "SIP-If-Match")?.trim();
  if (named === undefined) return true;
  const last = publications(trace).findLast(
    (earlier) =>
      earlier.request.seq < request.seq &&
      isAccepted(earlier) &&
      eventName(earlier) === SETTINGS_EVENT &&
      sameAddressOfRecord(earlier.request.message.uri, request.message.uri),
  );
  return last?.final !== undefined && header(last.final.message, "SIP-ETag")?.trim() === named;
}

export function isAccepted({ final }: Exchange): boolean {
  const status = final?.message.status ?? 0;
  return status >= 200 && status < 300;
}
