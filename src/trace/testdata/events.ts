/** Makes events for tests: a small lab with Alice, Bob, a core of Scrim and a server under test. */
import type { SutFile } from "../../spec/sut-file.ts";
import { encodeBytes } from "../bytes.ts";
import type { ActorKind, Crossed, RunEvent, TraceEvent } from "../event.ts";
import { createRecorder } from "../recorder.ts";
import type { UnplacedEvent } from "../recorder.ts";

export const sutFile: SutFile = {
  scrim: 1,
  identification: { product: "Server", version: "1", vendor: "V", tester: "T", document: "TS" },
  ics: { claimed: [], denied: [] },
  profiles: { ims: false },
  core: {
    kind: "scrim",
    bind: "127.0.0.1",
    advertised: "127.0.0.1",
    port: 5060,
    homeDomain: "home.test",
    remoteDomain: "away.test",
    registrationExpiresS: 600,
    digest: true,
    udpLimitBytes: 1300,
  },
  xdm: { kind: "scrim", bind: "127.0.0.1", port: 8080, root: "http://127.0.0.1:8080/" },
  users: [
    { impu: "sip:alice@home.test", impi: "alice@home.test", password: "secret of alice", properties: [] },
    { impu: "sip:bob@home.test", impi: "bob@home.test", properties: [] },
  ],
  groups: [],
  guards: { responseMs: 1000, quietMs: 100, actionMs: 1000, notifyMs: 1000, scenarioMs: 5000 },
  interpretations: {},
};

/** An event without place and time; one for each line of a story, a millisecond apart. */
export function placed(events: readonly UnplacedEvent[], start = 1_000): readonly RunEvent[] {
  let now = start;
  const all: RunEvent[] = [];
  const recorder = createRecorder({ clock: { now: () => (now += 1) }, sink: { write: (event) => all.push(event) } });
  for (const event of events) recorder.record(event);
  return all;
}

export function traceEvents(events: readonly UnplacedEvent[]): readonly TraceEvent[] {
  return placed(events).filter((event): event is TraceEvent => event.type !== "finding" && event.type !== "scenario-judged");
}

export function runOpenedWith(file: SutFile): UnplacedEvent {
  return {
    type: "run-opened",
    format: "scrim-run/1",
    scrim: "0.1.0",
    document: "OMA-TS-SIMPLE_IM-V1_0-20070816-C",
    sutFile: file,
    selection: [],
    seed: 1,
    virtual: true,
  };
}

export const runOpened: UnplacedEvent = runOpenedWith(sutFile);

export function opening(scenario = "s1"): readonly UnplacedEvent[] {
  return [
    {
      type: "scenario-opened",
      scenario,
      name: "a message reaches Bob",
      feature: "Pager mode",
      location: "features/B.3/pager.feature:1",
      tags: [],
      purpose: ["8.1.1-1"],
      sut: "server",
      configurationSet: "default",
      lane: 0,
    },
    {
      type: "leased",
      scenario,
      user: { actor: "Alice", node: "alice", played: "scrim", imAddress: "sip:alice@home.test", tel: "tel:+1555", properties: [] },
    },
    { type: "leased", scenario, user: { actor: "Bob", node: "bob", played: "scrim", imAddress: "sip:bob@home.test", properties: [] } },
    { type: "phase", scenario, phase: "body" },
  ];
}

export const closing = (scenario = "s1"): UnplacedEvent => ({ type: "scenario-closed", scenario, how: "complete" });

const PORTS: Readonly<Record<string, number>> = { alice: 5070, bob: 5071, core: 5060, server: 5080 };
const KINDS: Readonly<Record<string, ActorKind>> = { alice: "client", bob: "client", core: "core" };

/** `from` and `to` are `alice`, `bob`, `core` or the SUT `server`; who records it is the one after `at`. */
export function crossed(
  from: string,
  to: string,
  at: string,
  message: string | Uint8Array,
  more: Partial<Omit<Crossed, "seq" | "at" | "type">> = {},
): UnplacedEvent {
  const peer = at === from ? to : from;
  const bytes = typeof message === "string" ? new TextEncoder().encode(message) : message;
  return {
    type: "crossed",
    scenario: "s1",
    node: at,
    nodeKind: KINDS[at] ?? "tester",
    direction: at === from ? "out" : "in",
    peer,
    peerIsSut: peer === "server",
    protocol: "sip",
    transport: "udp",
    local: `127.0.0.1:${PORTS[at] ?? 5090}`,
    remote: `127.0.0.1:${PORTS[peer] ?? 5091}`,
    bytes: encodeBytes(bytes),
    ...more,
  };
}

export interface RequestParts {
  readonly method?: string;
  readonly uri?: string;
  /** Topmost first. */
  readonly branches?: readonly string[];
  readonly callId?: string;
  readonly cseq?: number;
  readonly from?: string;
  readonly to?: string;
  readonly type?: string;
  readonly body?: string;
  readonly headers?: readonly string[];
}

export function requestText(parts: RequestParts = {}): string {
  const { method = "MESSAGE", uri = "sip:bob@home.test", branches = ["z9hG4bK-1"], body = "" } = parts;
  return [
    `${method} ${uri} SIP/2.0`,
    ...vias(branches),
    "Max-Forwards: 70",
    `From: <${parts.from ?? "sip:alice@home.test"}>;tag=a1`,
    `To: <${parts.to ?? uri}>`,
    `Call-ID: ${parts.callId ?? "c1"}`,
    `CSeq: ${parts.cseq ?? 1} ${method}`,
    ...(parts.headers ?? []),
    ...(body === "" ? [] : [`Content-Type: ${parts.type ?? "text/plain"}`]),
    `Content-Length: ${Buffer.byteLength(body)}`,
    "",
    body,
  ].join("\r\n");
}

export function responseText(status: string, parts: RequestParts = {}): string {
  const { method = "MESSAGE", uri = "sip:bob@home.test", branches = ["z9hG4bK-1"] } = parts;
  return [
    `SIP/2.0 ${status}`,
    ...vias(branches),
    `From: <${parts.from ?? "sip:alice@home.test"}>;tag=a1`,
    `To: <${parts.to ?? uri}>;tag=b1`,
    `Call-ID: ${parts.callId ?? "c1"}`,
    `CSeq: ${parts.cseq ?? 1} ${method}`,
    ...(parts.headers ?? []),
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");
}

function vias(branches: readonly string[]): readonly string[] {
  return branches.map((branch) => `Via: SIP/2.0/UDP 127.0.0.1:5060;branch=${branch}`);
}
