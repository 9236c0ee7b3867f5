import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { evaluateIcs } from "./ics.ts";
import { SutFileError } from "./sut-file-error.ts";
import { readSutFile, readSutFileText } from "./sut-file-reader.ts";
import { provisioningSteps, sutFileTemplate } from "./sut-file-template.ts";

const SERVER = `scrim: 1
identification: { product: P, version: "1" }
core: { homeDomain: home.example }
server:
  originating: sip:o@192.0.2.1:5080;lr
  terminating: sip:t@192.0.2.1:5080;lr
  psi: sip:192.0.2.1:5080;lr
  serviceUris: { conferenceFactory: "sip:factory@im.example:5070;x=y" }
  policy: { adHocMaximum: 10 }
users:
  - { impu: "sip:alice@home.example" }
`;

const problemsIn = (text: string) => {
  try {
    readSutFileText(text, "my.yaml");
  } catch (error) {
    if (error instanceof SutFileError) return error;
    throw error;
  }
  throw new Error("the file was read without a problem");
};

const lineOf = (text: string, part: string): string => {
  const before = text.slice(0, text.indexOf(part)).split("\n");
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
};

describe("reading a SUT file", () => {
  test("fills in what was left out", () => {
    const sut = readSutFileText(SERVER);
    expect(sut.core).toEqual({
      kind: "scrim",
      bind: "127.0.0.1",
      advertised: "127.0.0.1",
      port: 5060,
      homeDomain: "home.example",
      remoteDomain: "visited.example",
      registrationExpiresS: 3600,
      digest: true,
      udpLimitBytes: 1300,
    });
    expect(sut.xdm).toEqual({
      kind: "scrim",
      bind: "127.0.0.1",
      port: 8080,
      root: "http://127.0.0.1:8080/xcap-root",
      proxyRoot: "http://127.0.0.1:8080/aggregation-proxy",
    });
    expect(sut.server).toMatchObject({
      node: "server",
      functions: ["participating", "controlling"],
      transport: "udp",
      serviceUris: {
        exploder: "sip:factory@im.example:5070;x=y",
        unallocatedGroup: "sip:unallocated-group@im.example",
        systemSender: "sip:im.example",
      },
      configurationSets: [{ name: "default", by: "always" }],
    });
    expect(sut.users).toEqual([
      { impu: "sip:alice@home.example", impi: "alice@home.example", properties: [] },
    ]);
    expect(sut.guards.responseMs).toBeGreaterThanOrEqual(32_000);
    expect(sut.client).toBeUndefined();
  });

  test("an IPv6 address stands in brackets within the XCAP root", () => {
    const sut = readSutFileText(SERVER.replace("core: {", 'core: { bind: "2001:db8::1",'));
    expect(sut.xdm.root).toBe("http://[2001:db8::1]:8080/xcap-root");
  });

  test.each(["reference", "server-only", "client-only"])("the example %s is one", (name) => {
    const sut = readSutFile(new URL(`../../scenarios/sut/${name}.yaml`, import.meta.url).pathname);
    expect(evaluateIcs(sut).findings).toEqual([]);
  });

  test("the reference has both sides, and a user for each property", () => {
    const sut = readSutFile(new URL("../../scenarios/sut/reference.yaml", import.meta.url).pathname);
    expect([sut.server?.node, sut.client?.node, sut.groups.length]).toEqual(["server", "client", 6]);
    const properties = new Set(sut.users.flatMap((user) => user.properties));
    expect(properties).toEqual(
      new Set([
        "unauthorised",
        "not-authorised-to-publish",
        "unregistered",
        "remote",
        "minor",
        "anonymity-not-allowed",
      ]),
    );
    expect(sut.users.filter((user) => user.properties.length === 0).length).toBeGreaterThanOrEqual(20);
  });

  test("positions are those of the text, however it is written", () => {
    const text = SERVER.replace("adHocMaximum: 10", "adHocMaximum: many").replaceAll("\n", "\r\n");
    expect(problemsIn(text).problems[0]).toMatchObject({ line: 9, column: 27 });
  });
});

describe("a wrong SUT file", () => {
  test.each([
    [
      "core: { homeDomain",
      "core: { prot: 1, homeDomain",
      "prot",
      "unknown-entry",
      "core.prot",
      "Did you mean port?",
    ],
    [
      "core: { homeDomain",
      "core: { port: 70000, homeDomain",
      "70000",
      "wrong-value",
      "core.port",
      "a port from 1 to 65535",
    ],
    [
      "core: { homeDomain",
      'core: { port: "5060", homeDomain',
      '"5060"',
      "wrong-value",
      "core.port",
      "a number",
    ],
    [
      "core: { homeDomain",
      "core: { digest: maybe, homeDomain",
      "maybe",
      "wrong-value",
      "core.digest",
      "true or false",
    ],
    ['version: "1"', "version: 1.0", "1.0", "wrong-value", "identification.version", "Put it in quotes."],
    [
      ', version: "1"',
      "",
      "identification",
      "missing",
      "identification.version",
      "expected a text, came nothing",
    ],
    ["scrim: 1", "scrim: 2", "2", "wrong-value", "scrim", "expected 1, came 2"],
    [
      "sip:o@192.0.2.1:5080;lr",
      "192.0.2.1:5080",
      "192.0.2.1:5080",
      "wrong-value",
      "server.originating",
      "a SIP URI",
    ],
    ["adHocMaximum: 10", "adHocMaximum: 0", "0 }", "wrong-value", "server.policy.adHocMaximum", "at least 1"],
    ["users:", "sers:", "sers", "unknown-entry", "sers", "Did you mean users?"],
    [
      'impu: "sip:alice@home.example"',
      "impu: [x]",
      "[x]",
      "wrong-value",
      "users[0].impu",
      "expected a text, came a list",
    ],
    [
      'impu: "sip:alice@home.example"',
      'impu: "sip:alice@home.example", properties: [tall]',
      "tall",
      "wrong-value",
      "users[0].properties[0]",
      "one of unauthorised",
    ],
    [
      "  psi:",
      "  control: { kind: telepathy }\n  psi:",
      "telepathy",
      "wrong-value",
      "server.control.kind",
      "one of http, stdio, command, manual, reference",
    ],
    [
      "  psi:",
      "  control: { kind: command, commands: { dance: x } }\n  psi:",
      "dance",
      "unknown-entry",
      "server.control.commands.dance",
      "one of register, refresh-registration",
    ],
  ])("%s -> %s", (was, is, at, code, path, words) => {
    const text = SERVER.replace(was, is);
    const error = problemsIn(text);
    const [problem] = error.problems.filter((found) => found.path === path);
    expect(problem).toMatchObject({ code, path });
    expect(`${problem?.line}:${problem?.column}`).toBe(lineOf(text, at));
    expect(error.message).toContain(`my.yaml:${problem?.line}:${problem?.column}: ${path}: `);
    expect(error.message).toContain(words);
  });

  test.each([
    [SERVER.replace(/server:[\s\S]*users:/, "users:"), "", "an entry server, an entry client, or both"],
    [`${SERVER}ics: { claimed: [IMSpec-PMM-S-007] }\n`, "ics.claimed[0]", "Did you mean IMSpec-PMM-S-00"],
    [`${SERVER}ics: { claimed: [PMM-S-004] }\n`, "ics.claimed[0]", "Did you mean IMSpec-PMM-S-004?"],
    [`${SERVER}ics: { claimed: [IMSpec-PMM-C-005] }\n`, "ics.claimed[0]", "client-originating"],
    [
      `${SERVER}ics: { claimed: [IMSpec-PMM-S-004], denied: [IMSpec-PMM-S-004] }\n`,
      "ics.claimed[0]",
      "both claimed and denied",
    ],
    [`${SERVER}  - { impu: "sip:alice@home.example" }\n`, "users[1].impu", "a second sip:alice@home.example"],
    [`${SERVER}groups: [{ uri: "sip:g@h" }, { uri: "sip:g@h" }]\n`, "groups[1].uri", "a second sip:g@h"],
    [
      SERVER.replace("core: {", 'core: { address: "sip:192.0.2.9",'),
      "core.address",
      "no address where Scrim plays the core",
    ],
    [SERVER.replace("core: {", "core: { kind: external,"), "core", "Give the SIP URI of the registrar"],
    [
      SERVER.replace("core: {", 'core: { kind: external, address: "sip:127.0.0.1",'),
      "core.port",
      "Scrim stands before the core",
    ],
    [`${SERVER}xdm: { port: 5060 }\n`, "xdm.port", "another port than that of the core"],
    [
      SERVER.replace("  psi:", "  control: { kind: manual }\n  psi:"),
      "server.serviceUris.systemSender",
      "under which identity",
    ],
    [
      SERVER.replace("  psi:", "  configurationSets: [{ name: odd, by: hand }]\n  psi:"),
      "server.configurationSets",
      "a set called default",
    ],
    [
      SERVER.replace("  psi:", "  configurationSets: [{ name: default, by: control }]\n  psi:"),
      "server.configurationSets[0].by",
      "there is no server.control",
    ],
    [
      SERVER.replace(
        "serviceUris: {",
        'serviceUris: { ongoingSession: { uri: "sip:s@h", participants: ["sip:x@h"] },',
      ),
      "server.serviceUris.ongoingSession.participants[0]",
      "the impu of an entry of users",
    ],
    [
      `${SERVER}client: { trigger: { kind: manual }, user: "sip:x@h", conferenceFactory: "sip:f@h" }\n`,
      "client.user",
      "the impu of an entry of users",
    ],
  ])("contradictions: %#", (text, path, words) => {
    const error = problemsIn(text);
    expect(error.problems.map((problem) => problem.path)).toContain(path);
    expect(error.message).toContain(words);
  });

  test("tells several problems at once, in the order of the file", () => {
    const { problems, message } = problemsIn(
      "scrim: 3\nidentification: { product: 1 }\ncore: {}\nusers: []\nextra: 1\n",
    );
    expect(problems.map(({ path }) => path)).toEqual([
      "scrim",
      "identification.version",
      "identification.product",
      "core.homeDomain",
      "users",
      "extra",
    ]);
    expect(message.split("\n")).toHaveLength(6);
  });

  test.each([
    ["scrim: 1\n identification: x\n", "1:8"],
    ["scrim: 1\nscrim: 1\n", "2:1"],
    ["users: [\n", ""],
    ["a: *nowhere\n", "1:4"],
    ["--- 1\n--- 2\n", "2:"],
  ])("is no YAML: %j", (text, position) => {
    const error = problemsIn(text);
    expect(error.problems[0]?.code).toBe("syntax");
    expect(error.message).toContain(`my.yaml:${position}`);
  });

  test.each([[""], ["# nothing\n"], ["just a text\n"], ["[]\n"], ["null\n"]])(
    "has no entries: %j",
    (text) => {
      expect(problemsIn(text).problems.length).toBeGreaterThan(0);
    },
  );

  test("does not expand aliases without end", () => {
    const bomb = [
      "a: &a [x, x]",
      ..."bcdefghijkl"
        .split("")
        .map((key, i) => `${key}: &${key} [*${"abcdefghijk"[i]}, *${"abcdefghijk"[i]}]`),
    ];
    expect(problemsIn(`${bomb.join("\n")}\n`).problems[0]).toMatchObject({ code: "syntax", path: "" });
  });

  test("cannot be read, or is far too long", () => {
    const folder = mkdtempSync(join(tmpdir(), "scrim-sut-"));
    try {
      const long = join(folder, "long.yaml");
      writeFileSync(long, `# ${"x".repeat(1_100_000)}\n`);
      expect(() => readSutFile(join(folder, "none.yaml"))).toThrow(
        /none\.yaml:1:1: expected a SUT file, came ENOENT/,
      );
      expect(() => readSutFile(long)).toThrow(/at most a megabyte/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("the template of scrim init", () => {
  test.each(["server", "client", "both"] as const)("for %s is a SUT file", (kind) => {
    const sut = readSutFileText(sutFileTemplate(kind));
    expect([sut.server !== undefined, sut.client !== undefined]).toEqual([
      kind !== "client",
      kind !== "server",
    ]);
    expect(evaluateIcs(sut).findings).toEqual([]);
  });

  test("tells defaults that are the defaults", () => {
    const text = sutFileTemplate("both");
    const plain = readSutFileText(text);
    const guards = /# (guards: .*)/.exec(text)?.[1];
    const timers = /# (timers: \{[^}]*\})/.exec(text)?.[1];
    expect(readSutFileText(`${text}${guards}\n`).guards).toEqual(plain.guards);
    expect(readSutFileText(text.replace(/ {2}# timers: .*/, `  ${timers}`)).server?.timers).toEqual(
      plain.server?.timers,
    );
  });

  test("is followed by what the vendor must provision", () => {
    expect(provisioningSteps("both").length).toBe(
      provisioningSteps("server").length + provisioningSteps("client").length - 2,
    );
    expect(provisioningSteps("server").join()).toContain("trusted peer");
    expect(provisioningSteps("client").join()).not.toContain("trusted peer");
  });

  test("points an editor at the published schema", () => {
    const reference = readFileSync(new URL("../../scenarios/sut/reference.yaml", import.meta.url), "utf8");
    expect(reference).toContain("$schema=../../docs/sut-file.schema.json");
  });
});

describe("the USIM of a user", () => {
  const K = "465b5ce8b199b49faa5f0a2ee238a6bc";
  const withAka = (aka: string): string =>
    SERVER.replace('{ impu: "sip:alice@home.example" }', `{ impu: "sip:alice@home.example", aka: ${aka} }`);

  test("has defaults", () => {
    const [user] = readSutFileText(withAka(`{ k: "${K}", opc: "${K}" }`)).users;
    expect(user?.aka).toEqual({ k: K, opc: K, amf: "0000" });
  });

  test.each([
    ["neither op nor opc", `{ k: "${K}" }`],
    ["both", `{ k: "${K}", op: "${K}", opc: "${K}" }`],
    ["a short key", `{ k: "46", op: "${K}" }`],
    ["digits without quotes", `{ k: 11111111111111111111111111111111, op: "${K}" }`],
    ["an amf of another length", `{ k: "${K}", op: "${K}", amf: "b9" }`],
    ["something else", `{ k: "${K}", op: "${K}", imei: "1" }`],
  ])("with %s is told as a problem", (_what, aka) => {
    expect(problemsIn(withAka(aka)).message).toContain("aka");
  });
});
