import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readResourceLists, writeResourceLists } from "./resource-lists.ts";
import type { ListEntry } from "./resource-lists.ts";
import { validateXml } from "./validate.ts";

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "utf8"));
const document = (content: string): Uint8Array =>
  bytes(
    `<r:resource-lists xmlns:r="urn:ietf:params:xml:ns:resource-lists" xmlns:k="urn:ietf:params:xml:ns:copycontrol">${content}</r:resource-lists>`,
  );

describe("readResourceLists", () => {
  it("reads lists, entries and copy control, whatever the prefix", () => {
    const read = readResourceLists(
      document(
        '<r:list name="n"><r:display-name>N</r:display-name><r:entry uri=" sip:a@example.com " k:copyControl="cc"/>' +
          '<r:list><r:entry uri="sip:b@example.com" k:anonymize="1" k:count="3"><r:display-name> B </r:display-name></r:entry></r:list>' +
          '<r:external anchor="http://x/"/><r:entry-ref ref="y"/><other xmlns="urn:z" uri="sip:z"/></r:list>' +
          '<r:list><r:entry uri="tel:+15550100"/></r:list>',
      ),
    );
    expect(read.entries).toEqual([
      { uri: "sip:a@example.com", copyControl: "cc" },
      { uri: "sip:b@example.com", anonymize: true, count: 3, displayName: "B" },
      { uri: "tel:+15550100" },
    ]);
    expect(read.lists[0]).toMatchObject({
      name: "n",
      displayName: "N",
      externals: ["http://x/"],
      entryRefs: ["y"],
    });
  });

  it.each([
    ["another root", bytes('<list xmlns="urn:ietf:params:xml:ns:resource-lists"/>'), "wrong-root"],
    ["no namespace", bytes("<resource-lists/>"), "wrong-root"],
    ["an entry without uri", document("<r:list><r:entry/></r:list>"), "missing-attribute"],
    [
      "unknown copy control",
      document('<r:list><r:entry uri="sip:a" k:copyControl="to all"/></r:list>'),
      "bad-value",
    ],
    ["anonymize maybe", document('<r:list><r:entry uri="sip:a" k:anonymize="maybe"/></r:list>'), "bad-value"],
    ["a negative count", document('<r:list><r:entry uri="sip:a" k:count="-1"/></r:list>'), "bad-value"],
  ])("refuses %s", (_, wire, code) => {
    expect(() => readResourceLists(wire)).toThrow(expect.objectContaining({ code }));
  });
});

describe("writeResourceLists", () => {
  const entry: fc.Arbitrary<ListEntry> = fc.record(
    {
      uri: fc.constantFrom(
        "sip:a@example.com",
        "sip:b@example.com;method=BYE",
        'sip:"<&>"@example.com',
        "tel:+1555",
      ),
      displayName: fc.stringMatching(/^[^\s\p{C}]{1,10}$/u),
      copyControl: fc.constantFrom("to", "cc", "bcc"),
      anonymize: fc.boolean(),
      count: fc.nat(1000),
    },
    { requiredKeys: ["uri"] },
  );

  it("writes valid documents that the reader reads", () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 6 }), (entries) => {
        const wire = writeResourceLists({ entries });
        expect(validateXml("resource-lists", wire)).toEqual([]);
        expect(readResourceLists(wire).entries).toEqual(entries);
      }),
    );
  });

  it("writes back what was read", () => {
    const read = readResourceLists(
      document(
        '<r:list name="a"><r:list><r:entry uri="sip:x@y"/></r:list><r:external anchor="http://z/"/></r:list>',
      ),
    );
    expect(readResourceLists(writeResourceLists(read))).toEqual(read);
  });
});
