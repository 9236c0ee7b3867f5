/** A record, judged or judged again, and its report: what `judge`, `report` and `explain` share. */
import { loadRules } from "../judge/rules.ts";
import { findRun, loadRun, newestRun, type RecordedRun, UnknownRunError } from "../run/recorded-run.ts";
import { judgeUnjudged } from "../run/rejudge.ts";
import { REPORTS } from "./project.ts";

/** The run that a person names, else the newest; what was not judged before it broke off is judged as cut. */
export async function openJudged(word: string | undefined): Promise<RecordedRun> {
  const run = await openRecord(word);
  return { ...run, events: judgeUnjudged(run.events, run.sutFile, await loadRules()) };
}

/** Says on stderr what is wrong with the record without making it unreadable. */
export async function openRecord(word: string | undefined): Promise<RecordedRun> {
  const place = word === undefined ? newestRun(REPORTS) : findRun(word, REPORTS);
  if (place === undefined)
    throw new UnknownRunError("no-earlier-run", "there is no run in reports/ yet: `scrim run` makes one");
  const run = await loadRun(place);
  for (const remark of run.remarks) process.stderr.write(`scrim: ${remark}\n`);
  return run;
}
