/**
 * The bindings of the users of one domain (RFC 3261 10.3). A machine: time is an argument, changes are returned, nothing is sent.
 */
import type { Hop } from "../../net/network.ts";
import { addressKey } from "./address-key.ts";
import type { UserProfile } from "./config.ts";
import type { FeatureParameter } from "./feature-parameters.ts";

/** A Contact of a REGISTER. */
export interface ContactToBind {
  readonly uri: string;
  readonly displayName?: string;
  /** All parameters but `expires` and `q`, as sent, with their semicolons: they go back in every answer. */
  readonly parameters: string;
  readonly features: readonly FeatureParameter[];
  readonly q?: number;
  /** Seconds asked for by the Contact itself. */
  readonly expiresS?: number;
}

export interface RegistrationAttempt {
  /** `*`: every binding of the user. */
  readonly contacts: readonly ContactToBind[] | "*";
  /** Expires header field, in seconds. */
  readonly expiresS?: number;
  readonly callId: string;
  readonly cseq: number;
  /** Path, in the order of the request: the route to the contact (RFC 3327). */
  readonly path: readonly string[];
  /** Where the request came from. */
  readonly source: Hop;
}

export interface Binding {
  /** Unique in the run, for the registration event package. */
  readonly id: string;
  readonly impi: string;
  readonly contact: ContactToBind;
  readonly path: readonly string[];
  readonly callId: string;
  readonly cseq: number;
  readonly source: Hop;
  /** Milliseconds since the epoch. */
  readonly registeredAt: number;
  readonly expiresAt: number;
}

/** The events of RFC 3680 4.7.2 that a registrar can cause. */
export type BindingEvent =
  "registered" | "created" | "refreshed" | "shortened" | "expired" | "deactivated" | "unregistered";

export interface BindingChange {
  readonly event: BindingEvent;
  readonly binding: Binding;
}

export type RegistrationOutcome =
  | { readonly ok: true; readonly changes: readonly BindingChange[]; readonly bindings: readonly Binding[] }
  | { readonly ok: false; readonly status: 400 | 423 | 500; readonly reason: string };

export interface RegistrarLimits {
  /** Granted where nothing is asked for, and the most that is granted. Seconds. */
  readonly registrationExpiresS: number;
  readonly minimumExpiresS?: number;
}

export interface Registrar {
  register(user: UserProfile, attempt: RegistrationAttempt, now: number): RegistrationOutcome;
  bindingsOf(impi: string): readonly Binding[];
  /** Binds or unbinds without a REGISTER, by order of the operator. */
  bind(
    user: UserProfile,
    contact: ContactToBind,
    source: Hop,
    expiresS: number | undefined,
    now: number,
  ): BindingChange;
  deactivate(impi: string): readonly BindingChange[];
  /** Removes what has run out by `now`. */
  expire(now: number): readonly BindingChange[];
  /** When the next binding runs out. */
  deadline(): number | undefined;
  all(): readonly Binding[];
}

const refusal = (status: 400 | 423 | 500, reason: string): RegistrationOutcome => ({
  ok: false,
  status,
  reason,
});

/** Contacts are one when their addresses are, and their ports and transports too. */
function contactKey(uri: string): string {
  const transport = /;transport=(\w+)/i.exec(uri)?.[1]?.toLowerCase() ?? "";
  return `${addressKey(uri)};${transport}`;
}

/** Seconds that a contact gets. */
function grantedS(contact: ContactToBind, attempt: RegistrationAttempt, limits: RegistrarLimits): number {
  const asked = contact.expiresS ?? attempt.expiresS ?? limits.registrationExpiresS;
  return Math.min(asked, limits.registrationExpiresS);
}

/** RFC 3261 10.3 step 7: too brief is refused, unless it is an hour or more, or a removal. */
function isTooBrief(seconds: number, limits: RegistrarLimits): boolean {
  return seconds > 0 && seconds < Math.min(limits.minimumExpiresS ?? 0, 3600);
}

function isOutOfOrder(binding: Binding, attempt: RegistrationAttempt): boolean {
  return binding.callId === attempt.callId && attempt.cseq <= binding.cseq;
}

function eventOf(before: Binding | undefined, after: Binding, now: number): BindingEvent {
  if (after.expiresAt <= now) return "unregistered";
  if (before === undefined) return "registered";
  return after.expiresAt < before.expiresAt ? "shortened" : "refreshed";
}

function bound(bindings: readonly Binding[], contact: ContactToBind): Binding | undefined {
  return bindings.find((binding) => contactKey(binding.contact.uri) === contactKey(contact.uri));
}

/** RFC 3261 10.3 step 6: every binding goes; with an expiration other than zero `*` is a bad request. */
function removeAll(
  before: readonly Binding[],
  attempt: RegistrationAttempt,
  now: number,
): RegistrationOutcome {
  if (attempt.expiresS !== 0) return refusal(400, "Wildcard Contact Needs Expires 0");
  if (before.some((binding) => isOutOfOrder(binding, attempt))) return refusal(500, "CSeq Out Of Order");
  const changes = before.map((binding) => ({
    event: "unregistered" as const,
    binding: { ...binding, expiresAt: now },
  }));
  return { ok: true, changes, bindings: [] };
}

export function createRegistrar(limits: RegistrarLimits): Registrar {
  const users = new Map<string, readonly Binding[]>();
  let lastId = 0;

  const bindingsOf = (impi: string): readonly Binding[] => users.get(impi) ?? [];

  function store(impi: string, bindings: readonly Binding[]): void {
    if (bindings.length === 0) users.delete(impi);
    else users.set(impi, bindings);
  }

  function renewed(impi: string, contact: ContactToBind, attempt: RegistrationAttempt, now: number): Binding {
    const before = bound(bindingsOf(impi), contact);
    const { path, callId, cseq, source } = attempt;
    const id = before?.id ?? `b${++lastId}`;
    const expiresAt = now + grantedS(contact, attempt, limits) * 1000;
    return {
      id,
      impi,
      contact,
      path,
      callId,
      cseq,
      source,
      registeredAt: before?.registeredAt ?? now,
      expiresAt,
    };
  }

  /** RFC 3261 10.3 step 7: all contacts of the request, or none. */
  function bindAll(
    impi: string,
    contacts: readonly ContactToBind[],
    attempt: RegistrationAttempt,
    now: number,
  ): RegistrationOutcome {
    let bindings = bindingsOf(impi);
    const changes: BindingChange[] = [];
    for (const contact of contacts) {
      if (isTooBrief(grantedS(contact, attempt, limits), limits)) return refusal(423, "Interval Too Brief");
      const before = bound(bindings, contact);
      if (before !== undefined && isOutOfOrder(before, attempt)) return refusal(500, "CSeq Out Of Order");
      const binding = renewed(impi, contact, attempt, now);
      const event = eventOf(before, binding, now);
      const rest = bindings.filter((other) => other !== before);
      bindings = event === "unregistered" ? rest : [...rest, binding];
      if (event !== "unregistered" || before !== undefined) changes.push({ event, binding });
    }
    return { ok: true, changes, bindings };
  }

  function take(remains: (binding: Binding) => boolean, event: BindingEvent): readonly BindingChange[] {
    const gone = [...users.values()].flat().filter((binding) => !remains(binding));
    for (const { impi } of gone) store(impi, bindingsOf(impi).filter(remains));
    return gone.map((binding) => ({ event, binding }));
  }

  return {
    bindingsOf,
    register({ impi }, attempt, now) {
      const outcome =
        attempt.contacts === "*"
          ? removeAll(bindingsOf(impi), attempt, now)
          : bindAll(impi, attempt.contacts, attempt, now);
      if (outcome.ok) store(impi, outcome.bindings);
      return outcome;
    },
    bind({ impi }, contact, source, expiresS, now) {
      const asked = expiresS === undefined ? contact : { ...contact, expiresS };
      const attempt = { contacts: [asked], callId: `operator-${impi}`, cseq: 0, path: [], source };
      const before = bound(bindingsOf(impi), contact);
      const binding = renewed(impi, asked, attempt, now);
      store(impi, [...bindingsOf(impi).filter((other) => other !== before), binding]);
      return { event: "created", binding };
    },
    deactivate: (impi) => take((binding) => binding.impi !== impi, "deactivated"),
    expire: (now) => take((binding) => binding.expiresAt > now, "expired"),
    deadline() {
      const times = [...users.values()].flat().map((binding) => binding.expiresAt);
      return times.length === 0 ? undefined : Math.min(...times);
    },
    all: () => [...users.values()].flat(),
  };
}
