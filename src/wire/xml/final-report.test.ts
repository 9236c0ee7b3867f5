import { describe, expect, it } from "vitest";
import { type FinalReport, readFinalReport, TOO_LARGE_STATUS, writeFinalReport } from "./final-report.ts";
import { validateXml } from "./validate.ts";

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "utf8"));
const document = (attributes: string, content: string): Uint8Array =>
  bytes(`<final xmlns="urn:oma:xml:poc:final-report" ${attributes}>${content}</final>`);

describe("the final report", () => {
  it.each<FinalReport>([
    { messageId: "12339sdqwer", legs: [{ uri: "sip:bob@example.com", status: 200 }] },
    {
      messageId: "m<1>",
      last: true,
      legs: [
        { uri: "sip:bob@example.com" },
        { uri: "sip:carol@example.net", status: TOO_LARGE_STATUS, maxSize: 4096 },
      ],
    },
    { legs: [] },
  ])("%j is written, valid, and read again", (report) => {
    const wire = writeFinalReport(report);
    expect(validateXml("final-report", wire)).toEqual([]);
    expect(readFinalReport(wire)).toEqual(report);
  });

  it.each([
    ["a leg without URI", document("", '<leg status="200"/>'), "missing-attribute"],
    ["a status that is none", document("", '<leg uri="sip:a@b" status="good"/>'), "bad-value"],
    ["a size that is none", document("", '<leg uri="sip:a@b" max-size="-1"/>'), "bad-value"],
    ["last that is neither true nor false", document('last="maybe"', ""), "bad-value"],
    ["another namespace", bytes("<final/>"), "wrong-root"],
  ])("the reader and the schema refuse %s", (_, wire, code) => {
    expect(() => readFinalReport(wire)).toThrow(expect.objectContaining({ code }));
    expect(validateXml("final-report", wire)).not.toEqual([]);
  });

  it("the schema alone refuses an element of its own namespace", () => {
    const wire = document("", "<foot/>");
    expect(validateXml("final-report", wire)).toEqual([expect.objectContaining({ code: "schema" })]);
    expect(readFinalReport(wire).legs).toEqual([]);
  });
});
