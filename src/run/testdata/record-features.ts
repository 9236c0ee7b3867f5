/**
 * Features that are given by path, against the bundled reference on the virtual network; the record goes to standard output. A program of
 * its own, because cucumber loads the steps with the loader of the process: `node --import tsx record-features.ts PATH`.
 */
import path from "node:path";
import { loadRules } from "../../judge/rules.ts";
import { readSutFile } from "../../spec/sut-file-reader.ts";
import { encodeEvent } from "../../trace/ndjson.ts";
import { loadCucumber, readFeatures } from "../cucumber.ts";
import { planRun } from "../plan.ts";
import { runVirtually } from "../virtual-run.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");

const cucumber = await loadCucumber();
const sutFile = readSutFile(path.join(ROOT, "scenarios", "sut", "reference.yaml"));
const plan = planRun(await readFeatures(cucumber, process.argv.slice(2)), sutFile, { selects: () => true });
const events = await runVirtually({ cucumber, plan, rules: await loadRules(), sutFile, seed: 7 });
process.stdout.write(events.map(encodeEvent).join(""));
