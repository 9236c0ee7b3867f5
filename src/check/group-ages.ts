/** Ages that a group wants of its participants (7.2.2.9). */
import { ageAt, type GroupItem } from "../trace/group-facts.ts";
import type { ScenarioTrace } from "../trace/scenario-trace.ts";

/** Both ends of a range belong to it. Undefined: the record does not tell the age. */
export function isOfAge(
  { rules }: GroupItem,
  user: string,
  seq: number,
  { events }: ScenarioTrace,
): boolean | undefined {
  const range = rules?.age;
  if (range === undefined) return true;
  const age = ageAt(events, user, seq);
  if (age === undefined) return undefined;
  return (range.from ?? 0) <= age && age <= (range.until ?? Number.POSITIVE_INFINITY);
}
