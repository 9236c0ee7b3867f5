/** A message in a few words, for ladders and comments of captures. What comes from a SUT stays untrusted text. */
import type { SipMessage } from "../wire/sip/message.ts";
import { msrpHeader } from "../wire/msrp/headers.ts";
import type { HttpRecord, MalformedRecord } from "./scenario-trace.ts";
import type { MsrpRecord } from "./session/msrp-records.ts";
import { addressIn, cseqIdentity, firstHeader } from "./sip-identity.ts";

export interface MessageSummary {
  readonly kind: "request" | "response" | "malformed" | "http";
  /** Of a message that is not of SIP or HTTP. */
  readonly protocol?: "msrp";
  /** Method, or status and reason phrase. */
  readonly label: string;
  readonly summary: string;
}

const MAX_LENGTH = 80;

export function summariseSip(message: SipMessage): MessageSummary {
  if (message.kind === "request") {
    const words = [
      `to ${message.uri}`,
      `from ${addressIn(firstHeader(message, "from") ?? "") || "?"}`,
      ...carried(message),
    ];
    return { kind: "request", label: short(message.method), summary: short(words.join(", ")) };
  }
  const warning = firstHeader(message, "warning");
  const words = [
    `to ${cseqIdentity(message).method || "?"}`,
    ...(warning === undefined ? [] : [warning]),
    ...carried(message),
  ];
  return {
    kind: "response",
    label: short(`${message.status} ${message.reason}`.trim()),
    summary: short(words.join(", ")),
  };
}

export function summariseMsrp({ head, bodyBytes, flag }: MsrpRecord): MessageSummary {
  if (head.kind === "response") {
    const label = short(`${head.status} ${head.comment ?? ""}`.trim());
    return { kind: "response", protocol: "msrp", label, summary: short(head.transactionId) };
  }
  const range = msrpHeader(head, "Byte-Range");
  const type = msrpHeader(head, "Content-Type");
  const status = head.method === "REPORT" ? msrpHeader(head, "Status") : undefined;
  const words = [
    ...(status === undefined ? [] : [`status ${status}`]),
    ...(type === undefined ? [] : [`${type} (${bodyBytes} bytes)`]),
    ...(range === undefined ? [] : [range]),
    ...(flag === "$" ? [] : [flag === "+" ? "more to come" : "given up"]),
  ];
  return { kind: "request", protocol: "msrp", label: short(head.method), summary: short(words.join(", ")) };
}

export function summariseMalformed(record: Pick<MalformedRecord, "malformed">): MessageSummary {
  return {
    kind: "malformed",
    label: "malformed",
    summary: short(`${record.malformed.code} at byte ${record.malformed.offset}`),
  };
}

export function summariseHttp(record: HttpRecord): MessageSummary {
  const [first = "", second = "", ...rest] = record.startLine.split(" ");
  const isResponse = first.startsWith("HTTP/");
  const type = record.headers.find(([name]) => name.toLowerCase() === "content-type")?.[1];
  const target = isResponse ? [] : [second];
  return {
    kind: "http",
    label: short(isResponse ? [second, ...rest].join(" ") : first),
    summary: short([...target, ...(type === undefined ? [] : [type])].join(", ")),
  };
}

function carried(message: SipMessage): readonly string[] {
  const type = firstHeader(message, "content-type")?.split(";")[0]?.trim();
  if (message.body.length === 0) return [];
  return [`${type ?? "untyped body"} (${message.body.length} bytes)`];
}

function short(text: string): string {
  return text.length <= MAX_LENGTH ? text : `${text.slice(0, MAX_LENGTH - 1)}…`;
}
