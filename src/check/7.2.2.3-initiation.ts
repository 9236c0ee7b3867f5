/** 7.2.2.3: who begins the session of a Pre-defined Group, and whether its members are invited. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { referralOf } from "./referred-users.ts";
import { check } from "./check.ts";
import { groupSetUps, type SetUp } from "./conference.ts";
import { expectedInvitations, hadTime, type Expected } from "./expected-invitations.ts";
import { isWeighed } from "./group-session-admission.ts";
import { expectThat, missed, passed } from "./outcome.ts";

export const ruleOfInitiation = isWeighed(
  "7.2.2.3-1",
  { ground: "not-initiator", when: ["idle"], statuses: [403] },
  {
    bad: "no session is begun by whom allow-initiate-conference does not allow it",
    good: "a session is begun by whom allow-initiate-conference allows it",
  },
);

/** A member of a group, who is invited or not. */
type Member = Expected & { readonly wanted: boolean };

function members(trace: ScenarioTrace): readonly Member[] {
  const wanted = expectedInvitations(trace).filter(({ setUp }) => setUp.kind === "group");
  return [
    ...wanted.map((one) => ({ ...one, wanted: true })),
    ...groupSetUps(trace)
      .filter(({ group }) => group?.rules?.inviteMembers === false)
      .flatMap((setUp) => unwanted(setUp, trace)),
  ];
}

/** Members of a chat group come by themselves; whom somebody has added is another matter. */
function unwanted(setUp: SetUp, trace: ScenarioTrace): readonly Member[] {
  const { originator, listed, exchange } = setUp;
  const silent = trace.absenceProven(exchange.request.at) || hadTime(setUp, trace);
  return listed
    .filter((uri) => originator === undefined || !sameAddressOfRecord(uri, originator))
    .flatMap((uri) => {
      const invitation = setUp.invitations.find(
        (one) => sameAddressOfRecord(one.request.uri, uri) && referralOf(one, trace) === undefined,
      );
      return invitation === undefined && !silent ? [] : [{ setUp, uri, invitation, wanted: false }];
    });
}

export const invitedIfMembersAre = check<Member>("7.2.2.3-2", {
  trigger: members,
  judge: ({ setUp, uri, invitation, wanted }) => {
    const actual = invitation === undefined ? "no INVITE to that user" : "an INVITE was sent";
    const seen = [setUp.exchange, invitation?.exchange] as const;
    if (wanted)
      return expectThat(
        invitation !== undefined,
        `an INVITE to <${uri}>, for invite-members is true`,
        actual,
        ...seen,
      );
    const expected = `no INVITE to <${uri}>, for invite-members is false`;
    return (invitation === undefined ? passed : missed)(expected, actual, ...seen);
  },
});
