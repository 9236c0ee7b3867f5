/** Defects of the specification that a report names: those that the SCR rows show, and those that the caller adds. */
import type { ItemResult } from "../judge/results.ts";
import type { ReportInput, SpecificationDefect } from "./model.ts";

export function defectsOf(input: ReportInput): readonly SpecificationDefect[] {
  return [...input.scr.flatMap(defectsOfRow), ...(input.defects ?? [])];
}

function defectsOfRow({ id, correction, requirement, printed }: ItemResult): SpecificationDefect[] {
  const says = [
    ...(correction === undefined ? [] : [correction]),
    ...(requirement?.dangling ?? []).map(
      (missing) => `requires ${missing}, which exists nowhere in the document`,
    ),
    ...(printed === undefined || printed.id === id ? [] : [`its id is printed as "${printed.id}"`]),
  ];
  return says.map((one) => ({ at: id, says: one }));
}
