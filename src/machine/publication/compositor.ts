/**
 * The state of published events (RFC 3903 6): what is published under which entity tag, for how long. Values: a step gives the next store, and what
 * is to be answered. Times are milliseconds, intervals of the protocol seconds.
 */

/** One publication: the state of one event package that one agent published about a resource. */
export interface Publication<Content> {
  /** Who or what it is about, in a spelling that is the same for the same one. */
  readonly resource: string;
  /** The event package. */
  readonly event: string;
  readonly entityTag: string;
  readonly content: Content;
  readonly publishedAt: number;
  readonly expiresAt: number;
}

export interface CompositorRules {
  readonly defaultS: number;
  readonly maximumS: number;
  /** Shorter ones are refused with 423; 0: none is too short. Seconds. */
  readonly minimumS: number;
}

/** A PUBLISH, as far as the store is concerned. */
export interface PublishRequest<Content> {
  readonly resource: string;
  readonly event: string;
  /** SIP-If-Match. */
  readonly ifMatch: { readonly tag: string } | "malformed" | undefined;
  readonly expiresS: number | undefined;
  /** Undefined: no body. */
  readonly content: Content | undefined;
}

export type PublishOutcome<Content> =
  | {
      readonly status: 200;
      readonly done: "created" | "refreshed" | "modified" | "removed" | "nothing";
      /** In SIP-ETag, a new one each time (step 6). */
      readonly entityTag: string;
      readonly expiresS: number;
      /** What is stored now; of a removed one, what was. */
      readonly publication?: Publication<Content>;
    }
  | { readonly status: 400 | 412; readonly reason: string }
  | { readonly status: 423; readonly minExpiresS: number };

export type Publications<Content> = readonly Publication<Content>[];

export interface PublishStep<Content> {
  readonly publications: Publications<Content>;
  readonly outcome: PublishOutcome<Content>;
}

/**
 * Steps 3 to 6; which resources (404), packages (489) and content types (415) there are is the caller's business. `entityTag`: one that was never
 * given before.
 */
export function publishStep<Content>(
  all: Publications<Content>,
  request: PublishRequest<Content>,
  rules: CompositorRules,
  entityTag: string,
  now: number,
): PublishStep<Content> {
  const publications = all.filter(({ expiresAt }) => expiresAt > now);
  const refuse = (outcome: PublishOutcome<Content>): PublishStep<Content> => ({ publications, outcome });
  const { ifMatch } = request;
  if (ifMatch === "malformed") return refuse({ status: 400, reason: "One Entity Tag Expected" });
  const known = ifMatch && publications.find((each) => isSame(each, request, ifMatch.tag));
  if (ifMatch !== undefined && known === undefined)
    return refuse({ status: 412, reason: "Conditional Request Failed" });
  const wantedS = request.expiresS ?? rules.defaultS;
  if (wantedS > 0 && wantedS < rules.minimumS) return refuse({ status: 423, minExpiresS: rules.minimumS });
  const content = request.content ?? known?.content;
  if (content === undefined) return refuse({ status: 400, reason: "Event State Expected" });
  const expiresS = Math.min(wantedS, rules.maximumS);
  const publication = {
    resource: request.resource,
    event: request.event,
    entityTag,
    content,
    publishedAt: request.content === undefined ? (known?.publishedAt ?? now) : now,
    expiresAt: now + expiresS * 1000,
  };
  const others = publications.filter((each) => each !== known);
  const done = whatIsDone(known !== undefined, request.content !== undefined, expiresS);
  return {
    publications: expiresS === 0 ? others : [...others, publication],
    outcome: {
      status: 200,
      done,
      entityTag,
      expiresS,
      ...(done === "nothing" ? {} : { publication: done === "removed" && known ? known : publication }),
    },
  };
}

function isSame<Content>(
  publication: Publication<Content>,
  { resource, event }: PublishRequest<Content>,
  tag: string,
): boolean {
  return publication.entityTag === tag && publication.resource === resource && publication.event === event;
}

function whatIsDone(
  known: boolean,
  hasBody: boolean,
  expiresS: number,
): "created" | "refreshed" | "modified" | "removed" | "nothing" {
  if (expiresS === 0) return known ? "removed" : "nothing";
  if (!known) return "created";
  return hasBody ? "modified" : "refreshed";
}

/** Those whose time is over, and the rest. */
export function expiredPublications<Content>(
  all: Publications<Content>,
  now: number,
): { readonly publications: Publications<Content>; readonly expired: Publications<Content> } {
  return {
    publications: all.filter(({ expiresAt }) => expiresAt > now),
    expired: all.filter(({ expiresAt }) => expiresAt <= now),
  };
}

/** When the first one runs out. */
export function publicationDeadline<Content>(all: Publications<Content>): number | undefined {
  return all.length === 0 ? undefined : Math.min(...all.map(({ expiresAt }) => expiresAt));
}

/** What is published about a resource, the latest last. */
export function publicationsOf<Content>(
  all: Publications<Content>,
  resource: string,
  event: string,
  now: number,
): Publications<Content> {
  return all
    .filter((each) => each.resource === resource && each.event === event && each.expiresAt > now)
    .toSorted((a, b) => a.publishedAt - b.publishedAt);
}
