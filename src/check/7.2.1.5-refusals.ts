/** 7.2.1.5-1 to 3 and 7: INVITEs to a session that the controlling function must refuse, and how. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { check, type Check, type Outcome } from "./check.ts";
import { endOf, expectStatus, expectThat, expectWarning, noted, undecided } from "./outcome.ts";
import {
  goodRejoinings,
  rejoinings,
  rejoiningsWith,
  type RejoinGround,
  type Rejoining,
} from "./rejoining.ts";

function refusal(statement: string, ground: RejoinGround, ...statuses: readonly number[]): Check {
  return check<Rejoining>(statement, {
    trigger: (trace) => rejoiningsWith(ground, trace),
    judge: ({ exchange }, trace) => expectStatus(exchange, statuses, trace.complete),
  });
}

/** Of a refusal that has the status that the statement speaks of. */
function warning(
  statement: string,
  ground: RejoinGround,
  status: number,
  ...codes: readonly number[]
): Check {
  return check<Rejoining>(statement, {
    trigger: (trace) =>
      rejoiningsWith(ground, trace).filter(({ exchange }) => exchange.final?.message.status === status),
    judge: ({ exchange }) => (exchange.final === undefined ? [] : expectWarning(exchange.final, ...codes)),
  });
}

interface Way {
  readonly ground: RejoinGround;
  /** What the function says of it. */
  readonly status: number;
  readonly codes: readonly number[];
  readonly says: string;
}

/** Both ways: who has this against it is refused, and who has nothing against it is not refused so. */
function looksAt(statement: string, { ground, status, codes, says }: Way): Check {
  const isRefusedSo = ({ exchange: { final } }: Rejoining): boolean =>
    final?.message.status === status &&
    (codes.length === 0 || expectWarning(final, ...codes).result === "pass");
  return check<Rejoining>(statement, {
    trigger: (trace) => [
      ...rejoiningsWith(ground, trace),
      ...goodOfKind(ground, trace).filter((one) => one.accepted !== undefined || isRefusedSo(one)),
    ],
    judge: ({ exchange, grounds, accepted }): Outcome => {
      const refused = grounds.length > 0;
      const expected = refused ? `the INVITE is refused: ${says}` : `the INVITE is not refused as if ${says}`;
      if (exchange.final === undefined) return undecided(expected, "there is no final response", exchange);
      return expectThat((accepted === undefined) === refused, expected, endOf(exchange), exchange);
    },
  });
}

/** The number of participants is looked at in sessions of groups only. */
function goodOfKind(ground: RejoinGround, trace: ScenarioTrace): readonly Rejoining[] {
  const good = goodRejoinings(trace);
  return ground === "full" ? good.filter(({ conference }) => conference?.kind === "group") : good;
}

export const existenceIsLookedUp = looksAt("7.2.1.5-1a", {
  ground: "over",
  status: 403,
  codes: [123],
  says: "the session is over",
});

/** 11.2 has 404 for identities that lead nowhere. */
export const overIsForbidden = check<Rejoining>("7.2.1.5-1b", {
  trigger: (trace) =>
    rejoinings(trace).filter(({ grounds: [first, ...others] }) => first === "over" && others.length === 0),
  judge: ({ exchange }, trace) =>
    exchange.final?.message.status === 404
      ? noted(
          "final response 403",
          endOf(exchange),
          "11.2 has 404 for a conference URI that leads nowhere",
          exchange,
        )
      : expectStatus(exchange, [403], trace.complete),
});
export const overHasWarning = warning("7.2.1.5-1c", "over", 403, 123);

export const joiningPolicyIsApplied = looksAt("7.2.1.5-2a", {
  ground: "not-admitted",
  status: 403,
  codes: [122, 127],
  says: "the user may not join",
});
export const barredIsForbidden = refusal("7.2.1.5-2b", "not-admitted", 403);
/** 7.2.1.4-2 has 127 for the same. */
export const barredHasWarning = warning("7.2.1.5-2c", "not-admitted", 403, 122, 127);

export const maximumIsCheckedOnRejoining = looksAt("7.2.1.5-3a", {
  ground: "full",
  status: 486,
  codes: [],
  says: "as many take part as may",
});
export const fullIsBusy = refusal("7.2.1.5-3b", "full", 486);
export const fullHasWarning = warning("7.2.1.5-3c", "full", 486, 102);

export const mediaAreCheckedOnRejoining = looksAt("7.2.1.5-7a", {
  ground: "media",
  status: 488,
  codes: [],
  says: "its media cannot be accepted",
});
export const badOfferIsNotAcceptable = refusal("7.2.1.5-7b", "media", 488);
