/** The report of what became of a message at each participant: Appendix O. */
import { attributeOf, booleanOf, childrenOf, countOf, requiredAttribute } from "./access.ts";
import { readXml } from "./tree.ts";
import type { XmlElement } from "./tree.ts";
import type { XmlLimits } from "./well-formed.ts";
import { element, writeXml } from "./write.ts";

export interface FinalReport {
  /** Of the SEND that is reported on. */
  readonly messageId?: string;
  /** No report of this message comes after it. Its values are printed nowhere; a Boolean is taken. */
  readonly last?: boolean;
  readonly legs: readonly ReportedLeg[];
}

export interface ReportedLeg {
  readonly uri: string;
  /** The MSRP status of that recipient, or {@link TOO_LARGE_STATUS}. A leg without it is to be ignored (O.1). */
  readonly status?: number;
  /** The recipient's max-size in octets, with {@link TOO_LARGE_STATUS}. */
  readonly maxSize?: number;
}

/** The message is larger than the recipient's max-size. */
export const TOO_LARGE_STATUS = 9999;

export const FINAL_REPORT_NAMESPACE = "urn:oma:xml:poc:final-report";

/** The registered type; 5.7 and Appendix O print three more. */
export const FINAL_REPORT_TYPE = "application/vnd.oma.poc.final-report+xml";

export const FINAL_REPORT_TYPE_SPELLINGS: readonly string[] = [
  FINAL_REPORT_TYPE,
  "application/vnd.oma.poc.final-report",
  "application/vnd.oma.final-report+xml",
  "application/vnd.oma.final+xml",
];

const NS = FINAL_REPORT_NAMESPACE;
const CLAUSE = "OMA-TS-SIMPLE_IM O.1";

/** Throws XmlReadError. */
export function readFinalReport(bytes: Uint8Array, limits: XmlLimits = {}): FinalReport {
  const root = readXml(bytes, { name: "final", namespace: NS }, limits);
  const messageId = attributeOf(root, "Message-ID");
  const last = attributeOf(root, "last");
  return {
    ...(messageId === undefined ? {} : { messageId }),
    ...(last === undefined ? {} : { last: booleanOf(root, last, CLAUSE) }),
    legs: childrenOf(root, NS, "leg").map(readLeg),
  };
}

function readLeg(leg: XmlElement): ReportedLeg {
  const status = attributeOf(leg, "status");
  const maxSize = attributeOf(leg, "max-size");
  return {
    uri: requiredAttribute(leg, "uri", CLAUSE),
    ...(status === undefined ? {} : { status: countOf(leg, status, CLAUSE) }),
    ...(maxSize === undefined ? {} : { maxSize: countOf(leg, maxSize, CLAUSE) }),
  };
}

export function writeFinalReport(report: FinalReport): Uint8Array {
  return writeXml(
    element(
      "final",
      { xmlns: NS, last: report.last?.toString(), "Message-ID": report.messageId },
      ...report.legs.map(({ uri, status, maxSize }) =>
        element("leg", { uri, status: status?.toString(), "max-size": maxSize?.toString() }),
      ),
    ),
  );
}
