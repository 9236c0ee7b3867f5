/** Writes what crosses Scrim's nodes into the trace, each crossing under the scenario that it belongs to. */
import type { WireCrossing, Tap } from "../endpoint/crossing.ts";
import type { ActorKind, Crossed } from "../trace/event.ts";
import { encodeBytes } from "../trace/bytes.ts";
import { header } from "../wire/sip/headers.ts";
import type { Recorder } from "../trace/recorder.ts";
import type { AddressBook, NodeName } from "./address-book.ts";
import type { Attribution } from "./attribution.ts";
import { createCounters } from "./counters.ts";
import type { Live } from "./live.ts";

export interface CrossingRecorderOptions {
  readonly recorder: Recorder;
  readonly attribution: Attribution;
  readonly book: AddressBook;
  /** The live view of a scenario, while it is open. */
  readonly liveOf: (scenario: string) => Live | undefined;
  /** Scenarios that are open. */
  readonly open: () => readonly string[];
  /** The node under test in a scenario. */
  readonly sutOf: (scenario: string) => NodeName | undefined;
  /** Who reads documents in a scenario: the server that serves its users. */
  readonly xcapClientOf: (scenario: string) => NodeName;
  /** Something crossed; waits may be over. */
  readonly onCrossing: () => void;
}

/** How many crossings that belong to no scenario are kept, each with what it says; the rest are only counted. */
const QUARANTINE_LIMIT = 1000;

/** What a scenario may fill the record and the memory with; ordinary ones need a hundredth of it. */
const SCENARIO_LIMIT = { crossings: 2000, bytes: 32 * 1024 * 1024 } as const;

interface Amount {
  crossings: number;
  bytes: number;
  /** Said once. */
  exceeded: boolean;
}

export class CrossingRecorder {
  readonly #options: CrossingRecorderOptions;
  /** Which scenario the last request on an XCAP connection was about: its answer names nobody. */
  readonly #xcapConnections = new Map<string, string>();
  readonly #amounts = new Map<string, Amount>();
  readonly #heard = createCounters();
  #quarantined = 0;

  constructor(options: CrossingRecorderOptions) {
    this.#options = options;
  }

  /**
   * The tap of a node. A client belongs to one scenario; core, XDMS and server serve all, and each crossing is told by what it carries.
   * Never throws: what a peer sends must not come between a message and its transaction.
   */
  tap(nodeKind: ActorKind, scenario?: string): Tap {
    return (crossing) => {
      try {
        this.#record(crossing, nodeKind, scenario ?? this.#scenarioOf(crossing));
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        const text = `a crossing at ${crossing.node} could not be recorded: ${why}`;
        this.#options.recorder.record({ type: "noted", about: "scrim", text });
      }
    };
  }

  /** Why not all that crossed in the scenario is in the record; undefined: it is. */
  overflowOf(scenario: string): string | undefined {
    return this.#amounts.get(scenario)?.exceeded === true
      ? `more than ${SCENARIO_LIMIT.crossings} messages or ${SCENARIO_LIMIT.bytes} bytes crossed; the rest is not recorded`
      : undefined;
  }

  /** How many messages came from a node so far: each is a sign of life. */
  heardOf(node: string): number {
    return this.#heard.of(node);
  }

  /** What came too late, or too often, to be kept. */
  get dropped(): number {
    return Math.max(0, this.#quarantined - QUARANTINE_LIMIT);
  }

  #record(crossing: WireCrossing, nodeKind: ActorKind, scenario: string | undefined): void {
    const { recorder, liveOf, onCrossing } = this.#options;
    const { node, direction, message, error, annotation, protocol, local, remote } = crossing;
    const peer = this.#peerOf(crossing, scenario);
    if (direction === "in" && message !== undefined) this.#heard.add(peer.name);
    if (scenario === undefined && !this.#quarantine(crossing)) return;
    if (scenario !== undefined && !this.#hasRoom(scenario, crossing)) return;
    const event: Omit<Crossed, "seq" | "at"> = {
      type: "crossed",
      node,
      nodeKind,
      direction,
      peer: peer.name,
      peerIsSut: peer.isSut,
      protocol,
      transport: local.transport,
      local: `${local.host}:${local.port}`,
      remote: `${remote.host}:${remote.port}`,
      bytes: encodeBytes(crossing.bytes),
      ...(scenario === undefined ? {} : { scenario }),
      ...(annotation?.serverFunction === undefined ? {} : { serverFunction: annotation.serverFunction }),
      ...(annotation?.passage === undefined ? {} : { passage: annotation.passage }),
      ...(annotation?.stimulus === undefined ? {} : { stimulus: annotation.stimulus }),
      ...(error === undefined
        ? {}
        : { malformed: { code: error.code, offset: error.offset, message: error.message } }),
    };
    const { seq } = recorder.record(event);
    if (scenario !== undefined && message !== undefined)
      liveOf(scenario)?.add({ seq, node, peer: peer.name, direction, message });
    onCrossing();
  }

  #peerOf(crossing: WireCrossing, scenario: string | undefined): NodeName {
    const { direction, message, error, protocol, local, remote } = crossing;
    const known = this.#options.book.peerOf(remote, direction, message, local);
    if (known.isSut || scenario === undefined) return known;
    if (protocol === "http") {
      const client = this.#options.xcapClientOf(scenario);
      return client.name === crossing.node ? known : client;
    }
    // Scrim's own nodes send messages, and are known by them: what begins a connection with something else is the SUT.
    const stranger =
      error !== undefined && direction === "in" && known.name === `${remote.host}:${remote.port}`;
    return stranger ? (this.#options.sutOf(scenario) ?? known) : known;
  }

  #hasRoom(scenario: string, { bytes }: WireCrossing): boolean {
    const amount = this.#amounts.get(scenario) ?? { crossings: 0, bytes: 0, exceeded: false };
    this.#amounts.set(scenario, amount);
    amount.crossings += 1;
    amount.bytes += bytes.length;
    if (amount.crossings <= SCENARIO_LIMIT.crossings && amount.bytes <= SCENARIO_LIMIT.bytes) return true;
    if (amount.exceeded) return false;
    amount.exceeded = true;
    const text = this.overflowOf(scenario) ?? "";
    this.#options.recorder.record({ type: "noted", scenario, about: "quarantine", text });
    this.#options.onCrossing();
    return false;
  }

  #quarantine(crossing: WireCrossing): boolean {
    // Probes of the core's own belong to the rig.
    if (crossing.message !== undefined && header(crossing.message, "CSeq")?.endsWith("OPTIONS") === true)
      return false;
    this.#quarantined += 1;
    const { recorder } = this.#options;
    if (this.#quarantined > QUARANTINE_LIMIT) return false;
    const what =
      crossing.message?.kind === "request"
        ? `${crossing.message.method} ${crossing.message.uri}`
        : crossing.protocol;
    recorder.record({
      type: "noted",
      about: "quarantine",
      text: `${what} at ${crossing.node} belongs to no scenario`,
    });
    return true;
  }

  #scenarioOf({ message, protocol, bytes, node, remote }: WireCrossing): string | undefined {
    const { attribution } = this.#options;
    if (message !== undefined) return attribution.ofMessage(message);
    if (protocol !== "http") return attribution.ofRuins(bytes) ?? this.#onlyOpen();
    const connection = `${node} ${remote.host}:${remote.port}`;
    const startLine = startLineOf(bytes);
    const scenario = startLine.startsWith("HTTP/")
      ? this.#xcapConnections.get(connection)
      : attribution.ofPath(startLine);
    if (scenario !== undefined) this.#xcapConnections.set(connection, scenario);
    return scenario;
  }

  /** Garbage that names nobody is of the scenario that runs, where only one does. */
  #onlyOpen(): string | undefined {
    const [one, ...others] = this.#options.open();
    return others.length === 0 ? one : undefined;
  }
}

function startLineOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0x0d);
  return new TextDecoder().decode(bytes.subarray(0, Math.min(end < 0 ? bytes.length : end, 2048)));
}
