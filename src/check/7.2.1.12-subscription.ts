/** 7.2.1.12: a SUBSCRIBE to the state of a conference by who may have it. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { sameUri } from "../wire/sip/same-uri.ts";
import { check, type Check, type Outcome } from "./check.ts";
import { focusContactOf } from "./conference.ts";
import { endsIt, type Told, type Watch } from "./conference-events.ts";
import { endOf, expectStatus, expectThat, missed, noted, passed, undecided } from "./outcome.ts";
import { goodWatches } from "./watching-grounds.ts";
import { wasTimeFor } from "./waiting-time.ts";

export const watchIsAccepted = check<Watch>("7.2.1.12-5a", {
  trigger: goodWatches,
  judge: ({ exchange }, trace) => expectStatus(exchange, [200, 202], trace.complete),
});

/** Whatever it says. */
export const watchIsAnswered = check<Watch>("7.2.1.12-7", {
  trigger: goodWatches,
  judge: ({ exchange }, trace) => {
    const expected = "a final response to the SUBSCRIBE";
    if (exchange.final !== undefined) return passed(expected, endOf(exchange), exchange);
    return trace.complete
      ? missed(expected, "no final response within the response guard", exchange)
      : undecided(expected, "the trace ends before a final response", exchange);
  },
});

const isAccepted = ({ accepted }: Watch): boolean => accepted !== undefined;

/** The server's own address, or the identity of the session that it serves: never the subscriber's. */
export const contactOfAnswerToWatch = check<Watch>("7.2.1.12-6", {
  trigger: (trace) => goodWatches(trace).filter(isAccepted),
  judge: ({ accepted, exchange: { request } }, trace) => {
    const expected = "Contact: the address of the IM Server";
    const contact = accepted && focusContactOf(accepted.message);
    if (accepted === undefined || contact === undefined)
      return missed(expected, "no Contact that can be read", accepted ?? request);
    const actual = `Contact: <${contact.uri}>`;
    const subscriber = focusContactOf(request.message)?.uri;
    const isOfSubscriber = subscriber !== undefined && sameUri(contact.uri, subscriber);
    const isOfUser = trace.userOf(contact.uri) !== undefined;
    return expectThat(!isOfSubscriber && !isOfUser, expected, actual, accepted);
  },
});

interface Begun {
  readonly watch: Watch;
  readonly first: Told | undefined;
}

/** Without one, only where there was time for it. */
function begun(trace: ScenarioTrace): readonly Begun[] {
  return goodWatches(trace).flatMap((watch) => {
    const [first] = watch.told;
    if (watch.accepted === undefined) return [];
    return first !== undefined || wasTimeFor("notify", watch.accepted.at, trace) ? [{ watch, first }] : [];
  });
}

function ofFirstNotify(
  statement: string,
  expected: string,
  judge: (first: Told, watch: Watch) => Outcome,
): Check {
  return check<Begun>(statement, {
    trigger: begun,
    judge: ({ watch, first }, trace) => {
      if (first !== undefined) return judge(first, watch);
      return trace.complete
        ? missed(expected, "no NOTIFY was sent", watch.exchange)
        : undecided(expected, "the trace ends before a NOTIFY", watch.exchange);
    },
  });
}

const INITIAL = "a NOTIFY with the state of the session at once";

/** RFC 4575 4.3: the first one has the full state; one that cannot be read is 7.2.2.10-4's. */
export const firstNotify = ofFirstNotify("7.2.1.12-8", INITIAL, ({ info, exchange: { request } }) => {
  if (info === undefined) return passed(INITIAL, "a NOTIFY was sent", request);
  return expectThat(info.state === "full", `${INITIAL}, in full`, `its state is ${info.state}`, request);
});

const TO_CLIENT = "the first NOTIFY goes to the Contact of the SUBSCRIBE";

export const firstNotifyToClient = ofFirstNotify("7.2.1.12-9", TO_CLIENT, ({ exchange }, watch) =>
  toSubscriber(exchange.request, watch, TO_CLIENT),
);

/** RFC 3261 12.2.1.1: the remote target of the dialog, which a later SUBSCRIBE may have changed. */
export function toSubscriber(
  request: Told["exchange"]["request"],
  { asked }: Watch,
  expected: string,
): Outcome {
  const targets = asked.flatMap((one) => focusContactOf(one.request.message)?.uri ?? []);
  const { uri } = request.message;
  const actual = `Request-URI ${uri}`;
  if (targets.length === 0)
    return noted(expected, actual, "no SUBSCRIBE has a Contact that can be read", request);
  return expectThat(
    targets.some((target) => sameUri(target, uri)),
    `${expected}, <${targets.at(-1)}>`,
    actual,
    request,
  );
}

/** Those that were not ended at once. */
export function lasting(trace: ScenarioTrace): readonly Watch[] {
  return goodWatches(trace).filter((watch) => isAccepted(watch) && !endsIt(watch.exchange.request.message));
}
