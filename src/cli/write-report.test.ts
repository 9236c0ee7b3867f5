import { describe, expect, it } from "vitest";
import { renderAll } from "../report/render-all.ts";
import { inOrder } from "../run/recorded-run.ts";
import { judgeUnjudged, rejudge } from "../run/rejudge.ts";
import { virtualRecord } from "../run/testdata/virtual-record.ts";
import { readRunBytes } from "../trace/ndjson.ts";
import { reportInput } from "./write-report.ts";

describe("the report of a record", async () => {
  const { bytes, events, sutFile, rules } = await virtualRecord(["features/B.3.5/"]);
  const options = { strict: false };

  it("is the same after it was judged again", () => {
    const [first, second] = [events, rejudge(events, sutFile, rules)].map((record) =>
      reportInput(record, sutFile, options),
    );
    expect(second?.scr).toEqual(first?.scr);
    expect(second?.general).toEqual(first?.general);
    expect(second?.scenarios.map(({ verdict, reason }) => ({ verdict, reason }))).toEqual(
      first?.scenarios.map(({ verdict, reason }) => ({ verdict, reason })),
    );
  });

  it.each(Array.from({ length: 12 }, (_, index) => index + 1))(
    "can be rendered of a record that a kill cut short (%d/13)",
    (part) => {
      const start = bytes.indexOf(0x0a) + 1;
      const cut = start + Math.floor(((bytes.length - start) * part) / 13);
      const record = judgeUnjudged(inOrder(readRunBytes(bytes.subarray(0, cut))), sutFile, rules);
      const files = renderAll(reportInput(record, sutFile, options));
      expect([...files.keys()]).toEqual(
        expect.arrayContaining(["index.html", "report.json", "junit.xml", "scr.md"]),
      );
      const report: unknown = JSON.parse(Buffer.from(files.get("report.json") ?? []).toString("utf8"));
      const opened = record.filter(({ type }) => type === "scenario-opened").length;
      expect(report).toMatchObject({ scenarios: { length: opened } });
    },
  );
});
