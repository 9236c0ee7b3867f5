/**
 * A request as it travels: one that a proxy sends on is seen on several hops, with the same Call-ID, CSeq and tags. What a B2BUA sends on is
 * another request.
 */
import type { SipRequest } from "../../wire/sip/message.ts";
import type { Exchange } from "../scenario-trace.ts";
import { callIdIdentity, cseqIdentity, firstHeader, fromTag } from "../sip-identity.ts";

export interface Journey {
  readonly method: string;
  /** In the order in which the hops were seen; never empty. */
  readonly hops: readonly Exchange[];
  /** The hop on which it touched the SUT, the first of several; else the first hop. */
  readonly atSut: Exchange;
  readonly seq: number;
}

/** In the order in which they were first seen. */
export function readJourneys(exchanges: readonly Exchange[]): readonly Journey[] {
  const byKey = new Map<string, Exchange[]>();
  for (const exchange of exchanges) {
    const key = journeyKey(exchange.request.message);
    const known = byKey.get(key);
    if (known === undefined) byKey.set(key, [exchange]);
    else known.push(exchange);
  }
  return [...byKey.values()].flatMap((hops) => {
    const [first] = hops;
    if (first === undefined) return [];
    const atSut = hops.find(({ way }) => way !== "within") ?? first;
    return [{ method: first.request.message.method, hops, atSut, seq: first.request.seq }];
  });
}

function journeyKey(request: SipRequest): string {
  const { number, method } = cseqIdentity(request);
  return JSON.stringify([
    request.method,
    callIdIdentity(request),
    number,
    method,
    fromTag(request),
    tagOfTo(request),
  ]);
}

export function tagOfTo(message: Parameters<typeof firstHeader>[0]): string {
  return /;\s*tag\s*=\s*([^\s;,]+)/i.exec(firstHeader(message, "to") ?? "")?.[1] ?? "";
}
