/** Publication of the service settings (clause 5.2.4). */
import { withHeader } from "../wire/sip/edit.ts";
import type { Settings } from "../spec/actions.ts";
import { clientFault, decide, onRequest } from "./fault.ts";
import type { ClientFault, Fault } from "./fault.ts";
import { directly } from "./past-the-core.ts";
import { inDocument } from "./settings-text.ts";

const SOMEBODY = "sip:somebody.else@home.example";

/** The first publication, or each, leaves a setting out. */
function leavesOut(statement: string, setting: keyof Settings, words: string): ClientFault {
  return clientFault(
    statement,
    `a publication does not tell ${words}`,
    decide({
      publishing: {
        settings: (_client, settings) => {
          const { [setting]: _left, ...rest } = settings;
          return rest;
        },
      },
    }),
  );
}

export const faults: readonly Fault[] = [
  clientFault(
    "5.2.4-1",
    "a change does not name what it changes",
    decide({ publishing: { ifMatch: () => undefined } }),
  ),
  clientFault(
    "5.2.4-1",
    "the first publication names one that never was",
    onRequest("PUBLISH", (request) => withHeader(request, "SIP-If-Match", "never-given")),
  ),
  clientFault(
    "5.2.4-2",
    "settings are published for somebody else",
    decide({ publishing: { requestUri: () => SOMEBODY } }),
  ),
  clientFault(
    "5.2.4-3",
    "P-Preferred-Identity of PUBLISH names somebody else",
    decide({ publishing: { preferredIdentity: () => `<${SOMEBODY}>` } }),
  ),
  clientFault(
    "5.2.4-4",
    "PUBLISH lacks Accept-Contact",
    decide({ publishing: { acceptContact: () => undefined } }),
  ),
  clientFault("5.2.4-5", "PUBLISH lacks User-Agent", decide({ publishing: { userAgent: () => undefined } })),
  clientFault(
    "5.2.4-6",
    "the event of PUBLISH is im-settings",
    decide({ publishing: { event: () => "im-settings" } }),
  ),
  clientFault("5.2.4-7", "PUBLISH lacks Expires", decide({ publishing: { expires: () => undefined } })),
  clientFault(
    "5.2.4-7",
    "settings are published for a minute",
    decide({ publishing: { expires: () => "60" } }),
  ),
  leavesOut("5.2.4-8a", "barSessions", "incoming session barring"),
  leavesOut("5.2.4-8b", "barMessages", "incoming message barring"),
  leavesOut("5.2.4-8c", "invisible", "invisibility"),
  leavesOut("5.2.4-8d", "offlineDelivery", "offline delivery"),
  leavesOut("5.2.4-8e", "recordSessions", "storing of sessions"),
  leavesOut("5.2.4-8f", "recordMessages", "storing of messages"),
  clientFault(
    "5.2.4-8g",
    "offline-delivery stands in vis-settings once more",
    inDocument((xml) =>
      xml.replace("</ss:vis-settings>", '<ss:offline-delivery active="true"/></ss:vis-settings>'),
    ),
  ),
  clientFault("5.2.4-9", "PUBLISH goes past the core", directly("PUBLISH")),
];
