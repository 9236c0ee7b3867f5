import { describe, expect, it } from "vitest";
import { type ConferenceInfoDraft, readConferenceInfo, writeConferenceInfo } from "./conference-info.ts";
import { conferenceInfoViolations } from "./conference-info-rules.ts";
import { absorb, type ConferenceState } from "./conference-state.ts";
import { validateXml } from "./validate.ts";

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "utf8"));
const document = (attributes: string, content: string): Uint8Array =>
  bytes(
    `<conference-info xmlns="urn:ietf:params:xml:ns:conference-info" ${attributes}>${content}</conference-info>`,
  );
const ROOT = 'entity="sip:chat@im.example" state="full" version="0"';
const PARTIAL = 'entity="sip:chat@im.example" state="partial" version="1"';

const BOB = { entity: "sip:bob@example.com", state: "full", displayText: "Bob" } as const;
const CONNECTED = { entity: "sip:bob@192.0.2.4", state: "full", status: "connected" } as const;

describe("conference-info", () => {
  it.each<ConferenceInfoDraft>([
    { entity: "sip:chat@im.example", state: "full", version: 0 },
    {
      entity: "sip:chat@im.example",
      state: "full",
      version: 7,
      displayText: "Friends & others",
      subject: "Carpool",
      maximumUserCount: 10,
      userCount: 1,
      active: true,
      locked: false,
      users: {
        state: "full",
        list: [{ ...BOB, yourOwn: true, endpoints: [{ ...CONNECTED, joiningMethod: "dialed-out" }] }],
      },
    },
    {
      entity: "sip:chat@im.example",
      state: "partial",
      version: 8,
      users: {
        state: "partial",
        list: [
          {
            ...BOB,
            state: "partial",
            endpoints: [{ ...CONNECTED, status: "disconnected", disconnectionMethod: "departed" }],
          },
          { entity: "sip:ted@example.com", state: "deleted", endpoints: [] },
        ],
      },
    },
  ])("version $version is written, valid, by the rules, and read again", (draft) => {
    const wire = writeConferenceInfo(draft);
    expect(validateXml("conference-info", wire)).toEqual([]);
    const read = readConferenceInfo(wire);
    expect(read).toEqual({ ...draft, misplacedYourOwn: [] });
    expect(conferenceInfoViolations(read)).toEqual([]);
  });

  it.each(['yourown="1"', 'xmlns:x="urn:any" x:yourown="true"'])("yourown is read as %s", (attribute) => {
    const wire = document(ROOT, `<users><user entity="sip:a@b" ${attribute}/></users>`);
    expect(validateXml("conference-info", wire)).toEqual([]);
    expect(readConferenceInfo(wire).users?.list).toEqual([
      { entity: "sip:a@b", state: "full", yourOwn: true, endpoints: [] },
    ]);
  });

  it.each([
    ["no entity", document("", ""), "missing-attribute"],
    ["a state that is none", document('entity="sip:a@b" state="half"', ""), "bad-value"],
    ["a version that is none", document('entity="sip:a@b" version="-1"', ""), "bad-value"],
    [
      "a status that is none",
      document(ROOT, "<users><user><endpoint><status>gone</status></endpoint></user></users>"),
      "bad-value",
    ],
    ["another root", bytes("<final/>"), "wrong-root"],
  ])("the reader and the schema refuse %s", (_, wire, code) => {
    expect(() => readConferenceInfo(wire)).toThrow(expect.objectContaining({ code }));
    expect(validateXml("conference-info", wire)).not.toEqual([]);
  });

  it("the schema alone refuses another order", () => {
    const wire = document(ROOT, "<users/><conference-state><active>true</active></conference-state>");
    expect(validateXml("conference-info", wire)).toEqual([expect.objectContaining({ code: "schema" })]);
    expect(readConferenceInfo(wire).active).toBe(true);
  });

  it.each([
    ["no-version", document('entity="sip:a@b"', "")],
    ["user-without-entity", document(ROOT, "<users><user/></users>")],
    ["endpoint-without-entity", document(ROOT, '<users><user entity="sip:a@b"><endpoint/></user></users>')],
    ["user-twice", document(ROOT, '<users><user entity="sip:a@b"/><user entity="sip:a@b"/></users>')],
    [
      "endpoint-twice",
      document(
        ROOT,
        '<users><user entity="sip:a@b"><endpoint entity="e"/><endpoint entity="e"/></user></users>',
      ),
    ],
    ["state-of-child", document(ROOT, '<users state="partial"/>')],
    [
      "content-of-deleted",
      document(
        PARTIAL,
        '<users state="partial"><user entity="sip:a@b" state="deleted"><display-text>A</display-text></user></users>',
      ),
    ],
    [
      "yourown-misplaced",
      document(
        ROOT,
        '<users><user entity="sip:a@b"><endpoint entity="e" xmlns:x="urn:x" x:yourown="true"/></user></users>',
      ),
    ],
  ])("%s is what the schema lets pass, and the rules do not", (code, wire) => {
    expect(validateXml("conference-info", wire)).toEqual([]);
    expect(conferenceInfoViolations(readConferenceInfo(wire)).map((violation) => violation.code)).toEqual([
      code,
    ]);
  });
});

describe("the state of a subscriber (RFC 4575 4.6)", () => {
  const entity = "sip:chat@im.example";
  const start = absorb(undefined, {
    entity,
    state: "full",
    version: 3,
    userCount: 1,
    users: { state: "full", list: [{ ...BOB, endpoints: [CONNECTED] }] },
    misplacedYourOwn: [],
  }).state;
  const partial = (version: number, list: NonNullable<ConferenceInfoDraft["users"]>["list"]) =>
    absorb(start, {
      entity,
      state: "partial",
      version,
      users: { state: "partial", list },
      misplacedYourOwn: [],
    });
  const usersOf = (state: ConferenceState | undefined) => [...(state?.users.values() ?? [])];

  it.each([
    [3, "stale"],
    [2, "stale"],
    [4, "taken"],
    [5, "gap"],
  ])("a partial document of version %d after 3 is %s", (version, absorption) => {
    expect(partial(version, []).absorption).toBe(absorption);
  });

  it("a partial document before any full one is a gap", () => {
    const document = { entity, state: "partial", version: 1, misplacedYourOwn: [] } as const;
    expect(absorb(undefined, document)).toEqual({ state: undefined, absorption: "gap" });
  });

  it("a full document replaces what was known, whatever the step", () => {
    const { state, absorption } = absorb(start, { entity, state: "full", version: 9, misplacedYourOwn: [] });
    expect([absorption, state?.version, usersOf(state)]).toEqual(["taken", 9, []]);
  });

  it("a deleted conference is gone", () => {
    const { state } = absorb(start, { entity, state: "deleted", version: 4, misplacedYourOwn: [] });
    expect(state).toMatchObject({ deleted: true });
  });

  it("a partial user keeps what it does not tell, and has its endpoint replaced", () => {
    const update = {
      entity: BOB.entity,
      state: "partial",
      endpoints: [{ ...CONNECTED, status: "disconnected" }],
    } as const;
    expect(usersOf(partial(4, [update]).state)).toEqual([
      { ...BOB, endpoints: [{ ...CONNECTED, status: "disconnected" }] },
    ]);
  });

  it("a new user is added, a deleted one removed", () => {
    const ted = { entity: "sip:ted@example.com", state: "full", endpoints: [] } as const;
    const { state } = partial(4, [ted, { entity: BOB.entity, state: "deleted", endpoints: [] }]);
    expect(usersOf(state)).toEqual([ted]);
  });
});
