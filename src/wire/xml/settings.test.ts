import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readSettings, writeSettings } from "./settings.ts";
import type { ImSettings } from "./settings.ts";
import { validateXml } from "./validate.ts";

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "utf8"));
const document = (content: string): Uint8Array =>
  bytes(
    '<poc-settings xmlns="urn:oma:params:xml:ns:poc:poc-settings" xmlns:s="urn:oma:xml:im:service-settings">' +
      `<entity id="e1">${content}</entity></poc-settings>`,
  );
const isb = (active: string): string => `<isb-settings><incoming-session-barring ${active}/></isb-settings>`;

describe("readSettings", () => {
  it.each<[string, string, ImSettings]>([
    ["nothing", "", {}],
    ["session barring", isb('active="true"'), { barSessions: true }],
    [
      "message barring, 0 for false",
      '<ipab-settings><incoming-personal-alert-barring active="0"/></ipab-settings>',
      { barMessages: false },
    ],
    ["invisibility", '<s:vis-settings><s:vis-status active="false"/></s:vis-settings>', { invisible: true }],
    ["visibility by default", "<s:vis-settings><s:vis-status/></s:vis-settings>", { invisible: false }],
    [
      "no delivery by default",
      "<s:deferred-settings><s:offline-delivery/></s:deferred-settings>",
      { offlineDelivery: false },
    ],
    [
      "history of both modes at once",
      '<s:hist-settings><s:hist-activation active="1"><s:session-mode/><s:pager-large-mode/></s:hist-activation></s:hist-settings>',
      { recordSessions: true, recordMessages: true },
    ],
    [
      "history of one mode, and the default",
      '<s:hist-settings><s:hist-activation><s:pager-large-mode/></s:hist-activation><s:hist-activation active="true"><s:session-mode/></s:hist-activation></s:hist-settings>',
      { recordSessions: true, recordMessages: false },
    ],
    [
      "unknown namespaces",
      '<x xmlns="urn:x" active="true"/><s:vis-settings><vis-status active="false"/></s:vis-settings>',
      {},
    ],
    [
      "another service's",
      '<isb-settings service-id="PoC"><incoming-session-barring active="true"/></isb-settings>',
      {},
    ],
    [
      "the IM service's",
      '<isb-settings service-id="IM"><incoming-session-barring active="true"/></isb-settings>',
      { barSessions: true },
    ],
    [
      "elements of another namespace by the same name",
      '<s:isb-settings><s:incoming-session-barring active="true"/></s:isb-settings>',
      {},
    ],
  ])("%s", (_, content, settings) => {
    expect(readSettings(document(content))).toEqual({ entities: [{ id: "e1", settings }], settings });
  });

  it("puts entities together, the later one winning", () => {
    const wire = bytes(
      `<poc-settings xmlns="urn:oma:params:xml:ns:poc:poc-settings"><entity id="a">${isb('active="true"')}</entity><entity id="b">${isb('active="false"')}</entity></poc-settings>`,
    );
    expect(readSettings(wire)).toMatchObject({
      entities: [{ id: "a" }, { id: "b" }],
      settings: { barSessions: false },
    });
  });

  it.each([
    [
      "a namespace with a leading blank",
      '<poc-settings xmlns="urn:oma:params:xml:ns:poc:poc-settings" xmlns:ss=" urn:x"/>',
      "not-well-formed",
    ],
    ["another root", '<settings xmlns="urn:oma:params:xml:ns:poc:poc-settings"/>', "wrong-root"],
    [
      "an entity without id",
      '<poc-settings xmlns="urn:oma:params:xml:ns:poc:poc-settings"><entity/></poc-settings>',
      "missing-attribute",
    ],
    ["barring without active", Buffer.from(document(isb(""))).toString(), "missing-attribute"],
    ["barring perhaps", Buffer.from(document(isb('active="yes"'))).toString(), "bad-value"],
  ])("refuses %s", (_, text, code) => {
    expect(() => readSettings(bytes(text))).toThrow(expect.objectContaining({ code }));
  });
});

describe("an error", () => {
  it("names the element and its line", () => {
    const wire = document(
      `<isb-settings>\n<incoming-session-barring active="1"/></isb-settings>\n<ipab-settings>\n\n<incoming-personal-alert-barring/></ipab-settings>`,
    );
    expect(() => readSettings(wire)).toThrow(
      "XML /poc-settings/entity/ipab-settings/incoming-personal-alert-barring (5:1): expected attribute active",
    );
  });
});

describe("writeSettings", () => {
  const settings: fc.Arbitrary<ImSettings> = fc.record(
    {
      barSessions: fc.boolean(),
      barMessages: fc.boolean(),
      invisible: fc.boolean(),
      offlineDelivery: fc.boolean(),
      recordSessions: fc.boolean(),
      recordMessages: fc.boolean(),
    },
    { requiredKeys: [] },
  );

  it("writes valid documents that the reader reads, full or partial", () => {
    fc.assert(
      fc.property(settings, fc.boolean(), (given, omitServiceId) => {
        const wire = writeSettings({ entityId: "e<1>", settings: given, omitServiceId });
        expect(validateXml("settings", wire)).toEqual([]);
        expect(readSettings(wire)).toEqual({ entities: [{ id: "e<1>", settings: given }], settings: given });
      }),
    );
  });

  it("names the service unless told not to", () => {
    const draft = { entityId: "e", settings: { barSessions: true } };
    expect(Buffer.from(writeSettings(draft)).toString()).toContain('<isb-settings service-id="IM">');
    expect(Buffer.from(writeSettings({ ...draft, omitServiceId: true })).toString()).not.toContain(
      "service-id",
    );
  });
});
