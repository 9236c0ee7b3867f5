/** From a record to the artefacts of a run. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { judgeRun } from "../judge/judge-run.ts";
import { renderAll } from "../report/render-all.ts";
import type { ReportInput } from "../report/model.ts";
import { statements as registered } from "../spec/register.ts";
import type { SutFile } from "../spec/sut-file.ts";
import type { RunEvent } from "../trace/event.ts";
import { redactEvents } from "../trace/redaction.ts";

export interface ReportOptions {
  readonly strict: boolean;
  readonly hideBodies?: boolean;
}

/** What judging made of the record; secrets are taken out first, so that nothing rendered can hold one. */
export function reportInput(
  events: readonly RunEvent[],
  sutFile: SutFile,
  options: ReportOptions,
): ReportInput {
  const shown = redactEvents(events);
  const { items, statements, scenarios } = judgeRun(shown, sutFile, options);
  return {
    events: shown,
    scr: items.filter((item) => item.table !== "General"),
    general: items.filter((item) => item.table === "General"),
    statements,
    scenarios,
    readings: readingsOf(sutFile),
    ...(options.hideBodies === undefined ? {} : { hideBodies: options.hideBodies }),
  };
}

/** Where the specification has two readings: the one that is used, or that the SUT file chose (docs/interpretations.md). */
function readingsOf(sutFile: SutFile): NonNullable<ReportInput["readings"]> {
  return registered().flatMap(({ id, reading }) =>
    reading === undefined ? [] : [{ name: id, reading: sutFile.interpretations[id] ?? reading }],
  );
}

/** Writes every artefact into the folder of the run and gives the path of the page. */
export function writeReport(input: ReportInput, out: string): string {
  for (const [name, bytes] of renderAll(input)) {
    const file = path.join(out, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
  return path.join(out, "index.html");
}
