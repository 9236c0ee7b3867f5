/** 5.7.1, 5.7.3, 7.2.3.3: a Final Report that is asked for is made and sent, and tells of every recipient. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { cpimHeaders } from "../wire/cpim/cpim.ts";
import { msrpHeader } from "../wire/msrp/headers.ts";
import { FINAL_REPORT_NAMESPACE } from "../wire/xml/final-report.ts";
import { check, type Outcome } from "./check.ts";
import { judgeArrival, ofEachMessage } from "./copies.ts";
import { deliveries, outcomeOf, type Delivery } from "./deliveries.ts";
import {
  askedReports,
  isLegOf,
  isOverdue,
  reportedLegs,
  statusesAgree,
  type Asked,
  type SentReport,
} from "./final-reports.ts";
import { policyOf } from "./conference-members.ts";
import { noted } from "./outcome.ts";
import { talks, type Talk } from "./switch-messages.ts";

function outcome(
  result: "pass" | "miss",
  { talk, reports: [report] }: Asked,
  expected: string,
  actual: string,
): Outcome {
  const evidence = [{ seq: talk.sent.seq }, ...(report === undefined ? [] : [{ seq: report.record.seq }])];
  return { result, expected, actual, evidence };
}

function judgeReported(asked: Asked, trace: ScenarioTrace): Outcome | readonly Outcome[] {
  const expected = `a Final Report to ${asked.talk.sender.user.actor}, who asked for it`;
  if (asked.reports.length > 0) return outcome("pass", asked, expected, "it was sent");
  if (!isOverdue(asked, trace)) return [];
  return outcome("miss", asked, expected, "none was sent, though every recipient had answered");
}

export const finalReportIsSupported = check<Asked>("5.7.1-1s", {
  trigger: askedReports,
  judge: judgeReported,
});

export const finalReportIsServed = check<Asked>("7.2.3.3-4", { trigger: askedReports, judge: judgeReported });

export const finalReportMayBeAsked = check<Talk>("5.7.3-1", {
  trigger: (trace) => talks(trace).filter(({ finalReport }) => finalReport === "yes"),
  judge: ({ sent }) =>
    sent.status === undefined
      ? []
      : {
          ...noted("a message may ask for a Final Report", `it was answered with ${sent.status}`, "MAY"),
          evidence: [{ seq: sent.seq }],
        },
});

const copiesOfAsking = (trace: ScenarioTrace): readonly Delivery[] =>
  deliveries(trace).filter(({ talk }) => talk.finalReport === "yes");

const arrived = (trace: ScenarioTrace): readonly Delivery[] =>
  copiesOfAsking(trace).filter(({ copies }) => copies.length > 0);

export const askingIsKept = check<Delivery>("5.7.3-2", {
  trigger: (trace) =>
    arrived(trace).filter(({ copies: [copy] }) => copy?.cpim !== undefined && !("unreadable" in copy.cpim)),
  judge: (delivery) => {
    const cpim = delivery.copies[0]?.cpim;
    if (cpim === undefined || "unreadable" in cpim) return [];
    const [kept] = cpimHeaders(cpim, "Final-Report", FINAL_REPORT_NAMESPACE);
    const expected = "Final-Report: yes in the wrapper of the copy";
    const actual = kept === undefined ? "no Final-Report" : `Final-Report: ${kept.value}`;
    const isKept = kept?.value.trim().toLowerCase() === "yes";
    return outcomeOf(isKept ? "pass" : "miss", delivery, expected, actual);
  },
});

function judgeField(delivery: Delivery, name: string): Outcome {
  const [copy] = delivery.copies;
  const values = (copy?.chunks ?? []).map(({ request }) => msrpHeader(request.head, name)?.trim());
  const isAsked = values.every((value) => value?.toLowerCase() === "yes");
  const [other] = values.filter((value) => value?.toLowerCase() !== "yes");
  const actual = isAsked ? `${name}: yes` : other === undefined ? `no ${name}` : `${name}: ${other}`;
  return outcomeOf(isAsked ? "pass" : "miss", delivery, `${name}: yes in each SEND of the copy`, actual);
}

export const successIsAskedOf = ofEachMessage("5.7.3-3-1a", arrived, (delivery) =>
  judgeField(delivery, "Success-Report"),
);

/** The field is of a hop, and absent it says yes (RFC 4975 7.1.1): the last hop is a participating function's where one is in the path. */
export const failureIsAskedOf = ofEachMessage("5.7.3-3-1b", arrived, (delivery, trace) => {
  const outcome = judgeField(delivery, "Failure-Report");
  const chunks = delivery.copies[0]?.chunks ?? [];
  const isAbsent = chunks.every(({ request }) => msrpHeader(request.head, "Failure-Report") === undefined);
  if (outcome.result === "pass" || !isAbsent || !isPathShared(trace)) return outcome;
  return { ...outcome, result: "noted", note: "absent, which says yes on the hop of another function" };
});

function isPathShared(trace: ScenarioTrace): boolean {
  const policy = policyOf(trace);
  return policy !== undefined && policy.mediaPath && policy.sessionMode === "b2bua";
}

export const askingIsDistributed = ofEachMessage("5.7.3-3-2", copiesOfAsking, judgeArrival);

/** Recipients that told different things are told apart. */
export const statusIsGathered = check<Asked>("5.7.3-4", {
  trigger: (trace) =>
    askedReports(trace).filter(
      ({ fates, reports }) => reports.length > 0 && new Set(fates.map(({ status }) => status)).size > 1,
    ),
  judge: (asked, trace) => {
    const legs = reportedLegs(asked.talk, trace);
    const wrong = asked.fates.find((fate) =>
      legs.some((leg) => isLegOf(leg, fate, trace) && statusesAgree(leg, fate) === false),
    );
    const told = asked.fates.map(
      ({ recipient, status }) => `${recipient.user.actor}: ${status ?? "nothing"}`,
    );
    const expected = `what each recipient told, ${told.join(", ")}`;
    const actual = legs.map(({ uri, status }) => `${uri}: ${status ?? "no status"}`).join(", ");
    return outcome(wrong === undefined ? "pass" : "miss", asked, expected, actual);
  },
});

export const everyParticipantIsReported = check<Asked>("5.7.3-7", {
  trigger: (trace) =>
    askedReports(trace).filter(({ reports }) => reports.some(({ document }) => document !== undefined)),
  judge: (asked, trace) => {
    const legs = reportedLegs(asked.talk, trace);
    const missing = asked.fates.filter((fate) => !legs.some((leg) => isLegOf(leg, fate, trace)));
    const expected = `a leg for each of ${asked.fates.length} recipients`;
    if (missing.length === 0) return outcome("pass", asked, expected, `${legs.length} legs`);
    const isOver = asked.reports.some(({ document }) => document?.last === true) || isOverdue(asked, trace);
    const names = missing.map(({ recipient }) => recipient.user.actor).join(", ");
    return isOver ? outcome("miss", asked, expected, `none for ${names}`) : [];
  },
});

const withStatus = ({ document }: SentReport): boolean =>
  document?.legs.some(({ status }) => status !== undefined) === true;

interface Sent {
  readonly asked: Asked;
  readonly report: SentReport;
}

const sentReports = (trace: ScenarioTrace): readonly Sent[] =>
  askedReports(trace).flatMap((asked) => asked.reports.map((report) => ({ asked, report })));

function told({ asked, report }: Sent, holds: boolean, expected: string, actual: string): Outcome {
  const evidence = [{ seq: asked.talk.sent.seq }, { seq: report.record.seq }];
  return { result: holds ? "pass" : "miss", expected, actual, evidence };
}

export const reportTellsOfParticipants = check<Sent>("5.7.3-5", {
  trigger: sentReports,
  judge: (sent) =>
    told(
      sent,
      withStatus(sent.report),
      "an XML document with the status of one participant or more",
      sent.report.document === undefined
        ? "it is none"
        : `${sent.report.document.legs.filter(({ status }) => status !== undefined).length} with a status`,
    ),
});

const METHOD: Readonly<Record<"REPORT" | "SEND", boolean>> = { REPORT: true, SEND: false };

type Carrier = keyof typeof METHOD;

/** Those that ought to travel so, by whether the sender asked for reports of MSRP. */
const due = (trace: ScenarioTrace, carrier: Carrier): readonly Sent[] =>
  sentReports(trace).filter(({ asked }) => asked.wantsReport === METHOD[carrier]);

const travelling = (trace: ScenarioTrace, carrier: Carrier): readonly Sent[] =>
  sentReports(trace).filter(({ report }) => report.record.head.method === carrier);

function judgeMethod(sent: Sent, carrier: Carrier): Outcome {
  const { method } = sent.report.record.head;
  const why = carrier === "REPORT" ? "for reports were asked for" : "for no reports were asked for";
  return told(sent, method === carrier, `a Final Report by ${carrier}, ${why}`, method);
}

function judgeType(sent: Sent): Outcome {
  const { contentType, isTyped } = sent.report;
  return told(
    sent,
    isTyped,
    "the content type of a Final Report, as one of four",
    `Content-Type: ${contentType}`,
  );
}

function judgeDocument(sent: Sent): Outcome {
  const isThere = sent.report.document !== undefined;
  return told(sent, isThere, "a Final Report document", isThere ? "there is one" : "what it carries is none");
}

const askedFor = (trace: ScenarioTrace, carrier: Carrier): readonly Asked[] =>
  askedReports(trace).filter(({ wantsReport }) => wantsReport === METHOD[carrier]);

export const reportTravelsAsReport = check<Sent>("5.7.3-6-1a", {
  trigger: (trace) => due(trace, "REPORT"),
  judge: (sent) => judgeMethod(sent, "REPORT"),
});

export const reportIsTyped = check<Sent>("5.7.3-6-1b", {
  trigger: (trace) => travelling(trace, "REPORT"),
  judge: judgeType,
});

export const reportCarriesDocument = check<Sent>("5.7.3-6-1c", {
  trigger: (trace) => travelling(trace, "REPORT"),
  judge: judgeDocument,
});

/** To the sender, and to nobody else. */
function judgeAddressee(asked: Asked, trace: ScenarioTrace): Outcome | readonly Outcome[] {
  const [stray] = asked.strays;
  if (stray === undefined) return judgeReported(asked, trace);
  const { actor } = asked.talk.sender.user;
  return {
    result: "miss",
    expected: `Final Reports to ${actor} alone, who asked for them`,
    actual: `one came to ${stray.record.node}`,
    evidence: [{ seq: asked.talk.sent.seq }, { seq: stray.record.seq }],
  };
}

export const reportGoesToSender = check<Asked>("5.7.3-6-1d", {
  trigger: (trace) => askedFor(trace, "REPORT"),
  judge: judgeAddressee,
});

export const sendTravelsAsSend = check<Sent>("5.7.3-6-2a", {
  trigger: (trace) => due(trace, "SEND"),
  judge: (sent) => judgeMethod(sent, "SEND"),
});

export const sendIsTyped = check<Sent>("5.7.3-6-2b", {
  trigger: (trace) => travelling(trace, "SEND"),
  judge: judgeType,
});

export const sendCarriesDocument = check<Sent>("5.7.3-6-2c", {
  trigger: (trace) => travelling(trace, "SEND"),
  judge: judgeDocument,
});

export const sendGoesToSender = check<Asked>("5.7.3-6-2d", {
  trigger: (trace) => askedFor(trace, "SEND"),
  judge: judgeAddressee,
});
