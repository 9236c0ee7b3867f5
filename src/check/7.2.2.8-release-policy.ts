/** 7.2.2.8 and 7.2.2.5: when participants are removed, and that all of them are. */
import { check, type Check } from "./check.ts";
import {
  removalOutcome,
  removals,
  type Removal,
  type ReleaseCause,
  type ReleaseRule,
} from "./release-causes.ts";

/** Each participant who had to be removed for one of the reasons. */
function removedBy(
  statement: string,
  rules: readonly ReleaseRule[],
  holds: (cause: ReleaseCause) => boolean = () => true,
): Check {
  return check<Removal>(statement, {
    trigger: (trace) => removals(trace).filter(({ cause }) => rules.includes(cause.rule) && holds(cause)),
    judge: removalOutcome,
  });
}

const ALL_OF_THEM: readonly ReleaseRule[] = ["a", "b", "c", "d", "e", "f", "active"];
const THAT_FOLLOW: readonly ReleaseRule[] = ["a", "b", "c", "d", "e", "f"];

const isOfGroup = ({ kind }: ReleaseCause): boolean => kind === "group";

export const everybodyIsRemoved = removedBy("7.2.2.5-1", ALL_OF_THEM);

export const policyOfGroupAndOperator = removedBy("7.2.2.8-1", ALL_OF_THEM, isOfGroup);
export const sessionActivePolicy = removedBy("7.2.2.8-2", ["active"]);
export const operatorVariables = removedBy("7.2.2.8-3", ["b", "d", "e"]);
export const autoReleaseRemoves = removedBy("7.2.2.8-4a", ["b"]);
export const maximumLengthReleases = removedBy("7.2.2.8-5", ["e"]);
export const remainingParticipantsRelease = removedBy("7.2.2.8-6", ["d"]);
export const rulesOfRelease = removedBy("7.2.2.8-7", [...THAT_FOLLOW, "2a"]);
export const ruleReleasesSession = removedBy("7.2.2.8-7-1", THAT_FOLLOW);
export const originatorEndsSession = removedBy("7.2.2.8-7-1a", ["a"]);
export const originatorEndsGroupSession = removedBy("7.2.2.8-7-1b", ["b"]);
export const oneAloneEndsSession = removedBy("7.2.2.8-7-1c", ["c"]);
export const tooFewEndSession = removedBy("7.2.2.8-7-1d", ["d"]);
export const maximumLengthEndsSession = removedBy("7.2.2.8-7-1e", ["e"]);
export const deletedGroupEndsSession = removedBy("7.2.2.8-7-1f", ["f"]);
export const singleParticipantIsRemoved = removedBy("7.2.2.8-7-2", ["2a"]);
export const changedRulesRemove = removedBy("7.2.2.8-7-2a", ["2a"]);

/** The group wants an end that the operator's own variables would not bring. */
export const groupDecides = removedBy("7.2.2.8-1p", ["active"], (cause) => cause.overridesOperator);
