/** 7.2.2.10: notifications are limited in rate. How is left open, and what is no limit at all is judged. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { changes } from "./7.2.1.12-changes.ts";
import { lasting } from "./7.2.1.12-subscription.ts";
import { check } from "./check.ts";
import type { Told, Watch } from "./conference-events.ts";
import { missed, passed } from "./outcome.ts";

/** So many notifications of changes in so short a time, in milliseconds, are taken for unlimited. */
const MANY = 3;
const SHORT_MS = 100;

/** Subscriptions in which as much has changed. */
function lively(trace: ScenarioTrace): readonly Watch[] {
  const found = changes(trace);
  return lasting(trace).filter((watch) => found.filter((one) => one.watch === watch).length >= MANY);
}

const isOfChange = ({ mayAnswer, notification: { state } }: Told): boolean =>
  !mayAnswer && state?.state === "active";

export const notificationsAreLimited = check<Watch>("7.2.2.10-2", {
  trigger: lively,
  judge: ({ told, exchange }) => {
    const expected = `fewer than ${MANY} notifications of changes within ${SHORT_MS} ms`;
    const sent = told.filter(isOfChange).map((one) => one.exchange.request);
    const crowd = sent.find((one, index) => {
      const later = sent[index + MANY - 1];
      return later !== undefined && later.at - one.at < SHORT_MS;
    });
    if (crowd === undefined) return passed(expected, `${sent.length} in all, not so close`, exchange);
    return missed(expected, `${MANY} notifications or more`, crowd);
  },
});
