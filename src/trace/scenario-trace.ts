/**
 * The closed trace of one scenario, as checks see it: messages parsed once, paired into exchanges, tied to the stimuli that caused them.
 * `readScenarioTrace` builds it from events (`scenario-trace-reader.ts`).
 */
import type { SipMessage, SipRequest, SipResponse } from "../wire/sip/message.ts";
import type { SutFile } from "../spec/sut-file.ts";
import type { SessionView } from "./session/session-view.ts";
import type {
  AccessRule,
  ActorKind,
  LeasedUser,
  Phase,
  ProvisionedItem,
  ScenarioOpened,
  ServerFunction,
  Stimulated,
  TraceEvent,
} from "./event.ts";

/** A SIP message that crossed one of Scrim's nodes. */
export interface SipRecord<M extends SipMessage = SipMessage> {
  readonly seq: number;
  readonly at: number;
  readonly phase: Phase;
  /** Scrim's node that saw it, and the node at the other end. */
  readonly node: string;
  readonly nodeKind: ActorKind;
  readonly peer: string;
  readonly peerIsSut: boolean;
  readonly direction: "in" | "out";
  readonly transport: "udp" | "tcp" | "tls";
  /** `host:port` of Scrim's end and of the other. */
  readonly local: string;
  readonly remote: string;
  readonly message: M;
  /** The bytes as they crossed; NUL bytes stand for what the record did not keep of a very long body. */
  readonly bytes: Uint8Array;
  /** The record kept only the ends of the body. */
  readonly cut?: true;
  readonly serverFunction?: ServerFunction;
  readonly passage?: string;
  readonly stimulus?: string;
}

/** Bytes that are not SIP. */
export interface MalformedRecord extends Omit<SipRecord, "message"> {
  readonly malformed: { readonly code: string; readonly offset: number; readonly message: string };
}

/** A request with its retransmissions and responses, as one of Scrim's nodes saw them on one hop (matched by branch and CSeq method). */
export interface Exchange {
  readonly request: SipRecord<SipRequest>;
  readonly retransmissions: readonly SipRecord<SipRequest>[];
  readonly responses: readonly SipRecord<SipResponse>[];
  readonly final: SipRecord<SipResponse> | undefined;
  /** Whether Scrim sent the request to the SUT, the SUT sent it to Scrim, or it passed between nodes of Scrim. */
  readonly way: "to-sut" | "from-sut" | "within";
}

export interface HttpRecord {
  readonly seq: number;
  readonly at: number;
  readonly node: string;
  readonly peer: string;
  readonly peerIsSut: boolean;
  readonly direction: "in" | "out";
  readonly startLine: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array;
}

export interface ExchangeFilter {
  readonly method?: string | readonly string[];
  readonly way?: Exchange["way"];
  readonly function?: ServerFunction;
  readonly phase?: Phase | readonly Phase[];
}

/** A window of silence (or a fence) that was closed, so that absence within it is proven. */
export interface ClosedWindow {
  readonly window: string;
  readonly of: string;
  readonly purpose: "absence" | "presence";
  /** How long it was to stay open, in milliseconds. */
  readonly lengthMs: number;
  readonly openedAt: number;
  readonly closedAt: number;
  readonly openedSeq: number;
  readonly closedSeq: number;
  readonly how: "elapsed" | "met" | "fence" | "cut";
}

export interface ScenarioTrace {
  readonly sutFile: SutFile;
  readonly opened: ScenarioOpened;
  readonly events: readonly TraceEvent[];
  /** False when the run ended before the scenario did, or the SUT went away in it: presence can be judged, absence cannot. */
  readonly complete: boolean;
  readonly users: readonly LeasedUser[];
  readonly provisioned: readonly ProvisionedItem[];
  readonly configurationSet: string;
  readonly stimuli: readonly Stimulated[];
  /** All SIP messages, as they crossed. A message between two nodes of Scrim stands twice: `out` at one, `in` at the other. */
  readonly messages: readonly SipRecord[];
  readonly malformed: readonly MalformedRecord[];
  readonly http: readonly HttpRecord[];
  readonly windows: readonly ClosedWindow[];
  /** INVITE sessions, MSRP, subscriptions, REFERs. */
  readonly sessionMode: SessionView;

  exchanges(filter?: ExchangeFilter): readonly Exchange[];
  /** The user whose SIP or tel identity this is; compares as RFC 3261 19.1.4, ignoring parameters. */
  userOf(uri: string): LeasedUser | undefined;
  user(actor: string): LeasedUser | undefined;
  group(uri: string): Extract<ProvisionedItem, { kind: "group" }> | undefined;
  session(uri: string): Extract<ProvisionedItem, { kind: "session" }> | undefined;
  accessRules(owner: string): readonly AccessRule[];
  /** The stimulus that a message belongs to: by the id that Scrim's node put on it, else by the token in its body. */
  stimulusOf(exchange: Exchange): Stimulated | undefined;
  /** Every exchange that carries the stimulus: its own request and all copies and onward legs. */
  carriersOf(stimulus: Stimulated): readonly Exchange[];
  /** The leg on which an application server sent a request onward that it was given, by passage; undefined: it did not. */
  onwardOf(exchange: Exchange): Exchange | undefined;
  /** Whether the trace proves that nothing matching `of` came after `at`: a window or fence opened for it and closed in time. */
  absenceProven(afterAt: number, of?: string): boolean;
}
