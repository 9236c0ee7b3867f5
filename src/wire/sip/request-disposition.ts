/** Request-Disposition (RFC 3841 9.1, 10): what proxies and servers do with a request. */
import { readable } from "./error.ts";
import { tokensOf } from "./headers.ts";
import type { SipMessage } from "./message.ts";

const CHOICES = [
  ["proxy", "redirect"],
  ["cancel", "no-cancel"],
  ["fork", "no-fork"],
  ["recurse", "no-recurse"],
  ["parallel", "sequential"],
  ["queue", "no-queue"],
] as const;

export type Directive = (typeof CHOICES)[number][number];

/** What was chosen of each pair; undefined: nothing was said. Of two that contradict the first counts. */
export interface RequestDisposition {
  readonly directives: readonly Directive[];
  /** Directives that nobody knows, as sent. */
  readonly unknown: readonly string[];
}

/** RFC 3841 10 `Request-Disposition = directive *(COMMA directive)` */
export function requestDispositionOf(message: SipMessage): RequestDisposition {
  const directives: Directive[] = [];
  const unknown: string[] = [];
  for (const token of readable(() => tokensOf(message, "Request-Disposition")) ?? []) {
    const pair = CHOICES.find((choices) => choices.some((choice) => choice === token.toLowerCase()));
    const chosen = pair?.find((choice) => choice === token.toLowerCase());
    if (pair === undefined || chosen === undefined) unknown.push(token);
    else if (!pair.some((choice) => directives.includes(choice))) directives.push(chosen);
  }
  return { directives, unknown };
}

export function asksFor(message: SipMessage, directive: Directive): boolean {
  return requestDispositionOf(message).directives.includes(directive);
}
