/** What RFC 4575 and Appendix M demand of a conference document and its schema cannot say. */
import type { ConferenceInfo, ConferenceUser, ElementState } from "./conference-info.ts";

export interface ConferenceInfoViolation {
  readonly code:
    | "no-version"
    | "user-without-entity"
    | "endpoint-without-entity"
    | "user-twice"
    | "endpoint-twice"
    | "state-of-child"
    | "content-of-deleted"
    | "yourown-misplaced";
  readonly message: string;
  readonly clause: string;
}

/** Every departure; empty: there is none. */
export function conferenceInfoViolations(info: ConferenceInfo): readonly ConferenceInfoViolation[] {
  return [
    ...(info.version === undefined
      ? [{ code: "no-version", message: "conference-info has no version", clause: "RFC 4575 5.2" } as const]
      : []),
    ...usersViolations(info),
    ...info.misplacedYourOwn.map(
      (path) =>
        ({
          code: "yourown-misplaced",
          message: `${path} has yourown`,
          clause: "OMA-TS-SIMPLE_IM M.1",
        }) as const,
    ),
  ];
}

function usersViolations({ state, users }: ConferenceInfo): readonly ConferenceInfoViolation[] {
  if (users === undefined) return [];
  const { list } = users;
  return [
    ...childState("conference-info", state, "users", users.state),
    ...duplicates(list.map(({ entity }) => entity)).map(
      (entity) =>
        ({ code: "user-twice", message: `${entity} is there twice`, clause: "RFC 4575 4.5" }) as const,
    ),
    ...list.flatMap((user) => userViolations(user, users.state)),
  ];
}

function userViolations(user: ConferenceUser, parent: ElementState): readonly ConferenceInfoViolation[] {
  const name = user.entity ?? "a user";
  const keys = user.endpoints.map(({ entity }) => entity);
  return [
    ...(user.entity === undefined
      ? [{ code: "user-without-entity", message: "a user has no entity", clause: "RFC 4575 5.6" } as const]
      : []),
    ...childState("users", parent, name, user.state),
    ...(user.state === "deleted" && (user.endpoints.length > 0 || user.displayText !== undefined)
      ? [
          {
            code: "content-of-deleted",
            message: `${name} is deleted, with content`,
            clause: "RFC 4575 4.4",
          } as const,
        ]
      : []),
    ...(keys.includes(undefined)
      ? [
          {
            code: "endpoint-without-entity",
            message: `an endpoint of ${name} has no entity`,
            clause: "RFC 4575 5.7",
          } as const,
        ]
      : []),
    ...duplicates(keys).map(
      (entity) =>
        ({
          code: "endpoint-twice",
          message: `endpoint ${entity} of ${name} is there twice`,
          clause: "RFC 4575 4.5",
        }) as const,
    ),
    ...user.endpoints.flatMap((endpoint) =>
      childState(name, user.state, `endpoint ${endpoint.entity ?? ""}`.trim(), endpoint.state),
    ),
  ];
}

/** RFC 4575 4.4: what is within something full is full. */
function childState(
  parent: string,
  parentState: ElementState,
  child: string,
  state: ElementState,
): readonly ConferenceInfoViolation[] {
  if (parentState !== "full" || state === "full") return [];
  const message = `${child} is ${state} within ${parent}, which is full`;
  return [{ code: "state-of-child", message, clause: "RFC 4575 4.4" }];
}

function duplicates(keys: readonly (string | undefined)[]): readonly string[] {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const key of keys) {
    if (key === undefined) continue;
    if (seen.has(key)) twice.add(key);
    seen.add(key);
  }
  return [...twice];
}
