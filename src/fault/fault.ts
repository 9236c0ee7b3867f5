/**
 * The violations: each makes a reference peer break one statement, and as little else as possible, so that it can be seen whether the check of
 * that statement notices. A file per clause, named by it, exports `faults`:
 *
 *     export const faults = [
 *       serverFault("8.3.2.1-6", "copies keep the exploder's URI", decide({ copy: { requestUri: (turn) => turn.request.uri } })),
 *     ];
 */
import type { ClientAlteration } from "../peer/im-client/client.ts";
import type { ServerAlteration } from "../peer/im-server/server.ts";
import type { EdgeAlteration } from "../peer/im/alteration.ts";
import type { SipMessage, SipRequest, SipResponse } from "../wire/sip/message.ts";
import { cseqOf } from "../wire/sip/headers.ts";

interface FaultBase {
  /** Stable: the first statement and what it says. */
  readonly id: string;
  /** The statement that is violated; several when one violation is that of each (declared equivalents). */
  readonly statements: readonly string[];
  /** What the peer does wrong, as a sentence without its subject's role. */
  readonly says: string;
  /** Configuration set that the fault shows in, where it does not in `default`. */
  readonly set?: string;
}

export interface ServerFault extends FaultBase {
  readonly role: "server";
  readonly alterations: readonly ServerAlteration[];
}

export interface ClientFault extends FaultBase {
  readonly role: "client";
  readonly alterations: readonly ClientAlteration[];
}

export type Fault = ServerFault | ClientFault;

export function serverFault(
  statements: string | readonly string[],
  says: string,
  ...alterations: readonly ServerAlteration[]
): ServerFault {
  return { ...base(statements, says), role: "server", alterations };
}

export function clientFault(
  statements: string | readonly string[],
  says: string,
  ...alterations: readonly ClientAlteration[]
): ClientFault {
  return { ...base(statements, says), role: "client", alterations };
}

/** Says that the fault shows in a configuration set only. */
export function inSet<F extends Fault>(set: string, fault: F): F {
  return { ...fault, set };
}

function base(statements: string | readonly string[], says: string): FaultBase {
  const ids = typeof statements === "string" ? [statements] : statements;
  const slug = says.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  return { id: `${ids[0] ?? ""}:${slug.replaceAll(/^-|-$/g, "")}`, statements: ids, says };
}

/** Replaces decisions of the peer, by group and name. */
export function decide<Decisions>(decisions: Decisions): { readonly decisions: Decisions } {
  return { decisions };
}

/** Leaves out behaviours, by name. */
export function skip(...names: readonly string[]): { readonly skip: readonly string[] } {
  return { skip: names };
}

type Rewritten<M> = M | Uint8Array | readonly (SipMessage | Uint8Array)[] | undefined;

/** Rewrites requests of a method at the edge; `where` narrows them down. `cause`: the request that made the peer send this one. */
export function onRequest(
  method: string,
  rewrite: (request: SipRequest, cause: SipRequest | undefined) => Rewritten<SipRequest>,
  where: (request: SipRequest, cause: SipRequest | undefined) => boolean = () => true,
): { readonly onSend: EdgeAlteration } {
  return {
    onSend: {
      when: (message, cause) =>
        message.kind === "request" && message.method === method && where(message, cause),
      rewrite: (message, cause) => (message.kind === "request" ? rewrite(message, cause) : message),
    },
  };
}

/** Rewrites responses to a method at the edge. `request`: what is answered. */
export function onResponse(
  method: string,
  rewrite: (response: SipResponse, request: SipRequest | undefined) => Rewritten<SipResponse>,
  where: (response: SipResponse, request: SipRequest | undefined) => boolean = () => true,
): { readonly onSend: EdgeAlteration } {
  return {
    onSend: {
      when: (message, cause) =>
        message.kind === "response" && cseqOf(message)?.method === method && where(message, cause),
      rewrite: (message, cause) => (message.kind === "response" ? rewrite(message, cause) : message),
    },
  };
}
