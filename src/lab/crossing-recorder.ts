/** Writes what crosses Scrim's nodes into the trace, each crossing under the scenario that it belongs to. */
import type { WireCrossing, Tap } from "../endpoint/crossing.ts";
import { msrpCrossed } from "../endpoint/msrp/crossed.ts";
import type { MsrpCrossing, MsrpTap } from "../endpoint/msrp/crossing.ts";
import type { ActorKind, Crossed } from "../trace/event.ts";
import { encodeBytes, keptLength } from "../trace/bytes.ts";
import { header } from "../wire/sip/headers.ts";
import type { Recorder } from "../trace/recorder.ts";
import type { AddressBook, NodeName } from "./address-book.ts";
import type { Attribution } from "./attribution.ts";
import { createCounters } from "./counters.ts";
import type { Live } from "./live.ts";
import { MsrpOrigin } from "./msrp-origin.ts";

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

/** Where there are many clients: what each of them may have of it. */
const CROSSINGS_PER_CLIENT = 100;

/** A session of many has every message once for each, and each with its response. */
const MSRP_LIMIT = { crossings: 100_000, bytes: 64 * 1024 * 1024 } as const;

interface Limit {
  readonly crossings: number;
  readonly bytes: number;
}

interface Amount {
  crossings: number;
  bytes: number;
  /** Why not all that crossed is in the record; said once. */
  exceeded: string | undefined;
}

export class CrossingRecorder {
  readonly #options: CrossingRecorderOptions;
  /** Which scenario the last request on an XCAP connection was about: its answer names nobody. */
  readonly #xcapConnections = new Map<string, string>();
  readonly #amounts = { sip: new Map<string, Amount>(), msrp: new Map<string, Amount>() };
  readonly #msrpOrigin = new MsrpOrigin();
  readonly #heard = createCounters();
  /** Of each scenario, nodes that are its own. */
  readonly #clients = createCounters();
  #quarantined = 0;

  constructor(options: CrossingRecorderOptions) {
    this.#options = options;
  }

  /**
   * The tap of a node. A client belongs to one scenario; core, XDMS and server serve all, and each crossing is told by what it carries.
   * Never throws: what a peer sends must not come between a message and its transaction.
   */
  tap(nodeKind: ActorKind, scenario?: string): Tap {
    if (scenario !== undefined) this.#clients.add(scenario);
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

  /** As `tap`, for an MSRP endpoint. */
  msrpTap(nodeKind: ActorKind, scenario?: string): MsrpTap {
    return (crossing) => {
      try {
        this.#recordMsrp(crossing, nodeKind, scenario);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        const text = `an MSRP crossing at ${crossing.node} could not be recorded: ${why}`;
        this.#options.recorder.record({ type: "noted", about: "scrim", text });
      }
    };
  }

  /** Why not all that crossed in the scenario is in the record; undefined: it is. */
  overflowOf(scenario: string): string | undefined {
    return this.#amounts.sip.get(scenario)?.exceeded ?? this.#amounts.msrp.get(scenario)?.exceeded;
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
    if (scenario !== undefined && !this.#hasRoom(scenario, "sip", crossing.bytes.length)) return;
    if (scenario !== undefined && message !== undefined)
      this.#msrpOrigin.learn(message, scenario, direction === "in" ? peer : { name: node, isSut: false });
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

  #recordMsrp(crossing: MsrpCrossing, nodeKind: ActorKind, given: string | undefined): void {
    const { recorder, liveOf, onCrossing, sutOf, book } = this.#options;
    const { node, direction, frame, remote, local, bytes } = crossing;
    const place = this.#msrpOrigin.placeOf(frame?.head, crossing);
    const scenario = given ?? place.scenario ?? this.#onlyOpen();
    const listener = book.peerOf(remote, direction, undefined, local);
    const named = listener.name !== `${remote.host}:${remote.port}`;
    const stranger = scenario === undefined ? undefined : sutOf(scenario);
    const peer = place.peer ?? (named ? listener : (stranger ?? listener));
    if (direction === "in" && frame !== undefined) this.#heard.add(peer.name);
    if (scenario === undefined && !this.#mayQuarantine(`${whatOf(crossing)} at ${node}`)) return;
    if (scenario !== undefined && !this.#hasRoom(scenario, "msrp", keptLength(bytes))) return;
    const { seq } = recorder.record(
      msrpCrossed(crossing, {
        nodeKind,
        peer: peer.name,
        peerIsSut: peer.isSut,
        ...(scenario === undefined ? {} : { scenario }),
      }),
    );
    if (scenario !== undefined && frame !== undefined)
      liveOf(scenario)?.media.add({ seq, node, peer: peer.name, direction, frame });
    onCrossing();
  }

  #hasRoom(scenario: string, what: "sip" | "msrp", bytes: number): boolean {
    const limit = what === "sip" ? this.#sipLimitOf(scenario) : MSRP_LIMIT;
    const amount = this.#amounts[what].get(scenario) ?? { crossings: 0, bytes: 0, exceeded: undefined };
    this.#amounts[what].set(scenario, amount);
    amount.crossings += 1;
    amount.bytes += bytes;
    if (amount.crossings <= limit.crossings && amount.bytes <= limit.bytes) return true;
    if (amount.exceeded !== undefined) return false;
    const text = `more than ${limit.crossings} messages or ${limit.bytes} bytes crossed; the rest is not recorded`;
    amount.exceeded = text;
    this.#options.recorder.record({ type: "noted", scenario, about: "quarantine", text });
    this.#options.onCrossing();
    return false;
  }

  #sipLimitOf(scenario: string): Limit {
    const forClients = CROSSINGS_PER_CLIENT * this.#clients.of(scenario);
    return { ...SCENARIO_LIMIT, crossings: Math.max(SCENARIO_LIMIT.crossings, forClients) };
  }

  #quarantine(crossing: WireCrossing): boolean {
    // Probes of the core's own belong to the rig.
    if (crossing.message !== undefined && header(crossing.message, "CSeq")?.endsWith("OPTIONS") === true)
      return false;
    const what =
      crossing.message?.kind === "request"
        ? `${crossing.message.method} ${crossing.message.uri}`
        : crossing.protocol;
    return this.#mayQuarantine(`${what} at ${crossing.node}`);
  }

  /** Says so, unless too much was said already. */
  #mayQuarantine(what: string): boolean {
    this.#quarantined += 1;
    if (this.#quarantined > QUARANTINE_LIMIT) return false;
    const text = `${what} belongs to no scenario`;
    this.#options.recorder.record({ type: "noted", about: "quarantine", text });
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

function whatOf({ frame, protocol }: MsrpCrossing): string {
  return frame?.head.kind === "request" ? `${protocol} ${frame.head.method}` : protocol;
}

function startLineOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0x0d);
  return new TextDecoder().decode(bytes.subarray(0, Math.min(end < 0 ? bytes.length : end, 2048)));
}
