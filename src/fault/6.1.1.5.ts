/** Settings that users publish (clause 6.1.1.5). */
import { header } from "../wire/sip/headers.ts";
import { readSettings } from "../wire/xml/settings.ts";
import type { Turn } from "../peer/im-server/turn.ts";
import { decide, serverFault } from "./fault.ts";
import type { Fault } from "./fault.ts";

const warning = "127 Service not authorised";
const HOUR_S = 3600;

/** Keeps what a PUBLISH with a tag that is not known brings, though it is refused. */
function keepsBeforeLooking(turn: Turn): boolean {
  const { publications, clock } = turn.server;
  const tag = header(turn.request, "SIP-If-Match") ?? "";
  const now = clock.now();
  if (publications.find(turn.originator, tag, now) === undefined)
    publications.put(turn.originator, readSettings(turn.request.body).settings, now + HOUR_S * 1000, now);
  return true;
}

const authority: readonly Fault[] = [
  serverFault(
    "6.1.1.5-3a",
    "nobody may publish settings",
    decide({ publishing: { mayPublish: () => false } }),
  ),
  serverFault(
    "6.1.1.5-3b",
    "everybody may publish settings",
    decide({ publishing: { mayPublish: () => true } }),
  ),
  serverFault(
    "6.1.1.5-3b",
    "a user who may not publish is answered 400",
    decide({ refusals: { publisherNotAuthorised: () => ({ status: 400, warning }) } }),
  ),
  serverFault(
    "6.1.1.5-3c",
    "the refusal of a user who may not publish has no warning",
    decide({ refusals: { publisherNotAuthorised: () => ({ status: 403 }) } }),
  ),
];

const processing: readonly Fault[] = [
  serverFault(
    "6.1.1.5-2",
    "settings are taken whatever the event is",
    decide({ publishing: { eventKnown: () => true } }),
  ),
  serverFault(
    "6.1.1.5-4a",
    "the 200 to settings has no entity tag",
    decide({ publishing: { entityTag: () => undefined } }),
  ),
  serverFault(
    "6.1.1.5-4a",
    "all settings have the same entity tag",
    decide({ publishing: { entityTag: () => "settings", entityTagMatters: () => false } }),
  ),
  serverFault(
    "6.1.1.5-4a",
    "settings are kept for longer than was asked",
    decide({ publishing: { grantedExpires: (_turn, seconds) => String(seconds * 2) } }),
  ),
  serverFault(
    "6.1.1.5-4a",
    "an entity tag that is not known is no matter",
    decide({ publishing: { entityTagMatters: () => false } }),
  ),
  serverFault(
    "6.1.1.5-4a",
    "a document that cannot be read is accepted",
    decide({ publishing: { read: (turn) => readableOrNothing(turn) } }),
  ),
  serverFault(
    "6.1.1.5-4b",
    "settings are kept though their PUBLISH fails",
    decide({ publishing: { entityTagMatters: keepsBeforeLooking } }),
  ),
];

function readableOrNothing(turn: Turn): ReturnType<typeof readSettings>["settings"] {
  try {
    return readSettings(turn.request.body).settings;
  } catch {
    return {};
  }
}

const storing: readonly Fault[] = [
  serverFault(
    "6.1.1.5-5",
    "only the first settings are kept",
    decide({ publishing: { kept: (_turn, settings, before) => before ?? settings } }),
  ),
  serverFault(
    "6.1.1.5-5",
    "a refresh drops the settings",
    decide({
      publishing: {
        expires: (turn, requested) => (turn.request.body.length === 0 ? 0 : (requested ?? HOUR_S)),
        grantedExpires: () => "60",
      },
    }),
  ),
  serverFault("6.1.1.5-6", "settings are answered 202", decide({ publishing: { successStatus: () => 202 } })),
];

export const faults: readonly Fault[] = [...authority, ...processing, ...storing];
