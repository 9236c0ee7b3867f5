/** Users whom somebody in a session has the controlling function invite or remove, by REFER (7.2.1.7, 7.2.1.8). */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import { referToOf, targetOf, type ReferTarget } from "../wire/sip/refer-fields.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import type { ConferenceInvite } from "./conference-invites.ts";
import { memo } from "./memo.ts";
import { readable, uriListOf } from "./pager-message.ts";

/** A REFER that the core gave to the controlling function, and the users that it names. */
export interface Referral {
  readonly exchange: Exchange;
  /** To remove them, else to add them. */
  readonly removes: boolean;
  /** Addresses without headers. */
  readonly users: readonly string[];
}

export const referrals = memo((trace: ScenarioTrace): readonly Referral[] =>
  trace.exchanges({ method: "REFER", way: "to-sut", function: "controlling" }).map((exchange) => {
    const targets = targetsOf(exchange.request.message);
    return {
      exchange,
      removes: targets.some(({ method }) => method === "BYE"),
      users: targets.map(({ requestUri }) => requestUri),
    };
  }),
);

function targetsOf(refer: SipRequest): readonly ReferTarget[] {
  const listed = uriListOf(refer);
  if (listed !== undefined) return listed.flatMap((uri) => readable(() => [targetOf(uri)], []));
  const target = readable(() => referToOf(refer), undefined);
  return typeof target === "object" ? [target] : [];
}

/** The last REFER before the INVITE that asks for it. */
export function referralOf(
  { exchange, request }: ConferenceInvite,
  trace: ScenarioTrace,
): Referral | undefined {
  return referrals(trace).findLast(
    ({ exchange: refer, removes, users }) =>
      !removes &&
      refer.request.seq < exchange.request.seq &&
      users.some((uri) => sameAddressOfRecord(uri, request.uri)),
  );
}
