/** Every reader of a document, and well-formedness and validity in front of them, mutated. */
import { describe, expect, test } from "vitest";
import { describeBadInput, growsTooFast } from "../../testdata/bad-input.ts";
import { readAccessRules, writeAccessRules } from "./access-rules.ts";
import { readGroupAdvertisement, writeGroupAdvertisement } from "./advertisement.ts";
import { readConferenceInfo, writeConferenceInfo } from "./conference-info.ts";
import { conferenceInfoViolations } from "./conference-info-rules.ts";
import { absorb } from "./conference-state.ts";
import { readFinalReport, writeFinalReport } from "./final-report.ts";
import { readGroup } from "./group.ts";
import { writeGroup } from "./group-write.ts";
import { readImdn, writeImdn } from "./imdn.ts";
import { readIsComposing, writeIsComposing } from "./is-composing.ts";
import { readResourceLists, writeResourceLists } from "./resource-lists.ts";
import { readSettings, writeSettings } from "./settings.ts";
import { readTree } from "./tree.ts";
import { ageIn, readUserProfiles, writeUserProfiles } from "./user-profile.ts";
import { validateXml } from "./validate.ts";
import type { XmlKind } from "./validate.ts";
import { wellFormedness } from "./well-formed.ts";
import { XmlReadError } from "./xml-error.ts";

interface Document {
  readonly read: (bytes: Uint8Array) => unknown;
  readonly corpus: readonly Uint8Array[];
  readonly kind?: XmlKind;
}

const uri = "sip:bob@example.com";
const DOCUMENTS: Readonly<Record<string, Document>> = {
  settings: {
    read: readSettings,
    kind: "settings",
    corpus: [
      writeSettings({
        entityId: "a1",
        settings: {
          barSessions: true,
          barMessages: false,
          invisible: true,
          offlineDelivery: true,
          recordSessions: true,
          recordMessages: false,
        },
      }),
    ],
  },
  "resource lists": {
    read: readResourceLists,
    kind: "resource-lists",
    corpus: [
      writeResourceLists({
        entries: [
          { uri, copyControl: "to", anonymize: true, count: 2 },
          { uri: "tel:+1", displayName: "B <b>" },
        ],
      }),
      writeResourceLists({
        lists: [{ name: "a", lists: [{ entries: [{ uri }] }], externals: ["http://h/a"], entryRefs: ["b"] }],
      }),
    ],
  },
  "conference state": {
    read: (bytes) => {
      const info = readConferenceInfo(bytes);
      return [conferenceInfoViolations(info), absorb(undefined, info)];
    },
    kind: "conference-info",
    corpus: [
      writeConferenceInfo({
        entity: uri,
        state: "partial",
        version: 1,
        userCount: 2,
        active: true,
        users: {
          state: "partial",
          list: [
            {
              entity: uri,
              state: "full",
              displayText: "B",
              yourOwn: true,
              endpoints: [{ entity: "e", state: "full", status: "connected" }],
            },
          ],
        },
      }),
    ],
  },
  "final report": {
    read: readFinalReport,
    kind: "final-report",
    corpus: [writeFinalReport({ messageId: "m1", last: true, legs: [{ uri, status: 9999, maxSize: 10 }] })],
  },
  imdn: {
    read: readImdn,
    kind: "imdn",
    corpus: [
      writeImdn({
        kind: "delivery",
        status: "delivered",
        messageId: "a",
        dateTime: "2008-04-04T12:16:49Z",
        recipientUri: uri,
        subject: "s",
      }),
    ],
  },
  isComposing: {
    read: readIsComposing,
    kind: "is-composing",
    corpus: [
      writeIsComposing({
        state: "active",
        lastActive: "2003-01-27T10:43:00Z",
        contentType: "text/plain",
        refreshS: 90,
      }),
    ],
  },
  "group advertisement": {
    read: readGroupAdvertisement,
    corpus: [writeGroupAdvertisement({ note: "n", groups: [{ uri, displayName: "G" }, { uri }] })],
  },
  "access rules": {
    read: readAccessRules,
    kind: "access-rules",
    corpus: [
      writeAccessRules({
        rules: [
          {
            id: "a",
            conditions: { anonymousRequest: true },
            actions: { allowRejectInvite: true, allowInvite: "reject" },
          },
          {
            id: "b",
            conditions: {
              identity: { one: [uri], many: [{ domain: "h", except: [{ id: uri }] }] },
              media: { media: ["file-transfer"] },
            },
            actions: { allowOfflineStorage: true },
          },
        ],
      }),
    ],
  },
  group: {
    read: readGroup,
    kind: "group",
    corpus: [
      writeGroup({
        uri: "sip:g@h",
        displayName: "G",
        members: [{ uri }, { uri: "tel:+1", displayName: "B" }],
        inviteMembers: true,
        maxParticipantCount: 10,
        rules: [
          {
            id: "a",
            conditions: { isListMember: true },
            actions: {
              "join-handling": true,
              "allow-initiate-conference": true,
              "allow-anonymity": false,
              "allow-conference-state": true,
              "allow-invite-users-dynamically": false,
              "is-key-participant": true,
              "allow-private-message": false,
            },
          },
        ],
        subject: "s",
        ageRestrictions: { mustUnderstand: true, from: 18, until: 99, others: [{ until: 3 }] },
        sessionActivePolicy: {
          mustUnderstand: true,
          maxDurationS: 60,
          requiredParticipants: [uri],
          minParticipantCount: 2,
          schedule: [{ start: "2008-01-01T08:00:00Z", end: "2008-01-01T18:00:00Z" }],
        },
        supportedServices: {
          services: [{ featureTag: "+g.oma.sip-im", media: { media: ["message-session"] } }],
        },
      }),
    ],
  },
  "user profile": {
    read: (bytes) => readUserProfiles(bytes).map((profile) => ageIn(profile, 0)),
    kind: "user-profile",
    corpus: [
      writeUserProfiles([
        { uri, displayName: "B", birthDate: "1993-04-30+02:00" },
        { uri: "tel:+1", age: 15 },
      ]),
    ],
  },
  "any document": {
    read: readTree,
    corpus: [
      Buffer.from(
        '<?xml version="1.0"?><!-- c --><a xmlns:p="urn:p" p:b="1"><p:c/>&lt;<![CDATA[x]]><?d e?></a>',
      ),
    ],
  },
};

const MORSELS = [
  "<",
  "/>",
  "<!--",
  "]]>",
  "&#0;",
  "&amp;",
  "&x;",
  "<!DOCTYPE a>",
  ' xmlns:a=""',
  '<?xml version="1.1"?>',
  "<a>",
];

describe.each(Object.entries(DOCUMENTS))("%s", (name, { read, corpus, kind }) => {
  describeBadInput(
    name,
    { corpus, morsels: MORSELS, errors: [XmlReadError], read: (bytes) => void read(bytes) },
    { rounds: 800 },
  );

  describeBadInput(
    `validity of ${name}`,
    {
      corpus,
      morsels: MORSELS,
      read(bytes) {
        const found = kind === undefined ? wellFormedness(bytes) : validateXml(kind, bytes);
        return found.every(({ line, message }) => line >= 0 && message !== "")
          ? undefined
          : "a departure without message";
      },
    },
    { rounds: 800 },
  );
});

/** Documents that are well-formed and grow. */
const GROWING: Readonly<Record<string, (count: number) => string>> = {
  children: (count) => `<a>${"<b/>".repeat(count)}</a>`,
  text: (count) => `<a>${"x &amp; y\n".repeat(count)}</a>`,
  "text between children": (count) => `<a>${"<b/>x".repeat(count)}</a>`,
  comments: (count) => `${"<!-- c -->".repeat(count)}<a/>`,
  instructions: (count) => `<a>${"<?b c?>".repeat(count)}</a>`,
  CDATA: (count) => `<a>${"<![CDATA[x]]>".repeat(count)}</a>`,
  attributes: (count) => `<a ${Array.from({ length: count }, (_, index) => `b${index}="c"`).join(" ")}/>`,
  "a long attribute": (count) => `<a b="${"&lt;\t".repeat(count)}"/>`,
  "declarations, each used": (count) =>
    `<a>${Array.from({ length: count }, (_, index) => `<n${index}:b xmlns:n${index}="urn:x"/>`).join("")}</a>`,
  "declarations at the root and below": (count) =>
    `<a ${Array.from({ length: count }, (_, index) => `xmlns:n${index}="urn:x"`).join(" ")}>${'<b xmlns="urn:y"/>'.repeat(count)}</a>`,
  "elements of many prefixes": (count) =>
    `<a ${Array.from({ length: count }, (_, index) => `xmlns:n${index}="urn:x"`).join(" ")}>${Array.from({ length: count }, (_, index) => `<n${index}:b/>`).join("")}</a>`,
  "nesting side by side": (count) =>
    `<a>${`${"<b>".repeat(200)}${"</b>".repeat(200)}`.repeat(Math.ceil(count / 200))}</a>`,
  "long names deep down": (count) => {
    const name = "b".repeat(count / 100);
    return `<a>${`<${name}>`.repeat(100)}${`</${name}>`.repeat(100)}</a>`;
  },
};

describe.each(Object.entries(GROWING))("time is linear in %s", (_, make) => {
  const bytesOf = (count: number): Buffer => Buffer.from(make(count));
  const wide = { maxBytes: 64_000_000 };

  test("for the tree", () => {
    expect(growsTooFast(bytesOf, (bytes) => readTree(bytes, wide), 3000)).toBe(false);
  });

  test.each(["group", "settings"] as const)("for the validity of a %s", (kind) => {
    expect(growsTooFast(bytesOf, (bytes) => validateXml(kind, bytes, wide), 3000)).toBe(false);
  });
});
