/** Flow D.3, arrow by arrow: a message to a group, its delivery notifications, and a member who comes later (Appendix D.3, informative). */
import { bindFlow } from "../trace/bind-flow.ts";
import { compareFlow, type ArrowComparison, type FlowComparison } from "../trace/compare-flow.ts";
import type { Stimulated } from "../trace/event.ts";
import { specifiedFlow, type FlowArrow } from "../trace/flow.ts";
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { check, type Check, type Outcome } from "./check.ts";
import { registeredAt } from "./grounds.ts";

const flow = await specifiedFlow("D.3");

/** A statement for each numbered step of the figure; a step may be several arrows. */
export const flowD3: readonly Check[] = Array.from({ length: 19 }, (_, index) =>
  stepCheck(`D.3-${index + 1}`),
);

function stepCheck(statement: string): Check {
  return check(statement, {
    trigger: (trace) => {
      const comparison = comparisonOf(trace);
      return comparison === undefined ? [] : [comparison];
    },
    judge: ({ arrows }) => outcomeOf(arrows.filter(({ arrow }) => (arrow.step ?? arrow.id) === statement)),
  });
}

/** Nineteen checks ask about the same trace. */
const compared = new WeakMap<ScenarioTrace, FlowComparison>();

/** Undefined where the trace does not begin as the flow does. */
function comparisonOf(trace: ScenarioTrace): FlowComparison | undefined {
  const known = compared.get(trace);
  if (known !== undefined) return known;
  const [start] = trace.stimuli.filter((stimulus) => startsFlow(stimulus, trace));
  const users = start === undefined ? undefined : castOf(start, trace);
  if (start === undefined || users === undefined) return undefined;
  const comparison = compareFlow(flow, trace, {
    ...bindFlow(flow, trace, { users }),
    stimulus: start,
    holds: ["deferral"],
  });
  compared.set(trace, comparison);
  return comparison;
}

/** A message to a pre-defined group whose sender wants to be told of its delivery. */
function startsFlow({ action, intent }: Stimulated, trace: ScenarioTrace): boolean {
  const report: unknown = intent["report"];
  return (
    action === "send-message" &&
    Array.isArray(report) &&
    report.includes("positive-delivery") &&
    groupOf(intent, trace) !== undefined
  );
}

function groupOf(intent: Stimulated["intent"], trace: ScenarioTrace): ReturnType<ScenarioTrace["group"]> {
  const to: unknown = intent["to"];
  const first: unknown = Array.isArray(to) ? to[0] : undefined;
  return typeof first === "string" ? trace.group(first) : undefined;
}

/** The sender is User A, the members who are there B and C, the one who is away D. */
function castOf(start: Stimulated, trace: ScenarioTrace): Readonly<Record<string, string>> | undefined {
  const sender = trace.user(start.actor)?.imAddress;
  const others = (groupOf(start.intent, trace)?.members ?? []).filter(
    (member) => sender !== undefined && !sameAddressOfRecord(member, sender),
  );
  const actors = (there: boolean): readonly string[] =>
    others
      .filter((member) => registeredAt(member, start.seq, trace) === there)
      .flatMap((member) => trace.userOf(member)?.actor ?? []);
  const [b, c] = actors(true);
  const [d] = actors(false);
  if (b === undefined || c === undefined || d === undefined) return undefined;
  return { "user-a": start.actor, "user-b": b, "user-c": c, "user-d": d };
}

function outcomeOf(arrows: readonly ArrowComparison[]): Outcome {
  const expected = arrows.map(({ arrow }) => wordsOf(arrow)).join("; ");
  const evidence = arrows.flatMap(({ seqs }) => seqs.map((seq) => ({ seq })));
  const different = arrows.filter(({ status }) => status !== "matched");
  const actual =
    different.length === 0
      ? "seen, in this order"
      : different.map(({ arrow, status, says }) => `${wordsOf(arrow)}: ${says ?? status}`).join("; ");
  const base = { expected, actual, evidence };
  if (different.length === 0) return { result: "pass", ...base };
  return different.every(({ status }) => status === "unseen")
    ? { result: "noted", ...base, note: "it stays within the server, where nobody can see it" }
    : { result: "miss", ...base };
}

function wordsOf({ from, to, request, response, carries }: FlowArrow): string {
  const name = (id: string): string => flow.participants.find((one) => one.id === id)?.name ?? id;
  const what = carries === "notification" ? `${request ?? ""} with a delivery notification` : request;
  return `${what ?? response ?? ""} from ${name(from)} to ${name(to)}`;
}
