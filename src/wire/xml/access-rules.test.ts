import { describe, expect, it } from "vitest";
import { inEverySpelling, readAccessRules, rejects, writeAccessRules } from "./access-rules.ts";
import type { AccessRules } from "./access-rules.ts";
import type { Conditions, PolicyRequest } from "./conditions.ts";
import { validateXml } from "./validate.ts";

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "utf8"));
const ruleset = (content: string): Uint8Array =>
  bytes(
    '<ruleset xmlns="urn:ietf:params:xml:ns:common-policy" xmlns:o="urn:oma:xml:xdm:common-policy" ' +
      'xmlns:e="urn:oma:xml:xdm:extensions" xmlns:t="urn:oma:xml:xdm:extentions" xmlns:m="urn:oma:xml:xdm:media-extension" ' +
      `xmlns:u="urn:oma:xml:poc:poc-rules">${content}</ruleset>`,
  );
const rejecting = (...conditions: Conditions[]): AccessRules => ({
  rules: conditions.map((each, index) => ({
    id: `r${index}`,
    conditions: each,
    actions: { allowRejectInvite: true },
  })),
});
const BEN = "sip:ben@example.com";
const message = (sender: string, more: Partial<PolicyRequest> = {}): PolicyRequest => ({
  sender,
  media: "pager-mode-message",
  ...more,
});

describe("rejects", () => {
  const im = { services: [{ featureTag: "+g.oma.sip-im" }] };
  const blocked = (anchor: string): string[] | undefined =>
    anchor === "http://x/blocked" ? [BEN] : undefined;

  it.each<[string, Conditions[], PolicyRequest, boolean]>([
    ["everybody, without conditions", [{}], message(BEN), true],
    ["by identity", [{ identity: { one: [BEN] } }], message("sip:ben@EXAMPLE.com;transport=tcp"), true],
    ["not another identity", [{ identity: { one: [BEN] } }], message("sip:ann@example.com"), false],
    [
      "by any asserted identity",
      [{ identity: { one: ["tel:+15550100"] } }],
      { sender: [BEN, "tel:+1-555-0100"] },
      true,
    ],
    ["everybody authenticated", [{ identity: { many: [{}] } }], message(BEN), true],
    ["nobody unauthenticated", [{ identity: { many: [{}] } }], { sender: [] }, false],
    ["a domain", [{ identity: { many: [{ domain: "Example.com" }] } }], message(BEN), true],
    ["not another domain", [{ identity: { many: [{ domain: "example.org" }] } }], message(BEN), false],
    ["not the exception", [{ identity: { many: [{ except: [{ id: BEN }] }] } }], message(BEN), false],
    [
      "not the excepted domain",
      [{ identity: { many: [{ except: [{ domain: "example.com" }] }] } }],
      message(BEN),
      false,
    ],
    [
      "who is in an external list",
      [{ externalLists: ["http://x/blocked"] }],
      message(BEN, { externalList: blocked }),
      true,
    ],
    [
      "not who is in no list",
      [{ externalLists: ["http://x/blocked"] }],
      message("sip:z@z", { externalList: blocked }),
      false,
    ],
    [
      "nobody by a list that is not resolved",
      [{ externalLists: ["http://x/other"] }],
      message(BEN, { externalList: blocked }),
      false,
    ],
    ["anonymous requests", [{ anonymousRequest: true }], message(BEN, { anonymous: true }), true],
    ["not others", [{ anonymousRequest: true }], message(BEN), false],
    ["the medium", [{ media: { media: ["pager-mode-message"] } }], message(BEN), true],
    ["not another medium", [{ media: { media: ["message-session"] } }], message(BEN), false],
    ["all media except others", [{ media: { media: ["video"], allExcept: true } }], message(BEN), true],
    [
      "not the excepted medium",
      [{ media: { media: ["pager-mode-message"], allExcept: true } }],
      message(BEN),
      false,
    ],
    ["the service", [{ services: im }], message(BEN), true],
    [
      "the service as 6.1.2.1 spells it",
      [{ services: { services: [{ featureTag: "+g.oma-sip-im" }] } }],
      message(BEN),
      true,
    ],
    [
      "the service as Appendix S spells it",
      [{ services: { services: [{ featureTag: "+g.oma-im-sip" }] } }],
      message(BEN),
      true,
    ],
    [
      "not another service",
      [{ services: { services: [{ featureTag: "+g.poc.talkburst" }] } }],
      message(BEN),
      false,
    ],
    ["not the excepted service", [{ services: { ...im, allExcept: true } }], message(BEN), false],
    ["nothing by a condition that is not understood", [{ unsupported: ["{urn:x}y"] }], message(BEN), false],
    [
      "only when all conditions hold",
      [{ identity: { one: [BEN] }, media: { media: ["video"] } }],
      message(BEN),
      false,
    ],
    [
      "when one rule of several holds",
      [{ anonymousRequest: true }, { identity: { one: [BEN] } }],
      message(BEN),
      true,
    ],
    [
      "advertisements by a service of that name (6.1.2.6)",
      [{ services: { services: [{ featureTag: "group-advertisement" }] } }],
      message(BEN, { media: "group-advertisement" }),
      true,
    ],
    [
      "not messages by the service of advertisements",
      [{ services: { services: [{ featureTag: "group-advertisement" }] } }],
      message(BEN),
      false,
    ],
  ])("%s", (_, conditions, request, expected) => {
    expect(rejects(rejecting(...conditions), request)).toBe(expected);
  });

  it.each([
    ["whom no other rule names", "sip:zoe@example.com", true],
    ["not whom another rule names", BEN, false],
  ])("other-identity: %s", (_, sender, expected) => {
    const rules: AccessRules = {
      rules: [
        { id: "a", conditions: { identity: { one: [BEN] } }, actions: { allowRejectInvite: false } },
        { id: "b", conditions: { otherIdentity: true }, actions: { allowRejectInvite: true } },
      ],
    };
    expect(rejects(rules, message(sender))).toBe(expected);
  });

  it.each([
    [{ allowRejectInvite: false }, false],
    [{ allowInvite: "reject" }, true],
    [{ allowInvite: "accept" }, false],
    [{ allowOfflineStorage: true }, false],
    [{}, false],
  ])("the action %j", (actions, expected) => {
    expect(rejects({ rules: [{ id: "a", conditions: {}, actions }] }, message(BEN))).toBe(expected);
  });
});

describe("readAccessRules", () => {
  it("reads the spellings of the schema and of both appendices", () => {
    const read = readAccessRules(
      ruleset(
        '<rule id="r"><conditions><identity><one id="sip:ben@example.com"/><many domain="x"><except id="sip:y@x"/></many></identity>' +
          '<o:external-list><o:entry anc="http://a/"/><o:entry anchor="http://b/"/></o:external-list>' +
          '<e:service-list><e:service enabler="+g.oma.sip-im"/></e:service-list><m:media><m:pager-mode-message/></m:media></conditions>' +
          "<actions><t:allow-reject-invite>1</t:allow-reject-invite><u:allow-invite>reject</u:allow-invite></actions></rule>" +
          '<rule id="s"><conditions><t:service featuretag="+g.oma-im-sip"/><sphere value="x"/><e:new/></conditions></rule>',
      ),
    );
    expect(read.rules).toEqual([
      {
        id: "r",
        conditions: {
          identity: { one: [BEN], many: [{ domain: "x", except: [{ id: "sip:y@x" }] }] },
          externalLists: ["http://a/", "http://b/"],
          services: { services: [{ featureTag: "+g.oma.sip-im", attribute: "enabler" }] },
          media: { media: ["pager-mode-message"] },
          mediaElement: "media",
        },
        actions: { allowRejectInvite: true, allowInvite: "reject" },
      },
      {
        id: "s",
        conditions: {
          services: { services: [{ featureTag: "+g.oma-im-sip", attribute: "featuretag" }] },
          unsupported: ["{urn:ietf:params:xml:ns:common-policy}sphere", "{urn:oma:xml:xdm:extensions}new"],
        },
        actions: {},
      },
    ]);
  });

  it.each([
    ["a rule without id", "<rule/>", "missing-attribute"],
    [
      "an identity without id",
      '<rule id="r"><conditions><identity><one/></identity></conditions></rule>',
      "missing-attribute",
    ],
    [
      "a wrong value",
      '<rule id="r"><actions><e:allow-reject-invite>maybe</e:allow-reject-invite></actions></rule>',
      "bad-value",
    ],
  ])("refuses %s", (_, content, code) => {
    expect(() => readAccessRules(ruleset(content))).toThrow(expect.objectContaining({ code }));
  });
});

describe("writeAccessRules", () => {
  const rules: AccessRules = {
    rules: [
      {
        id: "r1",
        conditions: {
          identity: { one: [BEN], many: [{ domain: "example.org", except: [{ id: "sip:c@example.org" }] }] },
          services: {
            services: [{ featureTag: "+g.oma.sip-im", attribute: "enabler", media: { media: ["audio"] } }],
          },
          media: { media: ["pager-mode-message", "group-advertisement"] },
          mediaElement: "media-list",
        },
        actions: { allowRejectInvite: true },
      },
      {
        id: "r2",
        conditions: { anonymousRequest: true, externalLists: ["http://x/y"] },
        actions: { allowInvite: "accept" },
      },
      {
        id: "r3",
        conditions: {
          otherIdentity: true,
          services: { services: [{ featureTag: "+g.oma.sip-im", attribute: "enabler" }], allExcept: true },
        },
        actions: { allowOfflineStorage: true },
      },
    ],
  };

  it("writes valid documents that the reader reads", () => {
    const wire = writeAccessRules(rules);
    expect(validateXml("access-rules", wire)).toEqual([]);
    expect(readAccessRules(wire)).toEqual(rules);
  });

  it("spells the same policy in every way, valid and with the same effect", () => {
    const spelled = inEverySpelling(rules);
    const wire = writeAccessRules(spelled);
    expect(validateXml("access-rules", wire)).toEqual([]);
    expect(spelled.rules.map(({ id }) => id)).toEqual([
      "r1",
      "r1-2",
      "r1-3",
      "r1-4",
      "r1-5",
      "r1-6",
      "r2",
      "r3",
    ]);
    const text = Buffer.from(wire).toString();
    for (const part of [
      'enabler="+g.oma.sip-im"',
      'featuretag="+g.oma-sip-im"',
      "<oxe:media>",
      "<uap:allow-invite>reject",
    ]) {
      expect(text).toContain(part);
    }
    for (const request of [message(BEN), message("sip:z@example.net"), message(BEN, { media: "video" })]) {
      expect(rejects(readAccessRules(wire), request)).toBe(rejects(rules, request));
    }
  });
});
