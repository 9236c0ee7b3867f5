/** Answers of an XCAP server that say what is wrong (RFC 4825 11). */
import { httpResponse, type HttpResponse } from "../../wire/http/message.ts";

export const XCAP_ERROR_TYPE = "application/xcap-error+xml";

export type XcapErrorElement =
  | "not-well-formed"
  | "not-xml-frag"
  | "not-utf-8"
  | "no-parent"
  | "schema-validation-error"
  | "cannot-insert"
  | "cannot-delete"
  | "uniqueness-failure"
  | "constraint-failure";

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

/** 409 with the condition that is not met, and a phrase for people. */
export function conflict(element: XcapErrorElement, phrase: string): HttpResponse {
  const body =
    `<?xml version="1.0" encoding="UTF-8"?>\r\n<xcap-error xmlns="urn:ietf:params:xml:ns:xcap-error">` +
    `<${element} phrase="${escapeXml(phrase)}"/></xcap-error>\r\n`;
  return httpResponse(409, { headers: [["Content-Type", XCAP_ERROR_TYPE]], body });
}

/** Any other refusal, with its reason as text. */
export function refusal(
  status: number,
  reason: string,
  headers: readonly (readonly [string, string])[] = [],
): HttpResponse {
  return httpResponse(status, {
    headers: [["Content-Type", "text/plain;charset=utf-8"], ...headers],
    body: `${reason}\r\n`,
  });
}
