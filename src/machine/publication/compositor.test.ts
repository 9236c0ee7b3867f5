import { describe, expect, it } from "vitest";
import {
  expiredPublications,
  publicationDeadline,
  publicationsOf,
  publishStep,
  type Publications,
  type PublishRequest,
} from "./compositor.ts";

const RULES = { defaultS: 3600, maximumS: 7200, minimumS: 60 };

type Change = Partial<PublishRequest<string>> & { readonly at?: number; readonly tag?: string };

function play(...requests: readonly Change[]) {
  let publications: Publications<string> = [];
  const outcomes = requests.map(({ at = 0, tag = "new", ...request }) => {
    const whole = {
      resource: "alice",
      event: "presence",
      ifMatch: undefined,
      expiresS: 600,
      content: undefined,
    };
    const step = publishStep(publications, { ...whole, ...request }, RULES, tag, at);
    publications = step.publications;
    return step.outcome;
  });
  return { publications, outcomes, last: outcomes.at(-1) };
}

const FIRST: Change = { content: "open", tag: "t1" };
const match = (tag: string) => ({ ifMatch: { tag } });

describe("PUBLISH (RFC 3903 table 1)", () => {
  it.each<[string, Change[], object, number]>([
    ["initial", [FIRST], { status: 200, done: "created", entityTag: "t1", expiresS: 600 }, 1],
    [
      "refresh",
      [FIRST, { ...match("t1"), tag: "t2" }],
      { status: 200, done: "refreshed", entityTag: "t2" },
      1,
    ],
    ["modify", [FIRST, { ...match("t1"), content: "busy", tag: "t2" }], { status: 200, done: "modified" }, 1],
    ["remove", [FIRST, { ...match("t1"), expiresS: 0 }], { status: 200, done: "removed", expiresS: 0 }, 0],
    ["initial without a body", [{}], { status: 400 }, 0],
    ["two initial ones", [FIRST, { content: "busy", tag: "t2" }], { status: 200, done: "created" }, 2],
    ["initial for no time", [{ content: "x", expiresS: 0 }], { status: 200, done: "nothing" }, 0],
    ["an unknown tag", [FIRST, match("other")], { status: 412 }, 1],
    ["the tag before the last", [FIRST, { ...match("t1"), tag: "t2" }, match("t1")], { status: 412 }, 1],
    ["the tag of another resource", [FIRST, { ...match("t1"), resource: "bob" }], { status: 412 }, 1],
    ["the tag of another package", [FIRST, { ...match("t1"), event: "dialog" }], { status: 412 }, 1],
    ["a tag whose time is over", [FIRST, { ...match("t1"), at: 600_000 }], { status: 412 }, 0],
    ["two tags", [FIRST, { ifMatch: "malformed" }], { status: 400 }, 1],
    ["too brief", [{ ...FIRST, expiresS: 59 }], { status: 423, minExpiresS: 60 }, 0],
    ["too brief a refresh", [FIRST, { ...match("t1"), expiresS: 1 }], { status: 423 }, 1],
    ["too long", [{ ...FIRST, expiresS: 9000 }], { status: 200, expiresS: 7200 }, 1],
    ["without Expires", [{ ...FIRST, expiresS: undefined }], { status: 200, expiresS: 3600 }, 1],
    ["a precondition before the time", [{ ...match("x"), expiresS: 1 }], { status: 412 }, 0],
  ])("%s", (_what, requests, expected, stored) => {
    const { last, publications } = play(...requests);
    expect(last).toMatchObject(expected);
    expect(publications).toHaveLength(stored);
  });

  it("a refresh keeps the state, and when it was published", () => {
    const { publications } = play(FIRST, { ...match("t1"), tag: "t2", at: 1000 });
    expect(publications).toEqual([
      {
        resource: "alice",
        event: "presence",
        entityTag: "t2",
        content: "open",
        publishedAt: 0,
        expiresAt: 601_000,
      },
    ]);
  });
});

it("what is published about one, the latest last", () => {
  const { publications } = play(FIRST, { content: "busy", tag: "t2", at: 5 }, { ...FIRST, resource: "bob" });
  expect(publicationsOf(publications, "alice", "presence", 10).map(({ content }) => content)).toEqual([
    "open",
    "busy",
  ]);
  expect(publicationsOf(publications, "alice", "presence", 600_000).map(({ content }) => content)).toEqual([
    "busy",
  ]);
});

it("runs out", () => {
  const { publications } = play(FIRST, { content: "busy", tag: "t2", at: 5 });
  expect(publicationDeadline(publications)).toBe(600_000);
  expect(publicationDeadline([])).toBeUndefined();
  const { expired, publications: left } = expiredPublications(publications, 600_000);
  expect([expired.length, left.length]).toEqual([1, 1]);
});
