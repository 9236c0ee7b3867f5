/**
 * What a line of a run record must look like, member by member. A record may come from anywhere, so nothing of it is believed before it was
 * checked. Members that this version does not know are kept.
 */
import { z } from "zod";
import { GROUP_ACTIONS } from "../spec/group-rules.ts";
import type { RunEvent } from "./event.ts";
import { RUN_FORMAT } from "./event.ts";
import { nestsLittle, recordedSutFile } from "./recorded-sut-file.ts";

const text = z.string();
const texts = z.array(z.string());
/** No more than a Date can hold. */
const millis = z.number().nonnegative().max(8.64e15);
const blame = z.enum(["sut", "scrim", "rig"]);
const verdict = z.enum(["pass", "fail", "warn", "noted", "inconclusive", "error"]);
const serverFunction = z.enum(["originating", "terminating", "controlling", "registration"]);
/** Free JSON, as long as it is not nested so deep that writing it again would overflow the stack. */
const freeJson = z.unknown().refine(nestsLittle, "nested too deep");

const recordedBytes = z.union([
  z.looseObject({ text }),
  z.looseObject({ base64: z.base64() }),
  z.looseObject({
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    length: z.int().nonnegative(),
    head: text,
    tail: text,
  }),
]);

const leasedUser = z.looseObject({
  actor: text,
  node: text,
  played: z.enum(["scrim", "sut"]),
  imAddress: text,
  tel: text.optional(),
  properties: texts,
});

const accessRule = z.looseObject({
  services: texts,
  media: texts,
  senders: texts,
  action: z.enum(["reject", "accept"]),
});

const ageRange = z.looseObject({ from: z.number().optional(), until: z.number().optional() });

const groupRules = z.looseObject({
  granted: z.record(z.enum(GROUP_ACTIONS), texts),
  grantedToOthers: z.array(z.enum(GROUP_ACTIONS)),
  inviteMembers: z.boolean(),
  maxParticipantCount: z.number().nonnegative().optional(),
  age: ageRange.optional(),
  media: texts.optional(),
  maxDurationS: z.number().nonnegative().optional(),
  minParticipantCount: z.number().nonnegative().optional(),
  requiredParticipants: texts.optional(),
  displayNames: z.record(z.string(), z.string()).optional(),
});

const provisionedItem = z.discriminatedUnion("kind", [
  z.looseObject({
    kind: z.literal("group"),
    uri: text,
    members: texts,
    allowAnonymity: z.boolean(),
    supportsIm: z.boolean(),
    rules: groupRules.optional(),
  }),
  z.looseObject({ kind: z.literal("group-deleted"), uri: text }),
  z.looseObject({ kind: z.literal("profile"), owner: text, age: z.number().nonnegative() }),
  z.looseObject({ kind: z.literal("access-rules"), owner: text, rules: z.array(accessRule) }),
  z.looseObject({ kind: z.literal("configuration-set"), name: text }),
  z.looseObject({ kind: z.literal("session"), uri: text, participants: texts, ongoing: z.boolean() }),
  z.looseObject({ kind: z.literal("system-message"), to: text, responseWithinMs: millis }),
]);

const placed = { seq: z.int().positive(), at: millis, scenario: text.optional() };
const inScenario = { ...placed, scenario: text };

/** A schema for each kind of event; the compiler sees to it that none is forgotten. */
const eventSchemas: Readonly<Record<RunEvent["type"], z.ZodType>> = {
  "run-opened": z.looseObject({
    ...placed,
    format: z.literal(RUN_FORMAT),
    scrim: text,
    document: text,
    sutFile: recordedSutFile,
    selection: texts,
    seed: z.number(),
    virtual: z.boolean(),
  }),
  "scenario-opened": z.looseObject({
    ...inScenario,
    name: text,
    rule: text.optional(),
    feature: text,
    location: text,
    tags: texts,
    purpose: texts,
    sut: z.enum(["server", "client"]),
    configurationSet: text,
    lane: z.int().nonnegative(),
  }),
  phase: z.looseObject({ ...inScenario, phase: z.enum(["preamble", "body", "postamble"]) }),
  step: z.looseObject({
    ...inScenario,
    text,
    status: z.enum(["passed", "failed", "skipped"]),
    reason: text.optional(),
    blame: blame.optional(),
  }),
  leased: z.looseObject({ ...inScenario, user: leasedUser }),
  provisioned: z.looseObject({ ...inScenario, item: provisionedItem }),
  stimulated: z.looseObject({
    ...inScenario,
    id: text,
    actor: text,
    action: text,
    intent: z.record(z.string(), freeJson),
    token: text.optional(),
    deviations: texts,
  }),
  crossed: z.looseObject({
    ...placed,
    node: text,
    nodeKind: z.enum(["client", "core", "server", "xdms", "tester"]),
    direction: z.enum(["in", "out"]),
    peer: text,
    peerIsSut: z.boolean(),
    protocol: z.enum(["sip", "http", "msrp"]),
    transport: z.enum(["udp", "tcp", "tls"]),
    local: text,
    remote: text,
    bytes: recordedBytes,
    begunAt: millis.optional(),
    serverFunction: serverFunction.optional(),
    passage: text.optional(),
    stimulus: text.optional(),
    malformed: z.looseObject({ code: text, offset: z.number(), message: text }).optional(),
  }),
  "window-opened": z.looseObject({
    ...inScenario,
    window: text,
    purpose: z.enum(["absence", "presence"]),
    of: text,
    lengthMs: millis,
  }),
  "window-closed": z.looseObject({
    ...inScenario,
    window: text,
    how: z.enum(["elapsed", "met", "fence", "cut"]),
  }),
  "driver-answered": z.looseObject({
    ...placed,
    node: text,
    stimulus: text.optional(),
    ok: z.boolean(),
    says: text,
  }),
  "sut-life": z.looseObject({
    ...placed,
    node: text,
    state: z.enum(["started", "reachable", "unreachable", "stopped", "configured"]),
    detail: text.optional(),
  }),
  "held-up": z.looseObject({ ...placed, forMs: z.number().nonnegative() }),
  noted: z.looseObject({
    ...placed,
    about: z.enum(["quarantine", "dirty", "clean-up", "rig", "scrim", "interrupted"]),
    text,
  }),
  "scenario-closed": z.looseObject({
    ...inScenario,
    how: z.enum(["complete", "cut", "not-run"]),
    reason: text.optional(),
  }),
  "run-closed": z.looseObject({ ...placed, how: z.enum(["complete", "interrupted"]) }),
  finding: z.looseObject({
    ...inScenario,
    statement: text,
    check: text,
    verdict,
    blame,
    purpose: z.boolean(),
    expected: text,
    actual: text,
    evidence: z.array(
      z.looseObject({ seq: z.int().positive(), from: z.number().optional(), to: z.number().optional() }),
    ),
    items: texts,
    note: text.optional(),
  }),
  "scenario-judged": z.looseObject({
    ...inScenario,
    verdict: z.union([verdict, z.literal("not-run")]),
    reason: text.optional(),
    blame: blame.optional(),
  }),
};

const schemasByType: ReadonlyMap<string, z.ZodType> = new Map(Object.entries(eventSchemas));

export interface EventProblem {
  readonly code: "unknown-event" | "wrong-type" | "wrong-format";
  readonly path: readonly (string | number)[];
  readonly says: string;
}

export function isRunEvent(value: unknown): value is RunEvent {
  return schemaOf(value)?.safeParse(value).success ?? false;
}

/** The first thing that is wrong with a value that is not an event. */
export function problemOfEvent(value: unknown): EventProblem {
  const schema = schemaOf(value);
  const type = typeOf(value);
  if (schema === undefined) {
    const came = type === undefined ? "no type" : JSON.stringify(type.slice(0, 60));
    return {
      code: "unknown-event",
      path: ["type"],
      says: `expected an event of ${RUN_FORMAT}, came ${came}`,
    };
  }
  const issue = schema.safeParse(value).error?.issues[0];
  const path = (issue?.path ?? []).map((key) => (typeof key === "number" ? key : String(key)));
  const wrongFormat = type === "run-opened" && path[0] === "format";
  return {
    code: wrongFormat ? "wrong-format" : "wrong-type",
    path,
    says: `${type}: ${path.join(".") || "the event"}: ${issue?.message ?? "not an event"}`,
  };
}

function schemaOf(value: unknown): z.ZodType | undefined {
  const type = typeOf(value);
  return type === undefined ? undefined : schemasByType.get(type);
}

function typeOf(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || !("type" in value)) return undefined;
  return typeof value.type === "string" ? value.type : undefined;
}
