/** Which responses and reports a SEND wants (RFC 4975 7.1.3, 7.1.4, 7.2). */
import type { FailureReport } from "../../wire/msrp/headers.ts";
import { failureReportOf, successReportOf } from "../../wire/msrp/headers.ts";
import { msrpReadable } from "../../wire/msrp/error.ts";
import type { MsrpRequestHead } from "../../wire/msrp/message.ts";

/** The reports that a SEND asks for; a value that cannot be read counts as missing. */
export function reportsWanted(head: MsrpRequestHead): {
  readonly success: boolean;
  readonly failure: FailureReport;
} {
  return {
    success: msrpReadable(() => successReportOf(head)) ?? false,
    failure: msrpReadable(() => failureReportOf(head)) ?? "yes",
  };
}

/**
 * Whether a request gets a response with the status: a REPORT never (7.1.2), a SEND as its Failure-Report says (7.1.4), which `partial`
 * keeps to failures; every other request always.
 */
export function wantsResponse(head: MsrpRequestHead, status: number): boolean {
  if (head.method === "REPORT") return false;
  if (head.method !== "SEND") return true;
  const { failure } = reportsWanted(head);
  return failure === "yes" || (failure === "partial" && status !== 200);
}

/** Whether a REPORT with the status may be sent on a message. */
export function wantsReport(head: MsrpRequestHead, status: number): boolean {
  const { success, failure } = reportsWanted(head);
  return status === 200 ? success : failure !== "no";
}
