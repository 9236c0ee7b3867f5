/** The settings document of a client (clauses E.1 to E.3). */
import { publishing } from "../peer/im-client/decisions/publishing.ts";
import type { Settings } from "../spec/actions.ts";
import { withHeader } from "../wire/sip/edit.ts";
import { clientFault, decide, onRequest } from "./fault.ts";
import type { ClientFault, Fault } from "./fault.ts";
import { inDocument } from "./settings-text.ts";

/** Says the opposite of what the user chose. */
function inverted(statement: string, setting: keyof Settings, words: string): ClientFault {
  return clientFault(
    statement,
    `${words} is published the wrong way round`,
    decide({
      publishing: {
        settings: (client, settings) =>
          publishing.settings(client, { ...settings, [setting]: !settings[setting] }),
      },
    }),
  );
}

/** Takes an element out of its group and leaves it where the group stood. */
const ungrouped = (group: string) =>
  inDocument((xml) => xml.replaceAll(new RegExp(`</?ss:${group}[^>]*>`, "gu"), ""));

/** Empties a group. */
const emptied = (group: string) =>
  inDocument((xml) =>
    xml.replace(new RegExp(`<ss:${group}([^>]*)>.*?</ss:${group}>`, "su"), `<ss:${group}$1></ss:${group}>`),
  );

export const faults: readonly Fault[] = [
  clientFault(
    ["E.1-p1", "E.3-p1"],
    "the entity has no id",
    inDocument((xml) => xml.replace(/<entity id="[^"]*"/u, "<entity")),
  ),
  clientFault(
    "E.1-p1",
    "the document goes by another type",
    onRequest("PUBLISH", (request) => withHeader(request, "Content-Type", "application/xml")),
  ),
  clientFault("E.1-b2", "offline-delivery stands outside deferred-settings", ungrouped("deferred-settings")),
  clientFault("E.1-b3", "vis-status stands outside vis-settings", ungrouped("vis-settings")),
  clientFault("E.1-b4", "hist-activation stands outside hist-settings", ungrouped("hist-settings")),
  clientFault(
    "E.1-def-card",
    "offline-delivery is told twice",
    inDocument((xml) => xml.replace(/<ss:offline-delivery[^>]*\/>/u, (element) => element + element)),
  ),
  clientFault(
    "E.1-def-card",
    "active of offline-delivery is a word",
    inDocument((xml) => xml.replace(/(<ss:offline-delivery active=)"[^"]*"/u, '$1"perhaps"')),
  ),
  clientFault("E.1-def-child", "deferred-settings is empty", emptied("deferred-settings")),
  clientFault(
    "E.1-vis-card",
    "vis-status is told twice",
    inDocument((xml) => xml.replace(/<ss:vis-status[^>]*\/>/u, (element) => element + element)),
  ),
  clientFault("E.1-vis-child", "vis-settings is empty", emptied("vis-settings")),
  clientFault("E.1-hist-card", "hist-settings is empty", emptied("hist-settings")),
  clientFault(
    "E.1-hist-sub",
    "a hist-activation names no mode",
    inDocument((xml) =>
      xml.replace("</ss:hist-settings>", '<ss:hist-activation active="true"/></ss:hist-settings>'),
    ),
  ),
  clientFault(
    "E.2-p1a",
    "service-id is that of another service",
    inDocument((xml) => xml.replaceAll('service-id="IM"', 'service-id="PoC"')),
  ),
  inverted("E.2-t3-1", "barSessions", "incoming session barring"),
  inverted("E.2-t3-2", "barMessages", "incoming message barring"),
  inverted("E.2-t3-3", "invisible", "invisibility"),
  inverted("E.2-t3-4", "offlineDelivery", "offline delivery"),
  inverted("E.2-t3-5", "recordSessions", "storing of sessions"),
  inverted("E.2-t3-6", "recordMessages", "storing of messages"),
  clientFault(
    "E.3-p1",
    "text stands between the elements",
    inDocument((xml) => xml.replace("</entity>", "and nothing else</entity>")),
  ),
];
