/**
 * One publication as its agent sees it (RFC 3903 4). A value: `publisherStep` takes it, an event and the time, and gives the next value, what to send,
 * and when to come again. One PUBLISH at a time is on its way; what is wanted meanwhile waits, and the last want counts.
 */

/** What to send (Table 1): `body` says whether the event state goes along. */
export interface PublishToSend {
  readonly kind: "initial" | "refresh" | "modify" | "remove";
  readonly ifMatch: string | undefined;
  readonly expiresS: number;
  readonly body: boolean;
}

export interface PublisherRules {
  /** Asked for in each PUBLISH. Seconds. */
  readonly expiresS: number;
  /** How long after it was granted a publication is refreshed; undefined: it is not. */
  readonly refreshAfterMs: (grantedS: number) => number | undefined;
}

type Want = "publish" | "refresh" | "remove";

export interface Publisher {
  readonly rules: PublisherRules;
  readonly entityTag: string | undefined;
  readonly underway: PublishToSend | undefined;
  readonly wanted: Want | undefined;
  readonly refreshAt: number | undefined;
  readonly expiresAt: number | undefined;
  /** The least that the compositor takes, once it said so. */
  readonly minimumS: number;
}

export type PublisherEvent =
  /** There is new event state to publish. */
  | { readonly type: "publish" }
  | { readonly type: "remove" }
  /** The final response. */
  | {
      readonly type: "answered";
      readonly status: number;
      readonly entityTag?: string | undefined;
      readonly expiresS?: number | undefined;
      readonly minExpiresS?: number | undefined;
    }
  | { readonly type: "not-answered" }
  | { readonly type: "time" };

export type PublisherAction =
  | { readonly type: "send"; readonly publish: PublishToSend }
  | { readonly type: "published"; readonly kind: PublishToSend["kind"]; readonly entityTag: string }
  | { readonly type: "removed" }
  /** It was refused for good, or got no answer; what was published before stays as it was. */
  | { readonly type: "failed"; readonly kind: PublishToSend["kind"]; readonly status: number | undefined }
  | { readonly type: "expired" };

export interface PublisherStep {
  readonly publisher: Publisher;
  readonly actions: readonly PublisherAction[];
  readonly deadline: number | undefined;
}

export function createPublisher(rules: PublisherRules): Publisher {
  return {
    rules,
    entityTag: undefined,
    underway: undefined,
    wanted: undefined,
    refreshAt: undefined,
    expiresAt: undefined,
    minimumS: 0,
  };
}

export function publisherStep(publisher: Publisher, event: PublisherEvent, now: number): PublisherStep {
  const actions: PublisherAction[] = [];
  const next = sendWanted(take(publisher, event, now, actions), actions);
  return { publisher: next, actions, deadline: deadlineOf(next) };
}

function take(
  publisher: Publisher,
  event: PublisherEvent,
  now: number,
  actions: PublisherAction[],
): Publisher {
  if (event.type === "publish") return { ...publisher, wanted: "publish" };
  if (event.type === "remove") return { ...publisher, wanted: "remove" };
  if (event.type === "time") return timePassed(publisher, now, actions);
  const sent = publisher.underway;
  if (sent === undefined) return publisher;
  const settled = { ...publisher, underway: undefined };
  if (event.type === "not-answered") return failed(settled, sent, undefined, actions);
  if (event.status < 200) return publisher;
  return event.status < 300
    ? granted(settled, sent, event, now, actions)
    : refused(settled, sent, event, actions);
}

function granted(
  publisher: Publisher,
  sent: PublishToSend,
  {
    entityTag,
    expiresS,
  }: { readonly entityTag?: string | undefined; readonly expiresS?: number | undefined },
  now: number,
  actions: PublisherAction[],
): Publisher {
  if (sent.kind === "remove") {
    actions.push({ type: "removed" });
    return forgotten(publisher);
  }
  // RFC 3903 4.1: without a tag nothing can be said about it any more; the next PUBLISH is an initial one.
  if (entityTag === undefined) return failed(forgotten(publisher), sent, 200, actions);
  const grantedS = expiresS ?? sent.expiresS;
  const after = publisher.rules.refreshAfterMs(grantedS);
  actions.push({ type: "published", kind: sent.kind, entityTag });
  return {
    ...publisher,
    entityTag,
    expiresAt: now + grantedS * 1000,
    refreshAt: after === undefined ? undefined : now + after,
  };
}

function refused(
  publisher: Publisher,
  sent: PublishToSend,
  { status, minExpiresS }: { readonly status: number; readonly minExpiresS?: number | undefined },
  actions: PublisherAction[],
): Publisher {
  // RFC 3903 4.2 step 4.2: the tag is worth nothing; the state is published anew, or is gone already.
  if (status === 412 && sent.ifMatch !== undefined) {
    if (sent.kind === "remove") {
      actions.push({ type: "removed" });
      return forgotten(publisher);
    }
    return { ...forgotten(publisher), wanted: publisher.wanted ?? "publish" };
  }
  // RFC 3903 4.2 step 4.3; a compositor that then wants more still is not followed.
  const mended = publisher.minimumS > 0 && sent.expiresS === publisher.minimumS;
  if (status === 423 && minExpiresS !== undefined && minExpiresS > sent.expiresS && !mended)
    return { ...publisher, minimumS: minExpiresS, wanted: publisher.wanted ?? wantOf(sent) };
  return failed(publisher, sent, status, actions);
}

function wantOf({ kind }: PublishToSend): Want {
  if (kind === "remove") return "remove";
  return kind === "refresh" ? "refresh" : "publish";
}

function failed(
  publisher: Publisher,
  sent: PublishToSend,
  status: number | undefined,
  actions: PublisherAction[],
): Publisher {
  actions.push({ type: "failed", kind: sent.kind, status });
  return publisher;
}

function forgotten(publisher: Publisher): Publisher {
  return { ...publisher, entityTag: undefined, refreshAt: undefined, expiresAt: undefined };
}

function timePassed(publisher: Publisher, now: number, actions: PublisherAction[]): Publisher {
  const { refreshAt, expiresAt, underway } = publisher;
  if (underway !== undefined) return publisher;
  if (expiresAt !== undefined && expiresAt <= now) {
    actions.push({ type: "expired" });
    return forgotten(publisher);
  }
  return refreshAt !== undefined && refreshAt <= now
    ? { ...publisher, refreshAt: undefined, wanted: publisher.wanted ?? "refresh" }
    : publisher;
}

function sendWanted(publisher: Publisher, actions: PublisherAction[]): Publisher {
  const { wanted, underway } = publisher;
  if (wanted === undefined || underway !== undefined) return publisher;
  const publish = publishFor(publisher, wanted);
  if (publish === undefined) {
    actions.push({ type: "removed" });
    return { ...publisher, wanted: undefined };
  }
  actions.push({ type: "send", publish });
  return { ...publisher, wanted: undefined, underway: publish, refreshAt: undefined };
}

/** Undefined: there is nothing to remove. */
function publishFor(publisher: Publisher, wanted: Want): PublishToSend | undefined {
  const { entityTag: ifMatch, rules, minimumS } = publisher;
  const expiresS = Math.max(rules.expiresS, minimumS);
  if (wanted === "remove")
    return ifMatch === undefined ? undefined : { kind: "remove", ifMatch, expiresS: 0, body: false };
  if (ifMatch === undefined) return { kind: "initial", ifMatch, expiresS, body: true };
  return wanted === "refresh"
    ? { kind: "refresh", ifMatch, expiresS, body: false }
    : { kind: "modify", ifMatch, expiresS, body: true };
}

function deadlineOf({ underway, refreshAt, expiresAt }: Publisher): number | undefined {
  if (underway !== undefined) return undefined;
  const times = [refreshAt, expiresAt].filter((time) => time !== undefined);
  return times.length === 0 ? undefined : Math.min(...times);
}
