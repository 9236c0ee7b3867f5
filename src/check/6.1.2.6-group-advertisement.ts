/** A group advertisement on its way to the served user (clause 6.1.2.6). */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { check } from "./check.ts";
import { soleGround } from "./grounds.ts";
import { expectStatus } from "./outcome.ts";
import {
  advertisements,
  answeredByClient,
  expectFinalOf,
  expectRefused,
  expectSameMessage,
  expectSentOn,
  isFaultless,
  rejectingRules,
} from "./terminating-message.ts";

/** The rule for pager-mode messages is not asked about an advertisement, but a server that does is not blamed. */
function isDeliverable(exchange: Exchange, trace: ScenarioTrace): boolean {
  const pager = { service: "+g.oma.sip-im", medium: "pager-mode-message" };
  return (
    isFaultless(exchange, trace) &&
    !rejectingRules(exchange, trace, pager).some(({ service, media, sender }) => service && media && sender)
  );
}

function hasRejectingRule({ request }: Exchange, trace: ScenarioTrace): boolean {
  return trace.accessRules(request.message.uri).some(({ action }) => action === "reject");
}

function rejected(trace: ScenarioTrace): readonly Exchange[] {
  return advertisements(trace).filter((exchange) => soleGround(exchange, trace) === "advertisement-rejected");
}

export const advertisementRuleChecked = check("6.1.2.6-1a", {
  trigger: (trace) => [
    ...rejected(trace),
    ...advertisements(trace).filter(
      (exchange) => isDeliverable(exchange, trace) && hasRejectingRule(exchange, trace),
    ),
  ],
  judge: (exchange, trace) =>
    soleGround(exchange, trace) === "advertisement-rejected"
      ? expectRefused("an advertisement that a rule rejects is not let through", exchange, trace)
      : expectSentOn("a rule for another sender or service does not keep it back", exchange, trace),
});

export const advertisementRejected403 = check("6.1.2.6-1b", {
  trigger: rejected,
  judge: (exchange, trace) => expectStatus(exchange, [403], trace.complete),
});

export const advertisementForwarded = check("6.1.2.6-2", {
  trigger: (trace) => advertisements(trace).filter((exchange) => isDeliverable(exchange, trace)),
  judge: expectSameMessage,
});

export const advertisementFinalResponse = check("6.1.2.6-fin", {
  trigger: (trace) => answeredByClient(advertisements(trace), trace),
  judge: expectFinalOf,
});
