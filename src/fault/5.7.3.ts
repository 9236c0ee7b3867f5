/** Final Reports (clauses 5.7.1, 5.7.3, Appendix O). */
import { finalReport } from "../peer/im-server/switch/decisions/final-report.ts";
import type { ServerAlteration } from "../peer/im-server/server.ts";
import { relayedCopy } from "../peer/im-server/switch/decisions/relayed-copy.ts";
import { msrpHeader } from "../wire/msrp/headers.ts";
import type { MsrpFrame } from "../wire/msrp/message.ts";
import { FINAL_REPORT_TYPE_SPELLINGS, type FinalReport } from "../wire/xml/final-report.ts";
import { decide, inSet, serverFault, type Fault } from "./fault.ts";

type Turn = Parameters<typeof finalReport.isWanted>[0];

const rewritten =
  (rewrite: (text: string) => string) =>
  (document: FinalReport): Uint8Array =>
    Buffer.from(rewrite(Buffer.from(finalReport.body(document)).toString("utf8")), "utf8");

/** What copies of messages that ask for a Final Report say of failures. */
function failureReport(value: "no" | undefined): ServerAlteration {
  return decide({
    relayedCopy: {
      failureReport: (turn: Turn) => (turn.wrapper.finalReport ? value : relayedCopy.failureReport(turn)),
    },
  });
}

/** A SEND with a Final Report becomes a REPORT. */
function asReport(frame: MsrpFrame): MsrpFrame {
  const { head } = frame;
  const isReport = FINAL_REPORT_TYPE_SPELLINGS.includes(msrpHeader(head, "Content-Type") ?? "");
  if (head.kind !== "request" || head.method !== "SEND" || !isReport) return frame;
  const status = { name: "Status", value: "000 200", separator: " ", offset: -1 };
  const at = head.headers.findIndex(({ name }) => name === "Content-Type");
  const headers = [...head.headers.slice(0, at), status, ...head.headers.slice(at)];
  return { ...frame, head: { ...head, method: "REPORT", headers } };
}

export const faults: readonly Fault[] = [
  serverFault(
    ["5.7.1-1s", "7.2.3.3-4", "5.7.3-6-1d", "5.7.3-6-2d"],
    "makes no Final Reports",
    decide({ finalReport: { isWanted: () => false } }),
  ),
  serverFault(
    "5.7.3-2",
    "takes the Final-Report header out of the wrapper",
    decide({
      relayedCopy: {
        octets: (_turn, piece) =>
          Buffer.from(
            Buffer.from(piece).toString("latin1").replace("FR.Final-Report", "FR.First-Report"),
            "latin1",
          ),
      },
    }),
  ),
  serverFault(
    "5.7.3-3-1a",
    "asks no recipient for success reports",
    decide({ relayedCopy: { successReport: () => false } }),
  ),
  inSet(
    "proxy-mode",
    serverFault("5.7.3-3-1b", "does not say that it wants failure reports", failureReport(undefined)),
  ),
  serverFault("5.7.3-3-1b", "wants no failure reports", failureReport("no")),
  serverFault(
    "5.7.3-2",
    "says to recipients something else of the Final Report",
    decide({
      relayedCopy: {
        octets: (_turn, piece) =>
          Buffer.from(
            Buffer.from(piece).toString("latin1").replace("Final-Report: yes", "Final-Report: nay"),
            "latin1",
          ),
      },
    }),
  ),
  serverFault(
    "O.1-p3b",
    "says of none of several reports that it is the last",
    decide({
      finalReport: {
        series: (_turn, legs) => legs.map((leg) => [leg]),
        document: (turn: Turn, legs) => finalReport.document(turn, legs, false),
      },
    }),
  ),
  serverFault(
    "5.7.3-3-2",
    "sends what asks for a Final Report to one recipient only",
    decide({
      relay: {
        recipients: (turn: Turn) => {
          const others = turn.participants.filter(({ id }) => id !== turn.sender.id);
          return turn.wrapper.finalReport ? others.slice(0, 1) : others;
        },
      },
    }),
  ),
  serverFault(
    ["5.7.3-4", "O.1-p5"],
    "reports what the first recipient told for all of them",
    decide({
      finalReport: {
        legs: (_turn, legs) => legs.map((leg) => ({ ...leg, status: legs[0]?.status ?? leg.status })),
      },
    }),
  ),
  serverFault(
    "O.1-p5",
    "reports 202 for what was delivered",
    decide({
      finalReport: {
        leg: (turn: Turn, leg) => {
          const told = finalReport.leg(turn, leg);
          return told.status === 200 ? { ...told, status: 202 } : told;
        },
      },
    }),
  ),
  serverFault(
    "O.1-p6",
    "reports 413 for what was too large for a recipient",
    decide({
      finalReport: {
        leg: (turn: Turn, leg) =>
          finalReport.leg(turn, leg.status === "too-large" ? { ...leg, status: 413 } : leg),
      },
    }),
  ),
  serverFault(
    "5.7.3-5",
    "leaves out every status",
    decide({
      finalReport: { leg: (turn: Turn, leg) => ({ uri: finalReport.leg(turn, leg).uri }) },
    }),
  ),
  serverFault(
    ["5.7.3-7"],
    "reports on the first recipient only",
    decide({ finalReport: { legs: (_turn, legs) => legs.slice(0, 1) } }),
  ),
  serverFault(
    ["O.1-p3a", "5.7.3-5"],
    "sends a report about nobody",
    decide({ finalReport: { legs: () => [] } }),
  ),
  serverFault(
    "5.7.3-6-1a",
    "sends a Final Report by SEND to who wants REPORTs",
    decide({ finalReport: { travelsAsReport: () => false } }),
  ),
  inSet(
    "proxy-mode",
    serverFault("5.7.3-6-2a", "sends a Final Report by REPORT to who wants none", {
      msrp: { send: asReport },
    }),
  ),
  serverFault(
    ["5.7.3-6-1b", "5.7.3-6-2b", "O.1-p7"],
    "calls a Final Report text/xml",
    decide({ finalReport: { contentType: () => "text/xml" } }),
  ),
  serverFault(
    ["5.7.3-6-1c", "5.7.3-6-2c", "O.1-p1"],
    "sends words in place of a Final Report",
    decide({ finalReport: { body: () => Buffer.from("All is well") } }),
  ),
  serverFault(
    "O.1-p1",
    "writes the report in another namespace",
    decide({
      finalReport: { body: rewritten((text) => text.replace("urn:oma:xml:poc:", "urn:oma:xml:im:")) },
    }),
  ),
  serverFault(
    "O.1-p2",
    "calls the root of the report report",
    decide({ finalReport: { body: rewritten((text) => text.replaceAll(/(<\/?)final/gu, "$1report")) } }),
  ),
  serverFault(
    "O.1-p3b",
    "says of each of several reports that it is the last",
    decide({
      finalReport: {
        series: (_turn, legs) => legs.map((leg) => [leg]),
        document: (turn: Turn, legs) => finalReport.document(turn, legs, true),
      },
    }),
  ),
  serverFault(
    "O.1-p3c",
    "gives the report a Message-ID of its own",
    decide({
      finalReport: {
        document: (turn: Turn, legs, isLast) => ({
          ...finalReport.document(turn, legs, isLast),
          messageId: "another",
        }),
      },
    }),
  ),
  serverFault(
    "O.1-p4a",
    "names recipients by numbers",
    decide({
      finalReport: {
        leg: (turn: Turn, leg) => ({ ...finalReport.leg(turn, leg), uri: `leg:${leg.recipient.id}` }),
      },
    }),
  ),
  serverFault(
    "O.3-p1",
    "writes the status in words",
    decide({ finalReport: { body: rewritten((text) => text.replaceAll('status="200"', 'status="OK"')) } }),
  ),
];
