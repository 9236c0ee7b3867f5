import { describe, expect, it } from "vitest";
import { validateXml } from "./validate.ts";
import type { XmlKind } from "./validate.ts";

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "utf8"));
const SETTINGS = 'xmlns="urn:oma:params:xml:ns:poc:poc-settings" xmlns:s="urn:oma:xml:im:service-settings"';
const settings = (content: string): string =>
  `<poc-settings ${SETTINGS}>\n<entity id="e">${content}</entity></poc-settings>`;
const lists = (content: string): string =>
  `<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists" xmlns:c="urn:ietf:params:xml:ns:copycontrol"><list>\n${content}</list></resource-lists>`;
const imdn = (content: string): string =>
  `<imdn xmlns="urn:ietf:params:xml:ns:imdn"><message-id>a</message-id><datetime>b</datetime>\n${content}</imdn>`;
const rules = (content: string): string =>
  '<r:ruleset xmlns:r="urn:ietf:params:xml:ns:common-policy" xmlns:o="urn:oma:xml:xdm:common-policy" xmlns:e="urn:oma:xml:xdm:extensions" xmlns:u="urn:oma:xml:poc:poc-rules">' +
  `<r:rule id="a">\n${content}</r:rule></r:ruleset>`;
const group = (content: string): string =>
  '<group xmlns="urn:oma:xml:poc:list-service" xmlns:r="urn:ietf:params:xml:ns:common-policy" xmlns:e="urn:oma:xml:xdm:extensions">' +
  `<list-service uri="sip:g@example.com">\n${content}</list-service></group>`;
const ISB = '<isb-settings x="y"><incoming-session-barring active="1"/><z xmlns="urn:z"/></isb-settings>';
const IPAB = '<ipab-settings><incoming-personal-alert-barring active="0"/></ipab-settings>';
const DELIVERED = "<delivery-notification><status><delivered/></status></delivery-notification>";

describe("valid", () => {
  it.each<[string, XmlKind, string]>([
    ["no entity", "settings", `<poc-settings ${SETTINGS}/>`],
    [
      "extensions",
      "settings",
      settings(
        `${ISB}${IPAB}<z xmlns="urn:z"/><s:deferred-settings><z xmlns="urn:z"/></s:deferred-settings>`,
      ),
    ],
    ["no list", "resource-lists", '<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"/>'],
    [
      "languages",
      "resource-lists",
      lists(
        '<entry uri="sip:a" c:count="0"><display-name xml:lang="de">A</display-name></entry><list name="n"/>',
      ),
    ],
    [
      "URIs and subject",
      "imdn",
      imdn(
        `<recipient-uri>im:a</recipient-uri><original-recipient-uri>im:b</original-recipient-uri><subject>s</subject>${DELIVERED}`,
      ),
    ],
    ["no notification", "imdn", imdn("")],
    [
      "all parts of a rule",
      "access-rules",
      rules(
        "<r:conditions><r:validity><r:from>2008-01-01T00:00:00Z</r:from><r:until>2009-01-01T00:00:00Z</r:until></r:validity></r:conditions><r:actions/><r:transformations/>",
      ),
    ],
    [
      "age and session policy",
      "group",
      group(
        '<e:age-restrictions e:must-understand="true"><e:age from="1" until="2"/></e:age-restrictions><e:session-active-policy e:must-understand="0"><e:max-duration>1</e:max-duration></e:session-active-policy>',
      ),
    ],
  ])("%s (%s)", (_, kind, text) => {
    expect(validateXml(kind, bytes(text))).toEqual([]);
  });
});

describe("invalid", () => {
  it.each<[string, XmlKind, string, string]>([
    ["the order of settings", "settings", settings(IPAB + ISB), "isb-settings"],
    ["no entity id", "settings", `<poc-settings ${SETTINGS}>\n<entity/></poc-settings>`, "'id' is required"],
    [
      "active yes",
      "settings",
      settings('<isb-settings><incoming-session-barring active="yes"/></isb-settings>'),
      "'yes'",
    ],
    [
      "no active",
      "settings",
      settings("<isb-settings><incoming-session-barring/></isb-settings>"),
      "'active' is required",
    ],
    ["settings without setting", "settings", settings("<isb-settings/>"), "incoming-session-barring"],
    [
      "an unknown answer mode",
      "settings",
      settings("<am-settings><answer-mode>x</answer-mode></am-settings>"),
      "'x'",
    ],
    ["empty vis-settings", "settings", settings("<s:vis-settings/>"), "vis-status"],
    ["empty deferred-settings", "settings", settings("<s:deferred-settings/>"), "offline-delivery"],
    ["empty hist-settings", "settings", settings("<s:hist-settings/>"), "hist-activation"],
    [
      "hist-activation of nothing",
      "settings",
      settings("<s:hist-settings><s:hist-activation/></s:hist-settings>"),
      "session-mode",
    ],
    [
      "IM active perhaps",
      "settings",
      settings('<s:vis-settings><s:vis-status active="perhaps"/></s:vis-settings>'),
      "'perhaps'",
    ],
    ["an entry without uri", "resource-lists", lists("<entry/>"), "'uri' is required"],
    ["unknown copy control", "resource-lists", lists('<entry uri="sip:a" c:copyControl="all"/>'), "'all'"],
    ["a negative count", "resource-lists", lists('<entry uri="sip:a" c:count="-1"/>'), "'-1'"],
    ["an unknown element", "resource-lists", lists("<member/>"), "member"],
    [
      "one URI alone",
      "imdn",
      imdn(`<recipient-uri>im:a</recipient-uri>${DELIVERED}`),
      "original-recipient-uri",
    ],
    ["two notifications", "imdn", imdn(DELIVERED + DELIVERED), "delivery-notification"],
    [
      "a status of another kind",
      "imdn",
      imdn("<display-notification><status><delivered/></status></display-notification>"),
      "displayed",
    ],
    [
      "content in a status",
      "imdn",
      imdn("<display-notification><status><displayed>x</displayed></status></display-notification>"),
      "displayed",
    ],
    ["a rule within", "access-rules", rules('<r:rule id="b"/>'), "rule"],
    [
      "an identity of nobody",
      "access-rules",
      rules("<r:conditions><r:identity/></r:conditions>"),
      "identity",
    ],
    [
      "an external list by anchor",
      "access-rules",
      rules('<r:conditions><o:external-list><o:entry anchor="x"/></o:external-list></r:conditions>'),
      "anc",
    ],
    [
      "an action perhaps",
      "access-rules",
      rules("<r:actions><e:allow-reject-invite>x</e:allow-reject-invite></r:actions>"),
      "'x'",
    ],
    [
      "an unknown allow-invite",
      "access-rules",
      rules("<r:actions><u:allow-invite>x</u:allow-invite></r:actions>"),
      "'x'",
    ],
    [
      "storage without allow",
      "access-rules",
      rules("<r:actions><e:allow-offline-storage/></r:actions>"),
      "allow",
    ],
    [
      "an action of a group that is no boolean",
      "group",
      group(
        '<r:ruleset><r:rule id="a"><r:actions><allow-anonymity>x</allow-anonymity></r:actions></r:rule></r:ruleset>',
      ),
      "'x'",
    ],
    [
      "order of group elements",
      "group",
      group("<max-participant-count>1</max-participant-count><invite-members>true</invite-members>"),
      "invite-members",
    ],
    [
      "must-understand left out",
      "group",
      group('<e:age-restrictions><e:age from="1"/></e:age-restrictions>'),
      "must-understand",
    ],
    ["a member without uri", "group", group("<list><entry/></list>"), "'uri' is required"],
  ])("%s (%s)", (_, kind, text, says) => {
    const violations = validateXml(kind, bytes(text));
    expect(violations[0]).toMatchObject({ code: "schema", line: 2 });
    expect(violations.map(({ message }) => message).join(" ")).toContain(says);
  });

  it.each<[XmlKind, string, string]>([
    ["imdn", lists(""), "wrong-root"],
    ["settings", "<poc-settings>", "not-well-formed"],
    ["group", "<!DOCTYPE group><group/>", "document-type"],
    ["access-rules", "", "not-well-formed"],
    ["imdn", '<imdn xmlns="urn:x"/>', "schema"],
  ])("as %s: %s", (kind, text, code) => {
    expect(validateXml(kind, bytes(text))[0]?.code).toBe(code);
  });
});
