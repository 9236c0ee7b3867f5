/** The settings of a user that are in force: those of the last PUBLISH that the SUT accepted, as Appendix E reads them. */
import type { Settings } from "../spec/actions.ts";
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { eventOf, expiresOf } from "../wire/sip/headers.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { readable, settingsOf } from "./pager-message.ts";

/** Settings of `user` before event `seq`; undefined: none were published. */
export function publishedSettings(
  user: string,
  seq: number,
  trace: ScenarioTrace,
): Partial<Settings> | undefined {
  const published = trace
    .exchanges({ method: "PUBLISH", way: "to-sut" })
    .filter((exchange) => isInForce(exchange, user, seq));
  return published.reduce<Partial<Settings> | undefined>(
    (sofar, exchange) => merged(sofar, exchange),
    undefined,
  );
}

function isInForce({ request, final }: Exchange, user: string, seq: number): boolean {
  return (
    request.seq < seq &&
    // 200 it should be (6.1.1.5-6); what was accepted otherwise is in force as well.
    final !== undefined &&
    final.message.status < 300 &&
    sameAddressOfRecord(request.message.uri, user) &&
    readable(() => eventOf(request.message)?.type, undefined) === "poc-settings"
  );
}

function merged(sofar: Partial<Settings> | undefined, { request }: Exchange): Partial<Settings> | undefined {
  // RFC 3903 4.5: a lifetime of zero takes the settings away.
  if (readable(() => expiresOf(request.message), undefined) === 0) return undefined;
  if (request.message.body.length === 0) return sofar;
  const told = settingsOf(request.message);
  return told === undefined ? sofar : { ...sofar, ...told };
}
