/** Writes what crosses Scrim's nodes into the trace, each crossing under the scenario that it belongs to. */
import type { WireCrossing, Tap } from "../endpoint/crossing.ts";
import type { ActorKind, Crossed } from "../trace/event.ts";
import { encodeBytes } from "../trace/bytes.ts";
import { header } from "../wire/sip/headers.ts";
import type { Recorder } from "../trace/recorder.ts";
import type { AddressBook, NodeName } from "./address-book.ts";
import type { Attribution } from "./attribution.ts";
import type { Live } from "./live.ts";

export interface CrossingRecorderOptions {
  readonly recorder: Recorder;
  readonly attribution: Attribution;
  readonly book: AddressBook;
  /** The live view of a scenario, while it is open. */
  readonly liveOf: (scenario: string) => Live | undefined;
  /** Who reads documents in a scenario: the server that serves its users. */
  readonly xcapClientOf: (scenario: string) => NodeName;
  /** Something crossed; waits may be over. */
  readonly onCrossing: () => void;
}

/** How many crossings that belong to no scenario are kept, each with what it says; the rest are only counted. */
const QUARANTINE_LIMIT = 1000;

export class CrossingRecorder {
  readonly #options: CrossingRecorderOptions;
  /** Which scenario the last request on an XCAP connection was about: its answer names nobody. */
  readonly #xcapConnections = new Map<string, string>();
  #quarantined = 0;

  constructor(options: CrossingRecorderOptions) {
    this.#options = options;
  }

  /** The tap of a node. A client belongs to one scenario; core, XDMS and server serve all, and each crossing is told by what it carries. */
  tap(nodeKind: ActorKind, scenario?: string): Tap {
    return (crossing) => this.#record(crossing, nodeKind, scenario ?? this.#scenarioOf(crossing));
  }

  #record(crossing: WireCrossing, nodeKind: ActorKind, scenario: string | undefined): void {
    const { recorder, book, liveOf, onCrossing } = this.#options;
    const { node, direction, message, error, annotation, protocol, local, remote } = crossing;
    const known = book.peerOf(remote, direction, message, local);
    const peer =
      protocol === "http" && !known.isSut && scenario !== undefined
        ? this.#options.xcapClientOf(scenario)
        : known;
    if (scenario === undefined && !this.#quarantine(crossing)) return;
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

  #scenarioOf({ message, protocol, bytes, direction, remote }: WireCrossing): string | undefined {
    const { attribution } = this.#options;
    if (message !== undefined) return attribution.ofMessage(message);
    if (protocol !== "http") return undefined;
    const connection = `${remote.host}:${remote.port}`;
    const scenario =
      direction === "in" ? attribution.ofPath(startLineOf(bytes)) : this.#xcapConnections.get(connection);
    if (scenario !== undefined) this.#xcapConnections.set(connection, scenario);
    return scenario;
  }
}

function startLineOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0x0d);
  return new TextDecoder().decode(bytes.subarray(0, Math.min(end < 0 ? bytes.length : end, 2048)));
}
