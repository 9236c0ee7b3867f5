/** The CPIM headers of instant message disposition notification (RFC 5438 6). */
import { cpimHeader, cpimHeaders } from "./cpim.ts";
import type { CpimMessage } from "./cpim.ts";

export const IMDN_NAMESPACE = "urn:ietf:params:imdn";

/** Value of the NS header that declares the usual prefix. */
export const IMDN_DECLARATION = `imdn <${IMDN_NAMESPACE}>`;

export type DispositionRequest =
  "positive-delivery" | "negative-delivery" | "processing" | "display" | (string & {});

export interface ImdnHeaders {
  readonly messageId?: string;
  /** What the sender asks for; empty when it asks for nothing. */
  readonly dispositionNotification: readonly DispositionRequest[];
  readonly originalTo?: string;
  /** Values of IMDN-Record-Route and IMDN-Route, in order. */
  readonly recordRoutes: readonly string[];
  readonly routes: readonly string[];
  /** DateTime, of the CPIM namespace, which RFC 5438 demands together with a request. */
  readonly dateTime?: string;
}

export function imdnHeadersOf(message: CpimMessage): ImdnHeaders {
  const value = (name: string): string | undefined => cpimHeader(message, name, IMDN_NAMESPACE)?.value;
  const all = (name: string): readonly string[] =>
    cpimHeaders(message, name, IMDN_NAMESPACE).map((header) => header.value);
  const messageId = value("Message-ID");
  const originalTo = value("Original-To");
  const dateTime = cpimHeader(message, "DateTime")?.value;
  return {
    ...(messageId === undefined ? {} : { messageId }),
    ...(originalTo === undefined ? {} : { originalTo }),
    ...(dateTime === undefined ? {} : { dateTime }),
    dispositionNotification: all("Disposition-Notification").flatMap(requests),
    recordRoutes: all("IMDN-Record-Route"),
    routes: all("IMDN-Route"),
  };
}

/** RFC 5438 6.3: a comma-separated list, each with optional parameters. */
function requests(value: string): string[] {
  return value
    .split(",")
    .map((item) => item.split(";", 1)[0]?.trim() ?? "")
    .filter((item) => item !== "");
}
