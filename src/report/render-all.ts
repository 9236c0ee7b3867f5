/** Every artefact of a run, as names and bytes; writing them is the caller's. */
import type { RunEvent, TraceEvent } from "../trace/event.ts";
import { pcapngOf } from "../trace/pcapng.ts";
import { redactEvents } from "../trace/redaction.ts";
import { pageHtml } from "./html/page.ts";
import { junitXml } from "./junit.ts";
import { encoded } from "./links.ts";
import type { ReportInput } from "./model.ts";
import { reportJson, reportText } from "./report-json.ts";
import { scrMarkdown } from "./scr-markdown.ts";

/** Credentials are taken out first, and bodies on request. Names are relative to the directory of the run. Throws `NoRunError` for a record without an opening event. */
export function renderAll(complete: ReportInput): ReadonlyMap<string, Uint8Array> {
  const events = redactEvents(complete.events, { bodies: complete.hideBodies ?? false });
  const input = { ...complete, events };
  const encoder = new TextEncoder();
  return new Map([
    ["index.html", encoder.encode(pageHtml(input))],
    ["report.json", encoder.encode(reportText(reportJson(input)))],
    ["junit.xml", encoder.encode(junitXml(input))],
    ["scr.md", encoder.encode(scrMarkdown(input))],
    ...captures(input),
  ]);
}

/** `pcap/ID.pcapng` for each scenario with traffic. */
function captures(input: ReportInput): readonly (readonly [string, Uint8Array])[] {
  const byScenario = new Map<string, TraceEvent[]>();
  for (const event of input.events) {
    if (event.type !== "crossed" || event.scenario === undefined) continue;
    const events = byScenario.get(event.scenario);
    if (events === undefined) byScenario.set(event.scenario, [event]);
    else events.push(event);
  }
  return [...byScenario].map(([scenario, events]) => [
    captureName(scenario),
    pcapngOf(events, applicationOf(input.events)),
  ]);
}

/** One name for each id, and none that leaves the directory. */
export function captureName(scenario: string): string {
  const name = encoded(scenario)
    .replaceAll(/[*'()!~]/g, "_")
    .replace(/^\.+/, "_");
  return `pcap/${name.slice(0, 150)}.pcapng`;
}

function applicationOf(events: readonly RunEvent[]): string {
  const opened = events.find((event) => event.type === "run-opened");
  return opened === undefined ? "Scrim" : `Scrim ${opened.scrim}`;
}
