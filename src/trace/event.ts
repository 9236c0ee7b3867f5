/**
 * The events of a run, in the order in which they happened. `run.ndjson` holds one a line. The trace is append-only and holds all that
 * judging may use; checks read nothing else.
 */
import type { GroupRules } from "../spec/group-rules.ts";
import type { SutFile } from "../spec/sut-file.ts";
import type { ServerFunction } from "../spec/types.ts";

export type { ServerFunction };

export const RUN_FORMAT = "scrim-run/1";

export type ActorKind = "client" | "core" | "server" | "xdms" | "tester";

/** Bytes as text when they are UTF-8, else base64; a long body is cut in `trace/bytes.ts`, with its digest kept. */
export type RecordedBytes =
  | { readonly text: string }
  | { readonly base64: string }
  | { readonly sha256: string; readonly length: number; readonly head: string; readonly tail: string };

interface EventBase {
  /** Position in the run, from 1, without gaps. */
  readonly seq: number;
  /** Milliseconds since the epoch, with fractions; never goes back within a run. */
  readonly at: number;
  /** The scenario that the event belongs to; absent for events of the whole run and for quarantined traffic. */
  readonly scenario?: string;
}

export interface RunOpened extends EventBase {
  readonly type: "run-opened";
  readonly format: typeof RUN_FORMAT;
  readonly scrim: string;
  /** The exact document that is judged. */
  readonly document: string;
  readonly sutFile: SutFile;
  readonly selection: readonly string[];
  readonly seed: number;
  readonly virtual: boolean;
}

export interface ScenarioOpened extends EventBase {
  readonly type: "scenario-opened";
  readonly scenario: string;
  readonly name: string;
  readonly rule?: string;
  readonly feature: string;
  /** `features/…/….feature:line` */
  readonly location: string;
  readonly tags: readonly string[];
  /** Statement ids from the tags: what the scenario was written for. */
  readonly purpose: readonly string[];
  readonly sut: "server" | "client";
  readonly configurationSet: string;
  readonly lane: number;
}

export type Phase = "preamble" | "body" | "postamble";

export interface PhaseEntered extends EventBase {
  readonly type: "phase";
  readonly scenario: string;
  readonly phase: Phase;
}

export interface StepDone extends EventBase {
  readonly type: "step";
  readonly scenario: string;
  readonly text: string;
  readonly status: "passed" | "failed" | "skipped";
  /** Why the step did not do what it says: a culprit and a sentence. */
  readonly reason?: string;
  readonly blame?: Blame;
}

/** A user of a pool, leased to the scenario under an actor's name. */
export interface LeasedUser {
  readonly actor: string;
  /** Name of the node that plays the actor: a node of Scrim's, or the SUT. */
  readonly node: string;
  readonly played: "scrim" | "sut";
  /** Public SIP identity, the IM Address. */
  readonly imAddress: string;
  readonly tel?: string;
  readonly properties: readonly string[];
}

export interface Leased extends EventBase {
  readonly type: "leased";
  readonly scenario: string;
  readonly user: LeasedUser;
}

/** What was arranged outside SIP: a group document, access rules, a policy of the SUT, a registration state. */
export interface Provisioned extends EventBase {
  readonly type: "provisioned";
  readonly scenario: string;
  readonly item: ProvisionedItem;
}

export type ProvisionedItem =
  | {
      readonly kind: "group";
      readonly uri: string;
      readonly members: readonly string[];
      readonly allowAnonymity: boolean;
      readonly supportsIm: boolean;
      /** What else the document says; absent in records of before sessions were judged. */
      readonly rules?: GroupRules;
    }
  /** The document of a group was deleted. */
  | { readonly kind: "group-deleted"; readonly uri: string }
  /** How old a user is, by the profile. Years. */
  | { readonly kind: "profile"; readonly owner: string; readonly age: number }
  | {
      readonly kind: "access-rules";
      readonly owner: string;
      readonly rules: readonly AccessRule[];
    }
  | { readonly kind: "configuration-set"; readonly name: string }
  | {
      readonly kind: "session";
      readonly uri: string;
      readonly participants: readonly string[];
      readonly ongoing: boolean;
    }
  | { readonly kind: "system-message"; readonly to: string; readonly responseWithinMs: number };

export interface AccessRule {
  /** Feature tags of the services that the rule is for; empty: any service. */
  readonly services: readonly string[];
  readonly media: readonly string[];
  /** IM Addresses of the senders that the rule is for; empty: any sender. */
  readonly senders: readonly string[];
  readonly action: "reject" | "accept";
}

/**
 * What the tester caused, and what was meant by it. `id` is carried by the messages it led to (`Crossed.stimulus`) where Scrim sent them
 * itself; a message of a SUT is correlated by `token`, which stands in the body, or by the actor.
 */
export interface Stimulated extends EventBase {
  readonly type: "stimulated";
  readonly scenario: string;
  readonly id: string;
  readonly actor: string;
  /** A word of the action vocabulary (`spec/actions.ts`), such as `send-message`. */
  readonly action: string;
  readonly intent: Readonly<Record<string, unknown>>;
  /** Text that stands in the body and nowhere else, so that copies are found whatever their headers say. */
  readonly token?: string;
  /** Ways in which Scrim departs from the specification on purpose, so that the universal checks do not blame it. */
  readonly deviations: readonly string[];
}

export interface Crossed extends EventBase {
  readonly type: "crossed";
  /** Scrim's node that saw the message. */
  readonly node: string;
  readonly nodeKind: ActorKind;
  readonly direction: "in" | "out";
  /** Name of the node at the other end: another node of Scrim's, a node of the SUT, or its address where neither is known. */
  readonly peer: string;
  readonly peerIsSut: boolean;
  readonly protocol: "sip" | "http" | "msrp";
  readonly transport: "udp" | "tcp" | "tls";
  readonly local: string;
  readonly remote: string;
  readonly bytes: RecordedBytes;
  /** Of a chunk of MSRP that took its time: when its head crossed; `at` is when its end did. */
  readonly begunAt?: number;
  /** The function of the server at the SUT's end of this leg, where the core knows it. */
  readonly serverFunction?: ServerFunction;
  /** Ties the two legs of a message that passed through an application server: the original-dialog token of the core. */
  readonly passage?: string;
  readonly stimulus?: string;
  /** Set when the bytes are not a message of the protocol. */
  readonly malformed?: { readonly code: string; readonly offset: number; readonly message: string };
}

export interface WindowOpened extends EventBase {
  readonly type: "window-opened";
  readonly scenario: string;
  readonly window: string;
  /** What must, or must not, be seen while it is open. */
  readonly purpose: "absence" | "presence";
  readonly of: string;
  readonly lengthMs: number;
}

export interface WindowClosed extends EventBase {
  readonly type: "window-closed";
  readonly scenario: string;
  readonly window: string;
  /** `elapsed`: its time ran out. `met`: what it waited for was seen. `fence`: a later message on the same path arrived. `cut`: the run was stopped. */
  readonly how: "elapsed" | "met" | "fence" | "cut";
}

/** A driver or a person answered: what the client under test shows, or that an action cannot be done. */
export interface DriverAnswered extends EventBase {
  readonly type: "driver-answered";
  readonly scenario?: string;
  readonly node: string;
  readonly stimulus?: string;
  readonly ok: boolean;
  readonly says: string;
}

export interface SutLife extends EventBase {
  readonly type: "sut-life";
  readonly node: string;
  readonly state: "started" | "reachable" | "unreachable" | "stopped" | "configured";
  readonly detail?: string;
}

/** Scrim itself stood still: what came in or fell due in that time was looked at late. */
export interface HeldUp extends EventBase {
  readonly type: "held-up";
  /** Milliseconds, up to the time of the event. */
  readonly forMs: number;
}

/** Something that Scrim noticed and a reader should know: quarantined traffic, a dirty identity, a clean-up that failed. */
export interface Noted extends EventBase {
  readonly type: "noted";
  readonly about: "quarantine" | "dirty" | "clean-up" | "rig" | "scrim" | "interrupted";
  readonly text: string;
}

export interface ScenarioClosed extends EventBase {
  readonly type: "scenario-closed";
  readonly scenario: string;
  /** `cut`: the run ended before the scenario did; such a trace proves presence, never absence. */
  readonly how: "complete" | "cut" | "not-run";
  readonly reason?: string;
}

export interface RunClosed extends EventBase {
  readonly type: "run-closed";
  readonly how: "complete" | "interrupted";
}

export type Blame = "sut" | "scrim" | "rig";

/** Everything that happened. */
export type TraceEvent =
  | RunOpened
  | ScenarioOpened
  | PhaseEntered
  | StepDone
  | Leased
  | Provisioned
  | Stimulated
  | Crossed
  | WindowOpened
  | WindowClosed
  | DriverAnswered
  | SutLife
  | HeldUp
  | Noted
  | ScenarioClosed
  | RunClosed;

/** What judging made of it; kept in the same record, after the events that it speaks of. */
export type Verdict = "pass" | "fail" | "warn" | "noted" | "inconclusive" | "error";

export interface Evidence {
  /** `seq` of the event that shows it. */
  readonly seq: number;
  /** Bytes to mark in the message, as offsets into it. */
  readonly from?: number;
  readonly to?: number;
}

export interface FindingMade extends EventBase {
  readonly type: "finding";
  readonly scenario: string;
  readonly statement: string;
  readonly check: string;
  readonly verdict: Verdict;
  readonly blame: Blame;
  /** Whether the scenario was written for the statement. By-catch never passes an SCR item by itself. */
  readonly purpose: boolean;
  /** Every outcome that the specification permits. */
  readonly expected: string;
  readonly actual: string;
  readonly evidence: readonly Evidence[];
  /** SCR items that the finding is evidence for, by the edges whose guards hold. */
  readonly items: readonly string[];
  readonly note?: string;
}

export interface ScenarioJudged extends EventBase {
  readonly type: "scenario-judged";
  readonly scenario: string;
  readonly verdict: Verdict | "not-run";
  readonly reason?: string;
  readonly blame?: Blame;
}

export type RunEvent = TraceEvent | FindingMade | ScenarioJudged;

/** An event before the recorder gives it its place and time. */
export type Unplaced<E> = E extends unknown ? Omit<E, "seq" | "at"> : never;
