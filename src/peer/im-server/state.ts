/** What the server remembers between requests: registrations, system messages without an answer, messages for absent users. All of it is bounded. */
import type { SipRequest } from "../../wire/sip/message.ts";
import { addressKey } from "../im/address.ts";

/** Registration status of served users, from third-party REGISTER (clause 5.3). Times in milliseconds since the epoch. */
export function createRegistrations() {
  const expiry = new Map<string, number>();
  return {
    /** `until` in the past or present ends the registration. */
    set(user: string, until: number, now: number): void {
      if (until > now) expiry.set(addressKey(user), until);
      else expiry.delete(addressKey(user));
    },
    isRegistered(user: string, now: number): boolean {
      return (expiry.get(addressKey(user)) ?? 0) > now;
    },
    list: (): readonly string[] => [...expiry.keys()],
    clear: (): void => expiry.clear(),
  };
}

/** Ts1: until when each user may answer a system message that demands it (clauses 5.4, 15.1). */
export function createPendingAnswers() {
  const deadlines = new Map<string, number>();
  return {
    start(user: string, deadline: number): void {
      deadlines.set(addressKey(user), deadline);
    },
    /** True when an answer was awaited. */
    stop: (user: string): boolean => deadlines.delete(addressKey(user)),
    isPending: (user: string): boolean => deadlines.has(addressKey(user)),
    isOverdue(user: string, now: number): boolean {
      const deadline = deadlines.get(addressKey(user));
      return deadline !== undefined && deadline <= now;
    },
    list: (): readonly string[] => [...deadlines.keys()],
    clear: (): void => deadlines.clear(),
  };
}

export interface DeferredMessage {
  readonly request: SipRequest;
  readonly receivedAt: number;
  /** When it is no longer worth delivering; absent: never. */
  readonly expiresAt?: number;
}

/** Messages kept for absent users, at most `perUser` for each and `total` altogether. */
export function createDeferredMessages(limits = { perUser: 50, total: 1000 }) {
  const byUser = new Map<string, DeferredMessage[]>();
  const count = (): number => [...byUser.values()].reduce((sum, kept) => sum + kept.length, 0);
  return {
    /** False when there is no room left. */
    keep(user: string, message: DeferredMessage): boolean {
      const kept = byUser.get(addressKey(user)) ?? [];
      if (kept.length >= limits.perUser || count() >= limits.total) return false;
      byUser.set(addressKey(user), [...kept, message]);
      return true;
    },
    /** Hands out what is still valid, oldest first, and forgets it. */
    take(user: string, now: number): readonly DeferredMessage[] {
      const kept = byUser.get(addressKey(user)) ?? [];
      byUser.delete(addressKey(user));
      return kept.filter((message) => message.expiresAt === undefined || message.expiresAt > now);
    },
    count,
    clear: (): void => byUser.clear(),
  };
}

export type Registrations = ReturnType<typeof createRegistrations>;
export type PendingAnswers = ReturnType<typeof createPendingAnswers>;
export type DeferredMessages = ReturnType<typeof createDeferredMessages>;
