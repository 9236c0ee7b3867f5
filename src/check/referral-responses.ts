/** Responses to REFER that the clauses of adding and of removing users share (7.2.1.7-5 to 8, 7.2.1.8-2a). */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { header, tokensOf } from "../wire/sip/headers.ts";
import { NOREFERSUB, referSubOf } from "../wire/sip/refer-fields.ts";
import { check, type Check, type Outcome } from "./check.ts";
import { endOf, expectThat, missed, passed, undecided } from "./outcome.ts";
import { acceptanceOf, type Referral } from "./referrals.ts";

type Trigger = (trace: ScenarioTrace) => readonly Referral[];

export function successOf(statement: string, trigger: Trigger): Check {
  return check<Referral>(statement, {
    trigger,
    judge: (referral, trace): Outcome => {
      const { exchange } = referral;
      const expected = "a 2xx to the REFER";
      if (exchange.final === undefined && !trace.complete)
        return undecided(expected, "the trace ends before a final response", exchange);
      return expectThat(acceptanceOf(referral) !== undefined, expected, endOf(exchange), exchange);
    },
  });
}

export function successIsSent(statement: string, trigger: Trigger): Check {
  return check<Referral>(statement, {
    trigger,
    judge: (referral, trace): Outcome => {
      const expected = "a 2xx to the REFER goes to the client";
      if (acceptanceOf(referral) !== undefined) return passed(expected, "it went", referral.exchange);
      return trace.complete
        ? missed(expected, "no 2xx went", referral.exchange)
        : undecided(expected, "the trace ends before it", referral.exchange);
    },
  });
}

export function norefersubIsSupported(statement: string, trigger: Trigger): Check {
  return check<Referral>(statement, {
    trigger: (trace) => trigger(trace).filter(({ outsideDialog }) => outsideDialog),
    judge: ({ exchange: { final } }): Outcome | readonly Outcome[] => {
      if (final === undefined) return [];
      const supported = tokensOf(final.message, "Supported");
      return expectThat(
        supported.some((tag) => tag.toLowerCase() === NOREFERSUB),
        "Supported with norefersub",
        supported.length === 0 ? "no Supported header" : `Supported: ${supported.join(", ")}`,
        final,
      );
    },
  });
}

/** Of a 2xx to a REFER with Refer-Sub: false. */
export function referSubIsRepeated(statement: string, trigger: Trigger): Check {
  return check<Referral>(statement, {
    trigger: (trace) => trigger(trace).filter(({ wantsNotifications }) => !wantsNotifications),
    judge: ({ exchange: { final } }): Outcome | readonly Outcome[] => {
      if (final === undefined) return [];
      const value = header(final.message, "Refer-Sub");
      const actual = value === undefined ? "no Refer-Sub header" : `Refer-Sub: ${value}`;
      return expectThat(referSubOf(final.message) === false, "Refer-Sub: false", actual, final);
    },
  });
}
