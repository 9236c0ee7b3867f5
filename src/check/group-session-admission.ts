/** What is common to the statements about who is let into the session of a Pre-defined Group (7.2.1.3, 7.2.1.4). */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { check, type Check, type Outcome } from "./check.ts";
import { attemptedSetUps } from "./conference.ts";
import { groupInvites, type GroupInvite } from "./group-session.ts";
import { groupGrounds, soleGroupGround, type GroupGround } from "./group-session-grounds.ts";
import { invitationsInSpite } from "./invitations-in-spite.ts";
import { endOf, expectStatus, expectThat, expectWarning } from "./outcome.ts";

/** INVITEs that have nothing against them. */
export function goodInvites(
  trace: ScenarioTrace,
  ...when: readonly GroupInvite["when"][]
): readonly GroupInvite[] {
  return groupInvites(trace).filter(
    (invite) => when.includes(invite.when) && groupGrounds(invite, trace).length === 0,
  );
}

/** INVITEs that have one thing against them. */
export function badInvites(
  trace: ScenarioTrace,
  ground: GroupGround,
  ...when: readonly GroupInvite["when"][]
): readonly GroupInvite[] {
  return groupInvites(trace).filter(
    (invite) => when.includes(invite.when) && soleGroupGround(invite, trace) === ground,
  );
}

/** Whether the function did with it what it does with a good one: it accepted it, or sent INVITEs because of it. */
export function isTakenUp(invite: GroupInvite, trace: ScenarioTrace): boolean {
  const { session, accepted, group } = invite;
  if (accepted !== undefined) return true;
  const setUp = attemptedSetUps(trace).find((one) => one.session === session);
  return (
    (setUp !== undefined && setUp.invitations.length > 0) ||
    invitationsInSpite(invite, group.members, trace).length > 0
  );
}

/** A ground on which some INVITEs are refused. */
export interface Rule {
  readonly ground: GroupGround;
  readonly when: readonly GroupInvite["when"][];
  readonly statuses: readonly number[];
  /** A status that another reading has. */
  readonly variant?: { readonly status: number; readonly reading: string };
}

function statusesOf({ statuses, variant }: Rule): readonly number[] {
  return variant === undefined ? statuses : [...statuses, variant.status];
}

/** The ground is looked at: an INVITE with it is refused somehow, and one that has nothing against it is not refused so. */
export function isWeighed(
  statement: string,
  rule: Rule,
  words: { readonly bad: string; readonly good: string },
): Check {
  const { ground, when } = rule;
  const wasRefusedSo = ({ exchange: { final } }: GroupInvite): boolean =>
    final !== undefined && statusesOf(rule).includes(final.message.status);
  return check<GroupInvite>(statement, {
    trigger: (trace) => [
      ...badInvites(trace, ground, ...when).filter(({ exchange }) => exchange.final !== undefined),
      ...goodInvites(trace, ...when).filter((invite) => isTakenUp(invite, trace) || wasRefusedSo(invite)),
    ],
    judge: (invite, trace) => {
      const { exchange } = invite;
      const isTaken = isTakenUp(invite, trace);
      const isBad = soleGroupGround(invite, trace) === ground;
      const actual = isTaken ? "it was taken" : endOf(exchange);
      return expectThat(isTaken !== isBad, isBad ? words.bad : words.good, actual, exchange);
    },
  });
}

export function isRefusedWith(statement: string, rule: Rule): Check {
  return check<GroupInvite>(statement, {
    trigger: (trace) => badInvites(trace, rule.ground, ...rule.when),
    judge: ({ exchange }, trace): Outcome => {
      const outcome = expectStatus(exchange, statusesOf(rule), trace.complete);
      const { variant } = rule;
      const isVariant = variant !== undefined && exchange.final?.message.status === variant.status;
      return isVariant && outcome.result === "pass" ? { ...outcome, note: variant.reading } : outcome;
    },
  });
}

/** Of a refusal with the status that is due: where that is another, another statement tells. */
export function isExplainedBy(statement: string, rule: Rule, ...codes: readonly number[]): Check {
  return check<GroupInvite>(statement, {
    trigger: (trace) =>
      badInvites(trace, rule.ground, ...rule.when).filter(
        ({ exchange: { final } }) => final !== undefined && statusesOf(rule).includes(final.message.status),
      ),
    judge: ({ exchange }) => (exchange.final === undefined ? [] : expectWarning(exchange.final, ...codes)),
  });
}
