/**
 * Which scenario a message belongs to. Every SUT-facing socket belongs to the rig; scenarios share it and are told apart by the identities
 * they lease. Late traffic still belongs to its old scenario, until the identity is leased again.
 */
import type { SipMessage } from "../wire/sip/message.ts";
import { header } from "../wire/sip/headers.ts";

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
    if (call !== undefined && scenario !== undefined) this.#scenarioOfCall.set(call, scenario);
    return scenario;
  }

  /** An XCAP path names the user or the group that the document is of. */
  ofPath(path: string): string | undefined {
    const text = decodeLeniently(path).toLowerCase();
    for (const [identity, scenario] of this.#scenarioOfIdentity) if (text.includes(identity)) return scenario;
    return undefined;
  }
}

/** The registrations of a user are one call, whichever scenarios they happen in (RFC 3261 10.2); all other calls belong to one. */
function callOf(message: SipMessage): string | undefined {
  return header(message, "CSeq")?.endsWith("REGISTER") === true ? undefined : header(message, "Call-ID");
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
