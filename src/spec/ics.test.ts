import { describe, expect, test } from "vitest";
import { edgeApplies, isClaimed, rolesPlayed } from "./applicability.ts";
import { declarationOfItem, evaluateIcs } from "./ics.ts";
import { readSutFile } from "./sut-file-reader.ts";
import type { SutFile } from "./sut-file.ts";

const reference = readSutFile(new URL("../../scenarios/sut/reference.yaml", import.meta.url).pathname);
const { client, server, ...neither } = reference;
if (client === undefined || server === undefined) throw new Error("the reference has two sides");
const clientOnly: SutFile = { ...neither, client };
const serverOnly: SutFile = { ...neither, server };
const withIcs = (sut: SutFile, ics: Partial<SutFile["ics"]>): SutFile => ({
  ...sut,
  ics: { claimed: [], denied: [], ...ics },
});

describe("the roles of a SUT", () => {
  test.each<[string, SutFile, number]>([
    ["both", reference, 9],
    ["client", clientOnly, 4],
    ["server", serverOnly, 6],
    ["participating only", { ...neither, server: { ...server, functions: ["participating"] } }, 5],
    ["history only", { ...neither, server: { ...server, functions: ["history"] } }, 3],
    ["neither", neither, 0],
  ])("%s", (_, sut, count) => {
    const roles = rolesPlayed(sut);
    expect(roles.size).toBe(count);
    expect(roles.has("any")).toBe(count > 0);
    expect(roles.has("core")).toBe(false);
  });
});

describe("the declaration of a SUT", () => {
  test.each([
    ["mandatory", reference, "IMSpec-PMM-S-001", { applicable: true, supported: true }],
    ["claimed", reference, "IMSpec-PMM-S-004", { applicable: true, supported: true }],
    [
      "optional, not claimed",
      withIcs(reference, {}),
      "IMSpec-PMM-S-004",
      { applicable: true, supported: false },
    ],
    ["of another role", clientOnly, "IMSpec-PMM-S-001", { applicable: false, supported: false }],
    ["of another function", reference, "IMSpec-DM-S-001", { applicable: false, supported: false }],
  ])("%s", (_, sut, id, expected) => {
    const found = declarationOfItem(id, sut);
    expect(found).toMatchObject(expected);
    expect(found?.violation).toBeUndefined();
  });

  test("denying a mandatory item fails it without traffic", () => {
    const found = declarationOfItem(
      "IMSpec-PMM-C-004",
      withIcs(clientOnly, { denied: ["IMSpec-PMM-C-004"] }),
    );
    expect(found).toMatchObject({ supported: false, violation: expect.stringContaining("mandatory") });
  });

  test("denying an item of a role that the SUT does not play fails nothing", () => {
    const found = declarationOfItem(
      "IMSpec-PMM-C-004",
      withIcs(serverOnly, { denied: ["IMSpec-PMM-C-004"] }),
    );
    expect(found?.violation).toBeUndefined();
  });

  test("a requirement that holds is no finding; one that does not is a violation", () => {
    const claimed = withIcs(clientOnly, { claimed: ["IMSpec-FT-C-001"] });
    expect(declarationOfItem("IMSpec-FT-C-001", claimed)).toEqual(
      expect.not.objectContaining({ violation: expect.anything(), defect: expect.anything() }),
    );
    const without = withIcs(clientOnly, { claimed: ["IMSpec-FT-C-001"], denied: ["IMSpec-LMM-C-001"] });
    expect(declarationOfItem("IMSpec-FT-C-001", without)?.violation).toContain("requires IMSpec-LMM-C-001");
  });

  test.each(["IMSpec-PMM-C-001", "IMSpec-PMM-S-003", "IMSpec-LMM-S-001"])(
    "%s requires what is no item: a defect, no violation",
    (id) => {
      const found = declarationOfItem(id, reference);
      expect(found?.defect).toContain("not evaluable");
      expect(found?.violation).toBeUndefined();
    },
  );

  test("tells what is wrong with the declaration itself", () => {
    const odd = withIcs(serverOnly, {
      claimed: ["IMSpec-PMM-S-099", "IMSpec-PMM-C-005", "IMSpec-PMM-S-004"],
      denied: ["IMSpec-PMM-S-004"],
    });
    expect(evaluateIcs(odd).findings.map(({ kind, item }) => `${kind} ${item}`)).toEqual([
      "unknown-item IMSpec-PMM-S-099",
      "role-not-played IMSpec-PMM-C-005",
      "claimed-and-denied IMSpec-PMM-S-004",
    ]);
  });

  test("has all 117 items", () => {
    const { items } = evaluateIcs(reference);
    expect(items).toHaveLength(117);
    expect(items.filter((found) => found.violation !== undefined)).toEqual([]);
    expect(declarationOfItem("IMSpec-PMM-S-099", reference)).toBeUndefined();
  });

  test.each([
    [{ id: "X", status: "M" as const }, { claimed: [], denied: [] }, true],
    [{ id: "X", status: "M" as const }, { claimed: [], denied: ["X"] }, false],
    [{ id: "X", status: "O" as const }, { claimed: [], denied: [] }, false],
    [{ id: "X", status: "O" as const }, { claimed: ["X"], denied: [] }, true],
    [{ id: "X", status: "O" as const }, { claimed: ["X"], denied: ["X"] }, false],
  ])("%j with %j is claimed: %j", (item, ics, expected) => {
    expect(isClaimed(item, ics)).toBe(expected);
  });
});

describe("guards of edges", () => {
  const noList: SutFile = {
    ...serverOnly,
    server: { ...server, policy: { ...server.policy, uriListService: false } },
  };
  const { ongoingSession: _, ...clientWithoutSession } = client;
  test.each([
    ["always", { item: "IMSpec-PMM-S-001" }, serverOnly, true],
    ["a list, at a server with lists", { item: "IMSpec-PMM-S-003", when: "uri-list" }, serverOnly, true],
    ["a list, at a server without", { item: "IMSpec-PMM-S-003", when: "uri-list" }, noList, false],
    ["a group, claimed", { item: "IMSpec-PMM-S-003", when: "predefined-group" }, serverOnly, true],
    [
      "a group, not claimed",
      { item: "IMSpec-PMM-S-003", when: "predefined-group" },
      withIcs(serverOnly, {}),
      false,
    ],
    ["a list, of a client", { item: "IMSpec-PMM-C-002", when: "uri-list" }, clientOnly, true],
    [
      "a session that the server has",
      { item: "IMSpec-PMM-S-006", when: "ongoing-session" },
      serverOnly,
      true,
    ],
    [
      "a session that the client cannot be in",
      { item: "IMSpec-PMM-C-004", when: "ongoing-session" },
      { ...neither, client: clientWithoutSession },
      false,
    ],
    ["external content, claimed", { item: "IMSpec-PMM-C-005", when: "external-content" }, clientOnly, true],
    [
      "external content, not claimed",
      { item: "IMSpec-PMM-C-005", when: "external-content" },
      withIcs(clientOnly, {}),
      false,
    ],
    ["one recipient", { item: "IMSpec-PMM-C-001", when: "single-recipient" }, clientOnly, true],
    ["an IM session, of a server", { item: "IMSpec-SMM-S-025", when: "session" }, serverOnly, true],
    ["a message, of a server", { item: "IMSpec-PMM-S-002", when: "pager-mode" }, serverOnly, true],
    ["a large message, which waits", { item: "IMSpec-LMM-S-012", when: "large-message" }, serverOnly, false],
  ] as const)("%s", (_name, edge, sut, expected) => {
    expect(edgeApplies(edge, sut)).toBe(expected);
  });
});
