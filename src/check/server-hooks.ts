/** What the server was asked to start in a session by its control hook, and did; and the time that it had for what should come of it. */
import type { Stimulated } from "../trace/event.ts";
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { agreedIdentity, focusContactOf, type SetUp } from "./conference.ts";

/** Asked about the session, or about the group that it is of, and answered with yes. */
export function hooked(setUp: SetUp, action: string, trace: ScenarioTrace): readonly Stimulated[] {
  const named = setUp.invitations.map(({ request }) => focusContactOf(request)?.uri);
  const names = [agreedIdentity(setUp), setUp.group?.uri, ...named].filter((uri) => uri !== undefined);
  return trace.stimuli.filter(
    (stimulus) =>
      stimulus.action === action &&
      stimulus.seq > setUp.exchange.request.seq &&
      names.some((uri) => sameAddressOfRecord(uri, String(stimulus.intent["session"]))) &&
      answerTo(stimulus, trace) !== undefined,
  );
}

/** The server has answered that it does not do it. */
export function isTurnedDown({ id }: Stimulated, { events }: ScenarioTrace): boolean {
  return events.some((event) => event.type === "driver-answered" && event.stimulus === id && !event.ok);
}

function answerTo({ id }: Stimulated, { events }: ScenarioTrace): { readonly at: number } | undefined {
  return events.find((event) => event.type === "driver-answered" && event.stimulus === id && event.ok);
}

/** Where the asking stands in the record, and when it was answered. */
export function hookedAt(
  stimulus: Stimulated,
  trace: ScenarioTrace,
): { readonly seq: number; readonly at: number } {
  return { seq: stimulus.seq, at: answerTo(stimulus, trace)?.at ?? stimulus.at };
}
