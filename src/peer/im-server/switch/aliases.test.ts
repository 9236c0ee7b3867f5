/** The table of aliases (clauses 5.5, 7.2.3.2). */
import { expect, it } from "vitest";
import { createAliasTable, type Identity } from "./aliases.ts";

const ANYBODY = "sip:anonymous@anonymous.invalid";

it.each<[string, Identity[], Identity[]]>([
  ["nobody has: as it is", [{ displayName: "bob", uri: ANYBODY }], [{ displayName: "bob", uri: ANYBODY }]],
  [
    "somebody has: changed until nobody has it",
    [
      { displayName: "bob", uri: ANYBODY },
      { displayName: "Bob", uri: ANYBODY },
      { displayName: "bob", uri: ANYBODY },
    ],
    [
      { displayName: "bob", uri: ANYBODY },
      { displayName: "Bob-2", uri: "sip:anonymous-2@anonymous.invalid" },
      { displayName: "bob-3", uri: "sip:anonymous-3@anonymous.invalid" },
    ],
  ],
  [
    "a URI that somebody has under another name: the URI is changed",
    [
      { displayName: "bob", uri: ANYBODY },
      { displayName: "tom", uri: ANYBODY },
    ],
    [
      { displayName: "bob", uri: ANYBODY },
      { displayName: "tom", uri: "sip:anonymous-2@anonymous.invalid" },
    ],
  ],
  [
    "a name that somebody has with another URI: the name is changed",
    [
      { displayName: "bob", uri: ANYBODY },
      { displayName: "bob", uri: "sip:x@anonymous.invalid" },
    ],
    [
      { displayName: "bob", uri: ANYBODY },
      { displayName: "bob-2", uri: "sip:x@anonymous.invalid" },
    ],
  ],
  [
    "no name: one is chosen",
    [{ uri: ANYBODY }, { displayName: " ", uri: ANYBODY }],
    [
      { displayName: "Anonymous", uri: ANYBODY },
      { displayName: "Anonymous-2", uri: "sip:anonymous-2@anonymous.invalid" },
    ],
  ],
  [
    "the own address: it is hidden",
    [{ displayName: "bob", uri: "sip:real@home.example;user=phone" }],
    [{ displayName: "bob", uri: ANYBODY }],
  ],
])("an alias that %s", (_, wanted, given) => {
  const table = createAliasTable();
  expect(
    wanted.map((from, index) => table.enterAnonymous(String(index), from, ["sip:real@home.example"])),
  ).toEqual(given);
});

it("keeps away from the names of others, frees what is left, and lets one come again", () => {
  const table = createAliasTable();
  table.enter("ann", { displayName: "Ann", uri: "sip:ann@home.example" });
  expect(table.enterAnonymous("eve", { displayName: "ann", uri: "sip:ann@home.example" }, [])).toEqual({
    displayName: "ann-2",
    uri: "sip:ann-2@home.example",
  });
  table.enterAnonymous("bob", { displayName: "bob", uri: ANYBODY }, []);
  expect(table.enterAnonymous("bob", { displayName: "bob", uri: ANYBODY }, [])).toEqual({
    displayName: "bob",
    uri: ANYBODY,
  });
  expect(table.of("bob")).toEqual({ displayName: "bob", uri: ANYBODY });
  table.leave("bob");
  expect(table.of("bob")).toBeUndefined();
  expect(table.enterAnonymous("tom", { displayName: "bob", uri: ANYBODY }, [])).toEqual({
    displayName: "bob",
    uri: ANYBODY,
  });
});
