/** What cucumber reads of the features, as JSON on standard output. A program of its own, as cucumber loads the steps by the process's loader. */
import { describeScenario } from "../../lab/describe-scenario.ts";
import { loadCucumber, readFeatures } from "../cucumber.ts";

const features = await readFeatures(await loadCucumber());
process.stdout.write(
  JSON.stringify(features.map(({ pickle, document }) => describeScenario(pickle, document))),
);
