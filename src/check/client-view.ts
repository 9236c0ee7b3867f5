/** The client under test as the trace shows it: what it was asked to do, what it sent and was given, what its driver told. */
import type { DriverAnswered, LeasedUser, Stimulated } from "../trace/event.ts";
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import type { Outcome } from "./check.ts";
import { missed, passed, undecided } from "./outcome.ts";

/** Requests of a method that the client sent, whomever it sent them to. */
export function sentByClient(method: string, trace: ScenarioTrace): readonly Exchange[] {
  return exchangesOfClient(method, "from-sut", trace);
}

/** Requests of a method that were delivered to the client. */
export function givenToClient(method: string, trace: ScenarioTrace): readonly Exchange[] {
  return exchangesOfClient(method, "to-sut", trace);
}

function exchangesOfClient(
  method: string,
  way: "from-sut" | "to-sut",
  trace: ScenarioTrace,
): readonly Exchange[] {
  const node = trace.sutFile.client?.node;
  return trace.exchanges({ method, way }).filter(({ request }) => request.peer === node);
}

/** The user whom the client under test serves in the scenario. */
export function clientUser(trace: ScenarioTrace): LeasedUser | undefined {
  return trace.users.find((user) => user.played === "sut");
}

/** Whether a URI is one of the identities of the client's user. */
export function isClientUser(uri: string | undefined, trace: ScenarioTrace): boolean {
  const user = clientUser(trace);
  if (user === undefined || uri === undefined) return false;
  return [user.imAddress, user.tel].some((own) => own !== undefined && sameAddressOfRecord(own, uri));
}

/** What the client was asked to do, in the words of the action vocabulary. */
export function askedOfClient(action: string, trace: ScenarioTrace): readonly Stimulated[] {
  const actor = clientUser(trace)?.actor;
  return trace.stimuli.filter((stimulus) => stimulus.actor === actor && stimulus.action === action);
}

export function driverAnswer(stimulus: Stimulated, trace: ScenarioTrace): DriverAnswered | undefined {
  return trace.events.find(
    (event): event is DriverAnswered => event.type === "driver-answered" && event.stimulus === stimulus.id,
  );
}

/** The next thing that the client was asked to do; what it sends from there on may have that cause. */
export function nextAsked(stimulus: Stimulated, trace: ScenarioTrace): Stimulated | undefined {
  return trace.stimuli.find(({ seq, actor }) => seq > stimulus.seq && actor === stimulus.actor);
}

/**
 * What is said of an action that should have led to a request and led to none. The client's word that it is done, and a wait for the
 * request that ran out, make it a miss; a driver that could not carry the action out leaves it open.
 */
export function neverSent(
  stimulus: Stimulated,
  expected: string,
  window: string,
  trace: ScenarioTrace,
): Outcome {
  const answer = driverAnswer(stimulus, trace);
  if (answer?.ok === false)
    return undecided(expected, `the client did not carry out ${stimulus.action}: ${answer.says}`);
  return trace.absenceProven(stimulus.at, window)
    ? { ...missed(expected, `none came after ${stimulus.action}`), evidence: [{ seq: stimulus.seq }] }
    : undecided(expected, "the trace does not show that none came");
}

/** A request reached the SIP/IP Core, which is Scrim's, and nobody else. */
export function judgeSentToCore(exchange: Exchange): Outcome {
  const { nodeKind, node, message } = exchange.request;
  const expected = `${message.method} sent to the SIP/IP Core`;
  return nodeKind === "core"
    ? passed(expected, "it came to the core", exchange.request)
    : missed(expected, `it came to ${node} directly`, exchange.request);
}
