/** What becomes of the settings in a PUBLISH (clause 6.1.1.5, steps 2, 4 and 5): seen by the messages that they bar. */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { check, type Outcome } from "./check.ts";
import { groundsForRefusal } from "./grounds.ts";
import { endOf, passed, undecided } from "./outcome.ts";
import { publishedSettings } from "./published-settings.ts";
import { eventName, isAccepted, publications, settingsIn, SETTINGS_EVENT } from "./publication.ts";
import { arrivals, expectRefused, expectSentOn, isFaultless } from "./terminating-message.ts";

/** A message to the user whose way depends on the settings and on nothing else. */
interface Probe {
  readonly exchange: Exchange;
  /** By the settings in force. */
  readonly barred: boolean;
}

function probes(user: string, afterSeq: number, trace: ScenarioTrace): readonly Probe[] {
  return arrivals(trace).flatMap((exchange) => {
    const { message, seq } = exchange.request;
    const settings = publishedSettings(message.uri, seq, trace);
    if (seq <= afterSeq || !sameAddressOfRecord(message.uri, user) || settings?.barMessages === undefined)
      return [];
    const grounds = groundsForRefusal(exchange, trace);
    const barredOnly = grounds.length === 1 && grounds[0] === "barred";
    return barredOnly || isFaultless(exchange, trace) ? [{ exchange, barred: settings.barMessages }] : [];
  });
}

function judgeProbe(what: string, { exchange, barred }: Probe, trace: ScenarioTrace): Outcome {
  return barred
    ? expectRefused(`${what}: messages are barred`, exchange, trace)
    : expectSentOn(`${what}: messages are let through`, exchange, trace);
}

/** What the document would have changed, had it been taken. */
function wouldChange(exchange: Exchange, trace: ScenarioTrace): boolean {
  const { message, seq } = exchange.request;
  const asked = settingsIn(exchange)?.barMessages;
  const inForce = publishedSettings(message.uri, seq, trace)?.barMessages;
  return asked !== undefined && inForce !== undefined && asked !== inForce;
}

export const settingsEventChecked = check("6.1.1.5-2", {
  trigger: (trace) =>
    publications(trace).filter(
      (exchange) => eventName(exchange) !== SETTINGS_EVENT && settingsIn(exchange) !== undefined,
    ),
  judge: (exchange, trace): Outcome => {
    const expected = "a PUBLISH for another event is not taken as settings";
    if (exchange.final === undefined) return undecided(expected, "no final response came", exchange);
    if (!isAccepted(exchange)) return passed(expected, endOf(exchange), exchange);
    const { message, seq } = exchange.request;
    const [probe] = wouldChange(exchange, trace) ? probes(message.uri, seq, trace) : [];
    return probe === undefined
      ? undecided(expected, `${endOf(exchange)}, and no message shows the settings in force`, exchange)
      : judgeProbe("the settings are as before", probe, trace);
  },
});

export const failedPublishChangesNothing = check("6.1.1.5-4b", {
  trigger: (trace) =>
    publications(trace)
      .filter(
        (exchange) =>
          eventName(exchange) === SETTINGS_EVENT &&
          (exchange.final?.message.status ?? 0) >= 300 &&
          wouldChange(exchange, trace),
      )
      .flatMap(({ request }) => probes(request.message.uri, request.seq, trace)),
  judge: (probe, trace) => judgeProbe("the settings are as before the PUBLISH that failed", probe, trace),
});

/** Only users who barred messages at some time: that nobody is barred who never asked for it shows nothing. */
export const settingsStored = check("6.1.1.5-5", {
  trigger: (trace) => {
    const barring = publications(trace).filter(
      (exchange) =>
        eventName(exchange) === SETTINGS_EVENT &&
        isAccepted(exchange) &&
        settingsIn(exchange)?.barMessages === true,
    );
    const users = new Map(barring.map(({ request }) => [request.message.uri, request.seq]));
    return [...users].flatMap(([user, seq]) => probes(user, seq, trace));
  },
  judge: (probe, trace) => judgeProbe("the settings that were published are in force", probe, trace),
});
