/** 6.1.1.2.4: the user changes the session, and the originating participating function is a B2BUA. */
import type { Exchange, ScenarioTrace, SipRecord } from "../trace/scenario-trace.ts";
import { descriptionIn } from "../trace/session/descriptions.ts";
import type { SipResponse } from "../wire/sip/message.ts";
import { SIZE_IS_NOT_LIMITED } from "./6.1.1.1-session.ts";
import { check, type Check, type Outcome } from "./check.ts";
import { focusContactOf } from "./conference-invites.ts";
import { b2buaCalls, expectGoesBack, isSameUri, isSuccess, isLate } from "./originating-session.ts";
import { endOf, expectThat, missed, noted, passed, undecided } from "./outcome.ts";
import { expectDescription, hasDescription } from "./passed-description.ts";
import { departureOf } from "./responses-by-rfc3261.ts";
import { offerGrounds } from "./session-grounds.ts";
import { requestsFrom, requestsTo, sentOnIn, type SessionLegs } from "./session-legs.ts";

export interface Modification {
  readonly call: SessionLegs;
  readonly taken: Exchange;
  /** As it went on: of several tries the last. */
  readonly sent: Exchange | undefined;
}

/** Those that nothing else was on its way with: a change from the far end, or the end of the session. */
export function modifications(trace: ScenarioTrace): readonly Modification[] {
  return b2buaCalls(trace).flatMap((call) =>
    requestsFrom(call, "caller", "INVITE")
      .filter((taken) => !isCrossed(call, taken, trace))
      .map((taken) => ({ call, taken, sent: sentOnIn(call, taken).at(-1) })),
  );
}

export function isCrossed(call: SessionLegs, taken: Exchange, trace: ScenarioTrace): boolean {
  const [from, until] = [taken.request.seq, taken.final?.seq ?? Number.POSITIVE_INFINITY];
  const meets = ({ request, final }: Exchange): boolean =>
    request.seq < until && (final?.seq ?? Number.POSITIVE_INFINITY) > from;
  const changes = [
    ...requestsFrom(call, "caller", "UPDATE"),
    ...["INVITE", "UPDATE"].flatMap((method) => [
      ...requestsFrom(call, "callee", method),
      ...requestsTo(call, "caller", method),
    ]),
  ];
  const ends = (["caller", "callee"] as const).flatMap((side) => [
    ...requestsFrom(call, side, "BYE"),
    ...requestsTo(call, side, "BYE"),
  ]);
  const isInTheWay = ({ request }: Exchange): boolean =>
    request.seq < until && request.at - taken.request.at < trace.sutFile.guards.actionMs;
  return changes.some(meets) || ends.some(isInTheWay);
}

/** Those whose offer the operator cannot mind. */
function acceptable(trace: ScenarioTrace): readonly Modification[] {
  return modifications(trace).filter(
    ({ taken }) => hasDescription(taken.request) && offerGrounds(taken.request, trace).length === 0,
  );
}

function unacceptable(trace: ScenarioTrace): readonly Modification[] {
  return modifications(trace).filter(({ taken }) => {
    const grounds = offerGrounds(taken.request, trace);
    return grounds.length > 0 && grounds.every((one) => one === "offer-refused" || one === "offer-too-large");
  });
}

export const newMediaAreChecked = check<Modification>("6.1.1.2.4-1a", {
  trigger: acceptable,
  judge: ({ taken, sent }) => {
    const expected = "media that the operator allows are not refused by the server";
    if (sent !== undefined) return passed(expected, "they went on", taken.request, sent.request);
    if (taken.final !== undefined && isSuccess(taken.final)) return passed(expected, endOf(taken), taken);
    return taken.final?.message.status === 488
      ? missed(expected, endOf(taken), taken)
      : undecided(expected, endOf(taken), taken);
  },
});

export const unacceptableMedia488 = check<Modification>("6.1.1.2.4-1b", {
  trigger: unacceptable,
  judge: ({ taken, sent }, trace) => {
    const expected = "final response 488 from the server itself";
    const isRefused = taken.final?.message.status === 488 && sent === undefined;
    if (!isRefused && !offerGrounds(taken.request, trace).includes("offer-refused"))
      return noted(expected, endOf(taken), SIZE_IS_NOT_LIMITED, taken, sent);
    if (sent !== undefined) return missed(expected, "the offer went on", taken.request, sent.request);
    if (taken.final !== undefined)
      return expectThat(taken.final.message.status === 488, expected, endOf(taken), taken);
    return isLate(taken.request.at, trace)
      ? missed(expected, "no final response", taken)
      : undecided(expected, "the trace ends before one", taken);
  },
});

export const ownReinvite = check<Modification>("6.1.1.2.4-2", {
  trigger: acceptable,
  judge: ({ call, taken, sent }, trace): Outcome => {
    const expected = "a re-INVITE towards the far end";
    if (sent !== undefined) return passed(expected, "one was sent", taken.request, sent.request);
    const { final } = taken;
    if (final !== undefined && isSuccess(final))
      return isChange(call, taken)
        ? missed(expected, `the change was accepted, and did not go on: ${endOf(taken)}`, taken)
        : noted(expected, endOf(taken), "a refresh without a change is answered on its own leg", taken);
    if (final !== undefined) return undecided(expected, `it was refused: ${endOf(taken)}`, taken);
    return isLate(taken.request.at, trace)
      ? missed(expected, "it was neither sent on nor answered", taken)
      : undecided(expected, "the trace ends before anything came of it", taken);
  },
});

/** RFC 3264 8: a description that is the last one again has its version. */
function isChange(call: SessionLegs, taken: Exchange): boolean {
  const before = offerBefore(call, taken);
  return before === undefined || textOf(before) !== textOf(taken.request);
}

/** What the client had asked for before that. */
function offerBefore(call: SessionLegs, taken: Exchange): SipRecord | undefined {
  return [call.taken, ...requestsFrom(call, "caller", "INVITE")]
    .map(({ request }) => request)
    .filter(({ seq }) => seq < taken.request.seq)
    .at(-1);
}

function textOf(record: SipRecord): string {
  return Buffer.from(descriptionIn(record)?.bytes ?? []).toString("latin1");
}

interface SentOn extends Modification {
  readonly sent: Exchange;
}

function sentOn(trace: ScenarioTrace): readonly SentOn[] {
  return modifications(trace).flatMap((one) => (one.sent === undefined ? [] : [{ ...one, sent: one.sent }]));
}

export const newMediaAreOffered = check<SentOn>("6.1.1.2.4-3", {
  trigger: (trace) => sentOn(trace).filter(({ taken }) => hasDescription(taken.request)),
  judge: ({ taken, sent }) => {
    const expected = "an offer with the media parameters of the client's re-INVITE";
    const outcome = expectDescription(expected, taken.request, sent.request);
    if (outcome.result !== "pass") return outcome;
    const missing = lacking(taken.request, sent.request);
    return missing === undefined ? outcome : missed(expected, missing, taken.request, sent.request);
  },
});

/** What the client takes from now on. */
function lacking(received: SipRecord, sent: SipRecord): string | undefined {
  const [before, after] = [received, sent].map((record) => descriptionIn(record)?.media ?? []);
  for (const [index, medium] of (before ?? []).entries()) {
    const types = after?.[index]?.acceptTypes.map((type) => type.toLowerCase()) ?? [];
    const gone = medium.acceptTypes.filter((type) => !types.includes(type.toLowerCase()));
    if (medium.port !== 0 && gone.length > 0 && gone.length === medium.acceptTypes.length)
      return `none of the types that the client now takes: ${gone.join(", ")}`;
  }
  return undefined;
}

export const reinviteToSession = check<SentOn>("6.1.1.2.4-4", {
  trigger: sentOn,
  judge: ({ call, taken, sent }) => {
    const contacts = contactsOfFarEnd(call, sent.request.seq);
    return expectThat(
      contacts.some((uri) => isSameUri(uri, sent.request.message.uri)),
      `Request-URI with the Contact of the far end, ${contacts.at(-1) ?? "none"}`,
      `Request-URI ${sent.request.message.uri}`,
      taken.request,
      sent.request,
    );
  },
});

/** All that it ever gave in the dialog: which of two was the last the server alone knows. */
function contactsOfFarEnd(call: SessionLegs, before: number): readonly string[] {
  const messages = [
    ...call.sent.responses,
    ...requestsTo(call, "callee", "INVITE").flatMap(({ responses }) => responses),
    ...["INVITE", "UPDATE"].flatMap((method) =>
      requestsFrom(call, "callee", method).map(({ request }) => request),
    ),
  ];
  return messages
    .filter(({ seq }) => seq < before)
    .flatMap(({ message }) => focusContactOf(message)?.uri ?? []);
}

interface Answered extends SentOn {
  readonly came: SipRecord<SipResponse>;
}

function answered(
  trace: ScenarioTrace,
  holds: (record: SipRecord<SipResponse>) => boolean,
): readonly Answered[] {
  return sentOn(trace).flatMap((one) => {
    const came = one.sent.final;
    return came !== undefined && holds(came) ? [{ ...one, came }] : [];
  });
}

function ofAnswer(
  statement: string,
  holds: (record: SipRecord<SipResponse>) => boolean,
  judge: (one: Answered, trace: ScenarioTrace) => Outcome,
): Check {
  return check<Answered>(statement, { trigger: (trace) => answered(trace, holds), judge });
}

export const okOfItsOwn = check<Answered>("6.1.1.2.4-200-1", {
  trigger: (trace) => answered(trace, isSuccess).filter(({ taken }) => taken.final !== undefined),
  judge: ({ call, taken, came }): Outcome => {
    const expected = "200 to the client's re-INVITE, as RFC 3261 has it, when the far end has accepted";
    const { final } = taken;
    if (final !== undefined && final.seq < came.seq && isChange(call, taken))
      return missed(expected, `${endOf(taken)} before that`, taken, came);
    if (final?.message.status !== 200) return missed(expected, endOf(taken), came, taken);
    const departure = departureOf(final, taken.request.message);
    return departure === undefined
      ? passed(expected, "no fault found", came, final)
      : missed(expected, departure, came, final);
  },
});

export const okIsSent = ofAnswer("6.1.1.2.4-200-3", isSuccess, ({ taken, came }, trace) =>
  expectGoesBack("a final response towards the client", came, taken, trace, () => true),
);

export const refusalGoesBack = ofAnswer(
  "6.1.1.2.4-fin",
  // What RFC 3261 14.1 and RFC 4028 have the server try again, or may end the session, is left out.
  ({ message: { status } }) => status >= 400 && ![401, 407, 408, 422, 481, 491, 500, 503].includes(status),
  ({ taken, came }, trace) =>
    expectGoesBack(
      `final response ${came.message.status} towards the client, as it came`,
      came,
      taken,
      trace,
    ),
);
