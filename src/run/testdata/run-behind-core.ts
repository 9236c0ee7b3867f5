/**
 * The suite on the virtual network with Scrim before a core that is not its own, played by one of Scrim's at another address. How each
 * scenario ended goes to standard output as JSON: `node --import tsx run-behind-core.ts [BEGINNING OF LOCATIONS [careless]]`. A careless core
 * writes a header field that RFC 3261 does not allow into all its requests.
 */
import path from "node:path";
import { openLabCore } from "../../lab/testdata/lab-core.ts";
import { loadRules } from "../../judge/rules.ts";
import { readSutFile } from "../../spec/sut-file-reader.ts";
import type { SutFile } from "../../spec/sut-file.ts";
import type { RunEvent } from "../../trace/event.ts";
import { appendHeader } from "../../wire/sip/edit.ts";
import type { SipMessage } from "../../wire/sip/message.ts";
import { loadCucumber, readFeatures } from "../cucumber.ts";
import { planRun } from "../plan.ts";
import { runVirtually } from "../virtual-run.ts";
import { SESSION_FEATURES, shareOf } from "./session-features.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const CORE = "sip:127.0.0.1:15061";
const [only = "", manner] = process.argv.slice(2);
/** Of everything, of session mode as much as time allows: one scenario in so many. */
const SHARE_OF_SESSIONS = 4;

/** How each scenario of a run ended, by place and name. */
export type Ends = Readonly<Record<string, { readonly verdict: string; readonly reason?: string }>>;

function endsOf(events: readonly RunEvent[]): Ends {
  const opened = new Map(
    events.flatMap((event) =>
      event.type === "scenario-opened" ? [[event.scenario, `${event.location} ${event.name}`] as const] : [],
    ),
  );
  return Object.fromEntries(
    events.flatMap((event) => {
      if (event.type !== "scenario-judged") return [];
      const { scenario, verdict, reason } = event;
      return [[opened.get(scenario) ?? scenario, { verdict, ...(reason === undefined ? {} : { reason }) }]];
    }),
  );
}

const carelessly = (message: SipMessage): SipMessage =>
  message.kind === "request" ? appendHeader(message, "Date", "the day before") : message;

const cucumber = await loadCucumber();
const reference = readSutFile(path.join(ROOT, "scenarios", "sut", "reference.yaml"));
const sutFile: SutFile = { ...reference, core: { ...reference.core, kind: "external", address: CORE } };
const plan = planRun(await readFeatures(cucumber), sutFile, {
  selects: ({ location, tags, name }) =>
    location.startsWith(only) &&
    !tags.includes("@slow") &&
    (only !== "" || !SESSION_FEATURES.test(location) || shareOf(name, SHARE_OF_SESSIONS) === 0),
});
const events = await runVirtually({
  cucumber,
  plan,
  rules: await loadRules(),
  sutFile,
  seed: 7,
  beside: (net) => openLabCore(sutFile, net, {}, manner === "careless" ? { send: carelessly } : undefined),
});
process.stdout.write(JSON.stringify(endsOf(events)));
