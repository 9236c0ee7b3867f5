/** Messages in sessions are told by the tokens in them, whatever the server does to their headers. */
import type { LeasedUser } from "../trace/event.ts";
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import type { SessionMessage } from "../trace/session/session-messages.ts";
import { memo } from "./memo.ts";

/** Whoever is at a node of Scrim's. */
interface Placed {
  readonly user: LeasedUser;
}

/** A message is told by the token of the stimulus that is in it; one that the record keeps in part, by its Message-ID. */
export const tokensOf = memo((trace: ScenarioTrace): ReadonlyMap<SessionMessage, string> => {
  const tokens = trace.stimuli.flatMap(({ token }) => token ?? []);
  const pattern = tokens.length === 0 ? undefined : new RegExp(tokens.map(literally).join("|"), "u");
  const { messages } = trace.sessionMode;
  const read = messages.flatMap((message) => {
    const token = pattern?.exec(textOf(message))?.[0];
    return token === undefined ? [] : [[message, token] as const];
  });
  const byId = new Map(read.map(([{ messageId }, token]) => [messageId, token]));
  const cut = messages.flatMap((message) => {
    const token = isCut(message) ? byId.get(message.messageId) : undefined;
    return token === undefined ? [] : [[message, token] as const];
  });
  return new Map([...cut, ...read]);
});

const textOf = ({ chunks }: SessionMessage): string =>
  chunks.map(({ request }) => Buffer.from(request.body ?? []).toString("latin1")).join("");

const isCut = ({ chunks }: SessionMessage): boolean => chunks.some(({ request }) => request.cut === true);

const literally = (token: string): string => token.replaceAll(/[\\^$.*+?()[\]{}|]/gu, "\\$&");

/** What of it came to the participant from the server, whole or not. */
export function copiesAt({ user }: Placed, token: string, trace: ScenarioTrace): readonly SessionMessage[] {
  return receivedOf(trace).get(`${user.node} ${token}`) ?? [];
}

const receivedOf = memo((trace: ScenarioTrace): ReadonlyMap<string, readonly SessionMessage[]> => {
  const found = new Map<string, SessionMessage[]>();
  for (const [message, token] of tokensOf(trace)) {
    if (message.way !== "from-sut") continue;
    const key = `${message.node} ${token}`;
    const known = found.get(key);
    if (known === undefined) found.set(key, [message]);
    else known.push(message);
  }
  return found;
});
