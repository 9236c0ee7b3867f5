/** Who may reach the served user: barring settings and access policy (clause 6.1.2.1, steps 1 and 2). */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { check, type Outcome } from "./check.ts";
import { soleGround } from "./grounds.ts";
import { expectStatus, expectWarning } from "./outcome.ts";
import { publishedSettings } from "./published-settings.ts";
import {
  deliverable,
  expectHeldBack,
  expectRefused,
  expectSentOn,
  refusable,
  rejectingRules,
  type Fit,
} from "./terminating-message.ts";

function barsSessionsOnly({ request }: Exchange, trace: ScenarioTrace): boolean {
  const settings = publishedSettings(request.message.uri, request.seq, trace);
  return settings?.barSessions === true && settings.barMessages === false;
}

export const barringSettingsChecked = check("6.1.2.1-1a", {
  facets: ["pager-mode"],
  trigger: (trace) => [
    ...refusable(trace, "barred"),
    ...deliverable(trace).filter((exchange) => barsSessionsOnly(exchange, trace)),
  ],
  judge: (exchange, trace) =>
    soleGround(exchange, trace) === "barred"
      ? expectRefused("a message to a user who bars messages is not let through", exchange, trace)
      : expectSentOn("a message to a user who bars sessions only is let through", exchange, trace),
});

export const barredRequest403 = check("6.1.2.1-1b", {
  facets: ["pager-mode"],
  trigger: (trace) => refusable(trace, "barred"),
  judge: (exchange, trace) => expectStatus(exchange, [403], trace.complete),
});

export const barredRequestWarning = check("6.1.2.1-1c", {
  facets: ["pager-mode"],
  trigger: (trace) => forbidden(refusable(trace, "barred")),
  judge: ({ final }) => expectWarning(final, 127),
});

type Answered = Exchange & { readonly final: NonNullable<Exchange["final"]> };

function forbidden(exchanges: readonly Exchange[]): readonly Answered[] {
  return exchanges.filter((exchange): exchange is Answered => exchange.final?.message.status === 403);
}

const PAGER = { service: "+g.oma.sip-im", medium: "pager-mode-message" };

function fits(exchange: Exchange, trace: ScenarioTrace): readonly Fit[] {
  return rejectingRules(exchange, trace, PAGER);
}

export const accessPolicyChecked = check("6.1.2.1-2", {
  trigger: (trace) => [
    ...refusable(trace, "policy-rejects").filter((exchange) => fits(exchange, trace).some(isWhole)),
    ...deliverable(trace).filter((exchange) => fits(exchange, trace).length > 0),
  ],
  judge: (exchange, trace) =>
    soleGround(exchange, trace) === "policy-rejects"
      ? expectRefused(
          "a message that a rule of the access policy rejects is not let through",
          exchange,
          trace,
        )
      : expectSentOn("a message that no rule of the access policy rejects is let through", exchange, trace),
});

function isWhole({ service, media, sender }: Fit): boolean {
  return service && media && sender;
}

/** A rule that would reject the message if it were not for one of its conditions. */
function allBut(but: keyof Fit): (exchange: Exchange, trace: ScenarioTrace) => boolean {
  return (exchange, trace) =>
    fits(exchange, trace).some((fit) =>
      (["service", "media", "sender"] as const).every((respect) => fit[respect] === (respect !== but)),
    );
}

function ruleForAnother(statement: string, but: keyof Fit, words: string): ReturnType<typeof check> {
  return check(statement, {
    trigger: (trace) => deliverable(trace).filter((exchange) => allBut(but)(exchange, trace)),
    judge: (exchange, trace): Outcome =>
      expectSentOn(`a rule for ${words} does not keep the message back`, exchange, trace),
  });
}

export const accessRuleService = ruleForAnother("6.1.2.1-2a", "service", "another service");
export const accessRuleMedia = ruleForAnother("6.1.2.1-2b", "media", "other media");
export const accessRuleSender = ruleForAnother("6.1.2.1-2c", "sender", "another sender");

function rejected(trace: ScenarioTrace): readonly Exchange[] {
  return refusable(trace, "policy-rejects").filter((exchange) => fits(exchange, trace).some(isWhole));
}

export const accessRulePager = check("6.1.2.1-2e", {
  trigger: rejected,
  judge: (exchange, trace) =>
    expectRefused("the rule for pager-mode messages is applied to a MESSAGE", exchange, trace),
});

export const rejectedRequestNotDelivered = check("6.1.2.1-rej-0", {
  facets: ["pager-mode"],
  trigger: rejected,
  judge: (exchange, trace) =>
    expectHeldBack("a message that the access policy rejects does not reach the user", exchange, trace),
});

export const rejectedRequest403 = check("6.1.2.1-rej-a", {
  facets: ["pager-mode"],
  trigger: rejected,
  judge: (exchange, trace) => expectStatus(exchange, [403], trace.complete),
});

export const rejectedRequestWarning = check("6.1.2.1-rej-b", {
  facets: ["pager-mode"],
  trigger: (trace) => forbidden(rejected(trace)),
  judge: ({ final }) => expectWarning(final, 122),
});
