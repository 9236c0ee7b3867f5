/**
 * Which scenario an MSRP message belongs to, and who is at the other end. What tells is the SDP of the scenario's SIP messages: who sent a
 * description first is where its URIs lead. A message whose URIs nobody told is of whoever the connection was of so far.
 */
import type { Hop } from "../net/network.ts";
import { uriKey } from "../trace/session/media-sessions.ts";
import { msrpHeader } from "../wire/msrp/headers.ts";
import type { MsrpHead } from "../wire/msrp/message.ts";
import type { SipMessage } from "../wire/sip/message.ts";
import type { NodeName } from "./address-book.ts";

/** How many are remembered; a peer that makes up more must not fill the memory. */
const REMEMBERED = 50_000;

/** A description has a few paths; in one that has more the rest is not looked at. */
const PATHS = 64;

export interface MsrpPlace {
  readonly scenario?: string;
  readonly peer?: NodeName;
}

export class MsrpOrigin {
  readonly #ends = new Map<string, { readonly scenario: string; readonly owner: NodeName }>();
  readonly #connections = new Map<string, MsrpPlace>();

  /** Learns the URIs of a message's SDP: they are of `owner`, unless somebody told them before. */
  learn(message: SipMessage, scenario: string, owner: NodeName): void {
    if (message.body.length === 0) return;
    for (const uri of pathsIn(message.body)) {
      const key = uriKey(uri);
      if (!this.#ends.has(key)) remember(this.#ends, key, { scenario, owner });
    }
  }

  /** `head` is absent for what is no message. */
  placeOf(
    head: MsrpHead | undefined,
    at: { readonly node: string; readonly direction: "in" | "out"; readonly remote: Hop },
  ): MsrpPlace {
    const connection = `${at.node} ${at.remote.transport} ${at.remote.host}:${at.remote.port}`;
    const before = this.#connections.get(connection) ?? {};
    if (head === undefined) return before;
    const [near, far] = at.direction === "out" ? ["From-Path", "To-Path"] : ["To-Path", "From-Path"];
    const there = urisIn(head, far ?? "").map((uri) => this.#ends.get(uriKey(uri)));
    const here = urisIn(head, near ?? "").map((uri) => this.#ends.get(uriKey(uri)));
    const known = [...there, ...here].find((end) => end !== undefined);
    const peer = there.find((end) => end !== undefined)?.owner ?? before.peer;
    const scenario = known?.scenario ?? before.scenario;
    const place = {
      ...(scenario === undefined ? {} : { scenario }),
      ...(peer === undefined ? {} : { peer }),
    };
    if (known !== undefined) remember(this.#connections, connection, place);
    return place;
  }
}

function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.set(key, value);
  if (map.size <= REMEMBERED) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}

function urisIn(head: MsrpHead, name: string): readonly string[] {
  return (msrpHeader(head, name) ?? "").trim().split(/\s+/u).slice(0, PATHS);
}

/** Read as text: a description that is broken elsewhere still leads somewhere. */
function pathsIn(body: Uint8Array): readonly string[] {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("latin1");
  if (!text.includes("a=path:")) return [];
  return [...text.matchAll(/^a=path:(.*)$/gmu)]
    .slice(0, PATHS)
    .flatMap(([, path = ""]) => path.trim().split(/\s+/u).slice(0, PATHS));
}
