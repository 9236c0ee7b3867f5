/** What a subscriber knows of a conference, put together from full and partial documents (RFC 4575 4.6). */
import type { ConferenceEndpoint, ConferenceInfo, ConferenceUser } from "./conference-info.ts";

export interface ConferenceState {
  readonly entity: string;
  readonly version: number;
  /** The conference has ceased to exist. */
  readonly deleted: boolean;
  readonly userCount?: number;
  /** By entity, in the order in which they were told first. */
  readonly users: ReadonlyMap<string, ConferenceUser>;
}

/**
 * `taken`: the document is in the state. `stale`: its version is not above the known one, it is discarded. `gap`: a partial document with a
 * later version than the next, or before any full one: the subscriber has to refresh its subscription.
 */
export type Absorption = "taken" | "stale" | "gap";

export function absorb(
  known: ConferenceState | undefined,
  document: ConferenceInfo,
): { readonly state: ConferenceState | undefined; readonly absorption: Absorption } {
  const version = document.version ?? (known?.version ?? -1) + 1;
  if (known !== undefined && version <= known.version) return { state: known, absorption: "stale" };
  if (document.state !== "partial")
    return {
      state: {
        entity: document.entity,
        version,
        deleted: document.state === "deleted",
        ...(document.userCount === undefined ? {} : { userCount: document.userCount }),
        users: usersOf(document),
      },
      absorption: "taken",
    };
  if (known === undefined || version > known.version + 1) return { state: known, absorption: "gap" };
  const userCount = document.userCount ?? known.userCount;
  return {
    state: {
      ...known,
      version,
      ...(userCount === undefined ? {} : { userCount }),
      users: usersAfter(known.users, document),
    },
    absorption: "taken",
  };
}

/** Users without a key cannot be told apart and are passed over. */
function usersOf(document: ConferenceInfo): ReadonlyMap<string, ConferenceUser> {
  return new Map(
    (document.users?.list ?? []).flatMap((user) =>
      user.entity === undefined || user.state === "deleted" ? [] : [[user.entity, user] as const],
    ),
  );
}

function usersAfter(
  known: ReadonlyMap<string, ConferenceUser>,
  document: ConferenceInfo,
): ReadonlyMap<string, ConferenceUser> {
  const { users } = document;
  if (users === undefined) return known;
  if (users.state !== "partial") return users.state === "deleted" ? new Map() : usersOf(document);
  const after = new Map(known);
  for (const user of users.list) {
    if (user.entity === undefined) continue;
    const before = after.get(user.entity);
    if (user.state === "deleted") after.delete(user.entity);
    else after.set(user.entity, user.state === "partial" ? updated(before, user) : user);
  }
  return after;
}

function updated(before: ConferenceUser | undefined, update: ConferenceUser): ConferenceUser {
  if (before === undefined) return update;
  const endpoints = new Map<string | undefined, ConferenceEndpoint>(
    before.endpoints.map((endpoint) => [endpoint.entity, endpoint]),
  );
  for (const endpoint of update.endpoints) {
    const known = endpoints.get(endpoint.entity);
    if (endpoint.state === "deleted") endpoints.delete(endpoint.entity);
    else endpoints.set(endpoint.entity, endpoint.state === "partial" ? { ...known, ...endpoint } : endpoint);
  }
  return { ...before, ...update, state: "full", endpoints: [...endpoints.values()] };
}
