/** When participants are removed and sessions released (clauses 7.2.2.5, 7.2.2.8). */
import { sessionRelease } from "../peer/im-server/focus/decisions/session-release.ts";
import { decide, inSet, serverFault, type Fault } from "./fault.ts";

type Variables = ReturnType<typeof sessionRelease.variables>;
type About = Parameters<typeof sessionRelease.variables>;

const never = (): boolean => false;

/** The variables of the operator and the group, rewritten. */
function variables(rewrite: (own: Variables, ...about: About) => Variables) {
  return decide({
    sessionRelease: {
      variables: (...about: About) => rewrite(sessionRelease.variables(...about), ...about),
    },
  });
}

const keepsTheLast = decide({ sessionRelease: { leavesTooFew: never } });
const endsNever = decide({ sessionRelease: { maximumLengthS: () => undefined } });
const staysWithoutOriginator = decide({ sessionRelease: { endsWithOriginator: never, autoReleases: never } });

export const faults: readonly Fault[] = [
  serverFault(
    "7.2.2.5-1",
    "leaves one participant in a session that is over",
    decide({
      sessionRelease: {
        removes: ({ participants }, participant) => [...participants.values()].at(-1) !== participant,
      },
    }),
  ),
  serverFault(
    "7.2.2.8-1",
    "knows neither the rules of the group nor those of the operator",
    keepsTheLast,
    endsNever,
    staysWithoutOriginator,
    decide({ sessionRelease: { forbidden: never } }),
  ),
  serverFault(
    "7.2.2.8-1p",
    "prefers the rules of the operator to those of the group",
    variables((_own, _conference, policy) => ({
      autoRelease: policy.autoRelease,
      maximumLengthS: policy.sessionMaximumS,
      remainingParticipants: policy.remainingParticipants,
    })),
    decide({ sessionRelease: { forbidden: never } }),
  ),
  serverFault(
    "7.2.2.8-2",
    "overlooks the policy of the group",
    decide({ sessionRelease: { forbidden: never } }),
  ),
  serverFault(
    "7.2.2.8-2",
    "goes on beyond the duration that the group allows",
    variables((own) => ({ ...own, maximumLengthS: undefined })),
  ),
  serverFault("7.2.2.8-3", "has no least number of participants", keepsTheLast),
  inSet(
    "auto-release",
    serverFault(
      "7.2.2.8-4a",
      "has no auto-release",
      variables((own) => ({ ...own, autoRelease: false })),
    ),
  ),
  serverFault(
    "7.2.2.8-4b",
    "ends every session of a group with its originator",
    variables((own) => ({ ...own, autoRelease: true })),
  ),
  inSet(
    "auto-release",
    serverFault("7.2.2.8-7-1b", "lets a group go on without its originator", staysWithoutOriginator),
  ),
  serverFault("7.2.2.8-5", "has no maximum length", endsNever),
  serverFault("7.2.2.8-6", "lets the last participant stay", keepsTheLast),
  serverFault("7.2.2.8-7", "lets a session go on without its originator", staysWithoutOriginator),
  serverFault("7.2.2.8-7-1", "lets a session go on without its originator", staysWithoutOriginator),
  serverFault("7.2.2.8-7-1a", "lets a session go on without its originator", staysWithoutOriginator),
  serverFault(
    "7.2.2.8-7-1c",
    "leaves one alone in a one-to-one session",
    decide({ sessionRelease: { leavesOneAlone: never } }),
  ),
  serverFault("7.2.2.8-7-1d", "lets the last participant stay", keepsTheLast),
  serverFault("7.2.2.8-7-1e", "has no maximum length", endsNever),
  serverFault(
    "7.2.2.8-7-1f",
    "goes on with the session of a group that was deleted",
    decide({ sessionRelease: { endsWithGroup: never } }),
  ),
  serverFault(
    "7.2.2.8-7-2",
    "removes nobody whose group is no longer theirs",
    decide({ sessionRelease: { mayStay: () => true } }),
  ),
  serverFault(
    "7.2.2.8-7-2a",
    "keeps whom changed rules shut out",
    decide({ sessionRelease: { mayStay: () => true } }),
  ),
];
