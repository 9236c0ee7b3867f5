import { expect, test } from "vitest";
import { captureName, renderAll } from "./render-all.ts";
import { NASTY } from "./testdata/control-characters.ts";

import { sampleRun } from "./testdata/sample-run.ts";
import { wholePage } from "./testdata/whole-page.ts";

test("the same record gives the same files", () => {
  const [one, two] = [renderAll(sampleRun()), renderAll(sampleRun())];
  const names = [
    "index.html",
    "report.json",
    "junit.xml",
    "scr.md",
    "pcap/s1.pcapng",
    "pcap/s2.pcapng",
    "pcap/s3.pcapng",
  ];
  expect([...one.keys()]).toEqual(names);
  for (const name of names)
    expect(Buffer.from(two.get(name) ?? []).equals(one.get(name) ?? new Uint8Array([1]))).toBe(true);
});

test("no file but the record holds a credential, and none a body when bodies are hidden", () => {
  for (const [name, bytes] of renderAll({ ...sampleRun(), hideBodies: true })) {
    const text = name === "index.html" ? wholePage(bytes) : Buffer.from(bytes).toString("latin1");
    for (const secret of ["0123456789abcdef0123456789abcdef", "secret-of-", "Lunch? tok-st2"]) {
      expect({ name, holds: text.includes(secret) }).toEqual({ name, holds: false });
    }
  }
});

test("a record cut anywhere is rendered", () => {
  const input = sampleRun();
  for (let length = 1; length < input.events.length; length += 5) {
    const scenarios = input.scenarios.slice(0, 3);
    expect(
      renderAll({ ...input, scenarios, events: input.events.slice(0, length) }).size,
    ).toBeGreaterThanOrEqual(4);
  }
});

test("hostile text never becomes an element of the page", () => {
  const input = sampleRun();
  const nasty = {
    ...input,
    scr: input.scr.map((item) => ({ ...item, function: NASTY, reasons: [NASTY], correction: NASTY })),
    statements: input.statements.map((one) => ({ ...one, says: NASTY, actual: NASTY, expected: NASTY })),
    scenarios: input.scenarios.map((one) => ({ ...one, name: NASTY, tags: [NASTY], reason: NASTY })),
  };
  const page = wholePage(renderAll(nasty).get("index.html"));
  expect(page.match(/<script>/g)).toHaveLength(1);
  expect(page.match(/<\/script>/g)).toHaveLength(1);
});

test.each([
  ["8.3.2.1/exploded:12", "pcap/8.3.2.1%2Fexploded%3A12.pcapng"],
  ["\ud800", "pcap/%EF%BF%BD.pcapng"],
  ["../../etc", "pcap/_%2F..%2Fetc.pcapng"],
])("a capture of %s is %s", (id, name) => {
  expect(captureName(id)).toBe(name);
});
