/** What variants are made of: changes at the edge of a peer, one after the other, and the form in which everything is written at last. */
import type { Alteration, EdgeAlteration } from "../../peer/im/alteration.ts";
import { callIdOf, cseqOf } from "../../wire/sip/headers.ts";
import type { SipMessage, SipRequest, SipResponse } from "../../wire/sip/message.ts";
import {
  allValuesInOneLine,
  compactNames,
  foldedLines,
  inTurn,
  lastHeadersFirst,
  namesInOtherCase,
  oneValuePerLine,
  zerosInContentLength,
  type Form,
} from "./message-forms.ts";

/** A change to some of the messages that a peer sends; `cause`: what is answered, forwarded, or made the peer send it. */
export type Change = (message: SipMessage, cause: SipRequest | undefined) => SipMessage;

type Sent = SipMessage | Uint8Array;

export function onWire(
  changes: readonly Change[],
  last: (message: SipMessage) => Sent | readonly Sent[] = (message) => message,
): { readonly onSend: EdgeAlteration } {
  return {
    onSend: {
      when: () => true,
      rewrite: (message, cause) =>
        last(changes.reduce<SipMessage>((changed, change) => change(changed, cause), message)),
    },
  };
}

/** Each message in another form than the one before. Forms that make a message much longer could make it too long for UDP. */
export function inEveryForm(...more: readonly Form[]): { readonly onSend: EdgeAlteration } {
  return onWire(
    [],
    inTurn(
      compactNames,
      namesInOtherCase,
      foldedLines,
      lastHeadersFirst,
      oneValuePerLine,
      allValuesInOneLine,
      zerosInContentLength,
      ...more,
    ),
  );
}

export function ofRequests(
  method: string,
  change: (request: SipRequest, cause: SipRequest | undefined) => SipRequest,
): Change {
  return (message, cause) =>
    message.kind === "request" && message.method === method ? change(message, cause) : message;
}

export function ofResponses(
  method: string,
  change: (response: SipResponse, cause: SipRequest | undefined) => SipResponse,
): Change {
  return (message, cause) =>
    message.kind === "response" && cseqOf(message)?.method === method ? change(message, cause) : message;
}

/** Whether a request is the one that came, on its way on. */
export function isPassedOn(request: SipRequest, cause: SipRequest | undefined): boolean {
  return cause !== undefined && callIdOf(request) === callIdOf(cause);
}

/** All alterations, with what they do at the edge one after the other; a peer by itself takes the first that wants a message. */
export function together<Decisions>(
  alterations: readonly Alteration<Decisions>[],
): readonly Alteration<Decisions>[] {
  const edges = alterations.flatMap(({ onSend }) => onSend ?? []);
  const others = alterations.map(({ onSend: _edge, ...other }): Alteration<Decisions> => other);
  const rewrite: EdgeAlteration["rewrite"] = (message, cause) =>
    edges.reduce<readonly Sent[]>(
      (sent, edge) => sent.flatMap((one) => (isWritten(one) ? [one] : rewrittenBy(edge, one, cause))),
      [message],
    );
  return [...others, { onSend: { when: () => edges.length > 0, rewrite } }];
}

function isWritten(sent: Sent): sent is Uint8Array {
  return sent instanceof Uint8Array;
}

function rewrittenBy(
  edge: EdgeAlteration,
  message: SipMessage,
  cause: SipRequest | undefined,
): readonly Sent[] {
  if (!edge.when(message, cause)) return [message];
  const made = edge.rewrite(message, cause);
  if (made === undefined) return [];
  return made instanceof Uint8Array || "kind" in made ? [made] : made;
}
