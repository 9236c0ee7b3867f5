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

export function createRegistrar(limits: RegistrarLimits): Registrar {
  const users = new Map<string, Binding[]>();
  let lastId = 0;

  const bindingsOf = (impi: string): readonly Binding[] => users.get(impi) ?? [];

  function store(impi: string, bindings: Binding[]): void {
    if (bindings.length === 0) users.delete(impi);
    else users.set(impi, bindings);
  }

  function grantedS(contact: ContactToBind, attempt: RegistrationAttempt): number {
    const asked = contact.expiresS ?? attempt.expiresS ?? limits.registrationExpiresS;
    return Math.min(asked, limits.registrationExpiresS);
  }

  /** RFC 3261 10.3 step 7: too brief is refused, unless it is an hour or more, or a removal. */
  function isTooBrief(seconds: number): boolean {
    return seconds > 0 && seconds < Math.min(limits.minimumExpiresS ?? 0, 3600);
  }

  function isOutOfOrder(binding: Binding, attempt: RegistrationAttempt): boolean {
    return binding.callId === attempt.callId && attempt.cseq <= binding.cseq;
  }

  function rebind(
    before: Binding | undefined,
    impi: string,
    contact: ContactToBind,
    attempt: RegistrationAttempt,
    now: number,
  ) {
    const seconds = grantedS(contact, attempt);
    const binding: Binding = {
      id: before?.id ?? `b${++lastId}`,
      impi,
      contact,
      path: attempt.path,
      callId: attempt.callId,
      cseq: attempt.cseq,
      source: attempt.source,
      registeredAt: before?.registeredAt ?? now,
      expiresAt: now + seconds * 1000,
    };
    const event: BindingEvent =
      seconds === 0
        ? "unregistered"
        : before === undefined
          ? "registered"
          : binding.expiresAt < before.expiresAt
            ? "shortened"
            : "refreshed";
    return { event, binding } satisfies BindingChange;
  }

  function removeAll(user: UserProfile, attempt: RegistrationAttempt, now: number): RegistrationOutcome {
    // RFC 3261 10.3 step 6: `*` with an expiration other than zero is a bad request.
    if (attempt.expiresS !== 0) return refusal(400, "Wildcard Contact Needs Expires 0");
    const before = bindingsOf(user.impi);
    if (before.some((binding) => isOutOfOrder(binding, attempt))) return refusal(500, "CSeq Out Of Order");
    users.delete(user.impi);
    const changes = before.map((binding) => ({
      event: "unregistered" as const,
      binding: { ...binding, expiresAt: now },
    }));
    return { ok: true, changes, bindings: [] };
  }

  function register(user: UserProfile, attempt: RegistrationAttempt, now: number): RegistrationOutcome {
    if (attempt.contacts === "*") return removeAll(user, attempt, now);
    let bindings = [...bindingsOf(user.impi)];
    const changes: BindingChange[] = [];
    for (const contact of attempt.contacts) {
      if (isTooBrief(grantedS(contact, attempt))) return refusal(423, "Interval Too Brief");
      const key = contactKey(contact.uri);
      const before = bindings.find((binding) => contactKey(binding.contact.uri) === key);
      if (before !== undefined && isOutOfOrder(before, attempt)) return refusal(500, "CSeq Out Of Order");
      const change = rebind(before, user.impi, contact, attempt, now);
      bindings = bindings.filter((binding) => binding !== before);
      if (change.event !== "unregistered") bindings.push(change.binding);
      if (change.event !== "unregistered" || before !== undefined) changes.push(change);
    }
    store(user.impi, bindings);
    return { ok: true, changes, bindings };
  }

  function bind(
    user: UserProfile,
    contact: ContactToBind,
    source: Hop,
    expiresS: number | undefined,
    now: number,
  ): BindingChange {
    const before = bindingsOf(user.impi).find(
      (binding) => contactKey(binding.contact.uri) === contactKey(contact.uri),
    );
    const attempt = { contacts: [contact], callId: `operator-${user.impi}`, cseq: 0, path: [], source };
    const asked = expiresS === undefined ? contact : { ...contact, expiresS };
    const { binding } = rebind(before, user.impi, asked, attempt, now);
    store(user.impi, [...bindingsOf(user.impi).filter((other) => other !== before), binding]);
    return { event: "created", binding };
  }

  function take(remains: (binding: Binding) => boolean, event: BindingEvent): readonly BindingChange[] {
    const changes: BindingChange[] = [];
    for (const [impi, bindings] of [...users]) {
      const gone = bindings.filter((binding) => !remains(binding));
      if (gone.length === 0) continue;
      store(impi, bindings.filter(remains));
      changes.push(...gone.map((binding) => ({ event, binding })));
    }
    return changes;
  }

  return {
    register,
    bindingsOf,
    bind,
    deactivate: (impi) => take((binding) => binding.impi !== impi, "deactivated"),
    expire: (now) => take((binding) => binding.expiresAt > now, "expired"),
    deadline: () => {
      const times = [...users.values()].flat().map((binding) => binding.expiresAt);
      return times.length === 0 ? undefined : Math.min(...times);
    },
    all: () => [...users.values()].flat(),
  };
}
