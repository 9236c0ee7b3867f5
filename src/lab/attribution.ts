/**
 * Which scenario a message belongs to. Every SUT-facing socket belongs to the rig; scenarios share it and are told apart by the identities
 * they lease. Late traffic still belongs to its old scenario, until the identity is leased again.
 */
import type { SipMessage } from "../wire/sip/message.ts";
import { header } from "../wire/sip/headers.ts";

/** How many calls are remembered; a run has some thousands, and a peer that makes up more must not fill the memory. */
const CALLS = 50_000;

/** Nobody means a longer Call-ID to be told apart by its end. */
const CALL_ID_LENGTH = 256;

/** As much of what is no message is looked at. */
const SALVAGED_BYTES = 65_536;

export class Attribution {
  readonly #identitiesIn: (message: SipMessage) => readonly string[];
  readonly #scenarioOfIdentity = new Map<string, string>();
  readonly #scenarioOfCall = new Map<string, string>();

  constructor(identitiesIn: (message: SipMessage) => readonly string[]) {
    this.#identitiesIn = identitiesIn;
  }

  /** `identity` is a URI of a user, group or session; its parameters do not count. */
  claim(identity: string, scenario: string): void {
    this.#scenarioOfIdentity.set(keyOf(identity), scenario);
  }

  ofIdentity(identity: string): string | undefined {
    return this.#scenarioOfIdentity.get(keyOf(identity));
  }

  ofMessage(message: SipMessage): string | undefined {
    const call = callOf(message);
    const known = call === undefined ? undefined : this.#scenarioOfCall.get(call);
    const scenario =
      known ??
      this.#identitiesIn(message)
        .map((uri) => this.ofIdentity(uri))
        .find((id) => id !== undefined);
    if (call !== undefined && scenario !== undefined) this.#remember(call, scenario);
    return scenario;
  }

  /** What is no message may still have a Call-ID, or name somebody. */
  ofRuins(bytes: Uint8Array): string | undefined {
    const text = Buffer.from(bytes.subarray(0, SALVAGED_BYTES)).toString("latin1");
    const call = /^(?:call-id|i)[ \t]*:[ \t]*(\S+)/imu.exec(text)?.[1]?.slice(0, CALL_ID_LENGTH);
    const known = call === undefined ? undefined : this.#scenarioOfCall.get(call);
    return known ?? this.#ofText(text.toLowerCase());
  }

  /** An XCAP path names the user or the group that the document is of. */
  ofPath(path: string): string | undefined {
    return this.#ofText(decodeLeniently(path).toLowerCase());
  }

  #ofText(text: string): string | undefined {
    for (const [identity, scenario] of this.#scenarioOfIdentity) if (text.includes(identity)) return scenario;
    return undefined;
  }

  #remember(call: string, scenario: string): void {
    this.#scenarioOfCall.set(call, scenario);
    if (this.#scenarioOfCall.size <= CALLS) return;
    const [oldest] = this.#scenarioOfCall.keys();
    if (oldest !== undefined) this.#scenarioOfCall.delete(oldest);
  }
}

/** The registrations of a user are one call, whichever scenarios they happen in (RFC 3261 10.2); all other calls belong to one. */
function callOf(message: SipMessage): string | undefined {
  if (header(message, "CSeq")?.endsWith("REGISTER") === true) return undefined;
  return header(message, "Call-ID")?.slice(0, CALL_ID_LENGTH);
}

function keyOf(uri: string): string {
  return uri.split(/[;?>]/u)[0]?.trim().toLowerCase() ?? uri;
}

function decodeLeniently(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
