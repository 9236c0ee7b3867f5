/** The registration event package (RFC 3680; RFC 3265 for the mechanism): clients and application servers are told of a user's registrations. */
import { createEventAgent } from "../../endpoint/events/event-agent.ts";
import type { ServedSubscription } from "../../endpoint/events/served-subscription.ts";
import type { IncomingRequest } from "../../endpoint/incoming.ts";
import type { SipEndpoint } from "../../endpoint/sip-endpoint.ts";
import type { Clock } from "../../net/clock.ts";
import type { Ids } from "../../net/ids.ts";
import { routesOf } from "../../wire/sip/headers.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import type { UserProfile } from "./config.ts";
import { hopOf } from "./hops.ts";
import { REGINFO_TYPE, registrationsOf, writeReginfo } from "./reginfo.ts";
import type { Binding, BindingChange } from "./registrar.ts";

export interface RegEvents {
  /** Takes a SUBSCRIBE: to a user's state, or, without a user, within a dialog; 481 where there is none. */
  subscribe(incoming: IncomingRequest, user: UserProfile | undefined): void;
  changed(user: UserProfile, changes: readonly BindingChange[]): void;
  /** Drops the subscriptions to a user; nobody is told. */
  forget(user: UserProfile): void;
  stop(): void;
}

export interface RegEventsOptions {
  readonly endpoint: SipEndpoint;
  readonly clock: Clock;
  readonly ids: Ids;
  /** URI of the notifier. */
  readonly contact: string;
  readonly bindingsOf: (impi: string) => readonly Binding[];
}

/** RFC 3680 4.4: the default is 3761 seconds, slightly longer than a usual registration. */
const EXPIRES_S = 3761;

interface Watched {
  readonly user: UserProfile;
  version: number;
  /** Since the last NOTIFY; the last of each binding. */
  changes: readonly BindingChange[];
}

export function createRegEvents({ endpoint, clock, ids, contact, bindingsOf }: RegEventsOptions): RegEvents {
  const watched = new Map<SipRequest, Watched>();
  const events = createEventAgent({
    endpoint,
    clock,
    ids,
    contact: `<${contact}>`,
    nextHop: (request, known) => {
      const next = routesOf(request)[0]?.uri ?? request.uri;
      return hopOf(next, { transport: known.transport }) ?? known;
    },
  });

  function document({ request }: ServedSubscription): Uint8Array {
    const state = watched.get(request);
    if (state === undefined) return new Uint8Array(0);
    const { user, version, changes } = state;
    state.version += 1;
    state.changes = [];
    const registrations = registrationsOf(user.identities, bindingsOf(user.impi), changes);
    return new TextEncoder().encode(writeReginfo({ version, registrations }, clock.now()));
  }

  events.serve({
    name: "reg",
    rules: { defaultS: EXPIRES_S, maximumS: EXPIRES_S },
    contentTypes: [REGINFO_TYPE],
    content: (subscription) => ({ body: { contentType: REGINFO_TYPE, bytes: document(subscription) } }),
    onEnd: ({ request }) => watched.delete(request),
  });

  const of = (user: UserProfile): readonly (readonly [ServedSubscription, Watched])[] =>
    events.notifier.subscriptions().flatMap((subscription) => {
      const state = watched.get(subscription.request);
      return state?.user.impi === user.impi ? [[subscription, state] as const] : [];
    });

  return {
    subscribe(incoming, user) {
      if (user !== undefined) watched.set(incoming.message, { user, version: 0, changes: [] });
      events.receive(incoming);
      const begun = events.notifier.subscriptions().some(({ request }) => request === incoming.message);
      if (!begun) watched.delete(incoming.message);
    },
    changed(user, changes) {
      for (const [subscription, state] of of(user)) {
        const ids = new Set(changes.map(({ binding }) => binding.id));
        state.changes = [...state.changes.filter(({ binding }) => !ids.has(binding.id)), ...changes];
        subscription.changed();
      }
    },
    forget(user) {
      for (const [subscription] of of(user)) subscription.forget();
    },
    stop: () => events.close(),
  };
}
