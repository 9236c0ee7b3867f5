/** Takes PUBLISH (RFC 3903 6), and keeps what is published until its time is over. */
import {
  expiredPublications,
  type Publication,
  publicationDeadline,
  type Publications,
  publicationsOf,
  type PublishOutcome,
  publishStep,
  type CompositorRules,
} from "../../machine/publication/compositor.ts";
import type { HeaderPair } from "../../wire/sip/build.ts";
import { eventTypeOf } from "../../wire/sip/event-fields.ts";
import { contentTypeOf, expiresOf, header } from "../../wire/sip/headers.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import { ifMatchOf } from "../../wire/sip/publication-fields.ts";
import type { IncomingRequest } from "../incoming.ts";
import type { Agent, Alarm } from "./agent.ts";
import { answer } from "./composition.ts";

export interface PublishedContent {
  readonly contentType: string;
  readonly bytes: Uint8Array;
  /** The PUBLISH that brought it. */
  readonly request: SipRequest;
}

/** What happened to a publication. */
export interface PublicationChange {
  readonly what: "created" | "refreshed" | "modified" | "removed" | "expired";
  readonly publication: Publication<PublishedContent>;
}

export interface CompositorOptions {
  /** Event packages that are taken; others get 489. */
  readonly packages: readonly string[];
  /** Of each; others get 415. Empty: any. */
  readonly contentTypes?: readonly string[];
  readonly rules?: Partial<CompositorRules>;
  /** One spelling for each resource; undefined: it is not here, 404. Default: the Request-URI. */
  readonly resourceOf?: (request: SipRequest) => string | undefined;
  /** The last word before it is stored: a refusal, or undefined. */
  readonly refuse?: (
    request: SipRequest,
  ) =>
    | { readonly status: number; readonly reason?: string; readonly headers?: readonly HeaderPair[] }
    | undefined;
  readonly onChange?: (change: PublicationChange) => void;
}

export interface Compositor {
  /** Takes a PUBLISH. */
  receive(incoming: IncomingRequest): boolean;
  /** What is published now, the latest last. */
  of(resource: string, event: string): Publications<PublishedContent>;
  readonly all: Publications<PublishedContent>;
  /** Drops all of them; nobody is told. */
  clear(): void;
}

const DEFAULT_RULES: CompositorRules = { defaultS: 3600, maximumS: 86_400, minimumS: 0 };

export function createCompositor(agent: Agent, options: CompositorOptions): Compositor {
  const rules = { ...DEFAULT_RULES, ...options.rules };
  let all: Publications<PublishedContent> = [];
  const tell = (change: PublicationChange): void => agent.guard(() => options.onChange?.(change));
  const alarm: Alarm = { ring: expire };

  function arm(): void {
    agent.alarms.set(alarm, publicationDeadline(all));
  }

  function expire(): void {
    const { publications, expired } = expiredPublications(all, agent.now());
    all = publications;
    arm();
    for (const publication of expired) tell({ what: "expired", publication });
  }

  function store(incoming: IncomingRequest, resource: string, event: string): void {
    const { message } = incoming;
    expire();
    const request = {
      resource,
      event,
      ifMatch: ifMatchOf(message),
      expiresS: expiresOf(message),
      content: contentOf(message),
    };
    const step = publishStep(all, request, rules, agent.ids.token(13), agent.now());
    all = step.publications;
    arm();
    const { outcome } = step;
    respond(agent, incoming, outcome);
    if (outcome.status === 200 && outcome.done !== "nothing" && outcome.publication !== undefined)
      tell({ what: outcome.done, publication: outcome.publication });
  }

  return {
    get all() {
      return all;
    },
    of: (resource, event) => publicationsOf(all, resource, event, agent.now()),
    clear: () => {
      all = [];
      arm();
    },
    receive: (incoming) => {
      const { message } = incoming;
      if (message.method !== "PUBLISH") return false;
      const resource = (options.resourceOf ?? (({ uri }) => uri))(message);
      const event = eventTypeOf(message)?.type;
      const wrong = refusalOf(message, resource, event, options);
      if (wrong !== undefined) answer(agent, incoming, wrong.status, wrong.headers, wrong);
      else if (resource !== undefined && event !== undefined) store(incoming, resource, event);
      return true;
    },
  };
}

interface Wrong {
  readonly status: number;
  readonly reason?: string;
  readonly headers?: readonly HeaderPair[];
}

/** Steps 1, 2 and 5, as far as they need no store. */
function refusalOf(
  message: SipRequest,
  resource: string | undefined,
  event: string | undefined,
  { packages, contentTypes = [], refuse }: CompositorOptions,
): Wrong | undefined {
  if (resource === undefined) return { status: 404 };
  if (event === undefined || !packages.includes(event))
    return { status: 489, headers: [["Allow-Events", packages.join(", ")]] };
  const type = contentTypeOf(message)?.type ?? "";
  if (message.body.length > 0 && contentTypes.length > 0 && !contentTypes.includes(type))
    return { status: 415, headers: [["Accept", contentTypes.join(", ")]] };
  return refuse?.(message);
}

function contentOf(request: SipRequest): PublishedContent | undefined {
  if (request.body.length === 0) return undefined;
  return { contentType: header(request, "Content-Type") ?? "", bytes: request.body, request };
}

/** Step 6. */
function respond(agent: Agent, incoming: IncomingRequest, outcome: PublishOutcome<PublishedContent>): void {
  if (outcome.status === 200)
    return answer(agent, incoming, 200, [
      ["SIP-ETag", outcome.entityTag],
      ["Expires", String(outcome.expiresS)],
    ]);
  if (outcome.status === 423)
    return answer(agent, incoming, 423, [["Min-Expires", String(outcome.minExpiresS)]]);
  answer(agent, incoming, outcome.status, [], { reason: outcome.reason });
}
