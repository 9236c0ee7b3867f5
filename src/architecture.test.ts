/** Holds the code to the import table of docs/architecture.md, and to the habits that a reader of the house counts on. */
import { readFileSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";

const ROOT = path.dirname(import.meta.dirname);

interface Allowance {
  readonly imports: readonly string[];
  /** Only with `import type`. */
  readonly types?: readonly string[];
}

/** docs/architecture.md prints the same table; a test below compares them. */
const HOUSE: Readonly<Record<string, Allowance>> = {
  spec: { imports: [] },
  wire: { imports: [] },
  machine: { imports: ["wire"] },
  net: { imports: [] },
  trace: { imports: ["wire", "spec"] },
  endpoint: { imports: ["wire", "machine", "net", "trace"] },
  peer: { imports: ["wire", "machine", "endpoint", "spec"], types: ["net"] },
  fault: { imports: ["peer", "wire", "spec"], types: ["net"] },
  target: { imports: ["peer", "fault", "endpoint", "net", "spec"] },
  lab: { imports: ["peer", "target", "endpoint", "net", "trace", "spec", "wire"] },
  check: { imports: ["trace", "wire", "spec"] },
  judge: { imports: ["check", "trace", "spec"] },
  run: {
    imports: ["lab", "judge", "check", "fault", "trace", "spec", "net", "target", "wire"],
    types: ["peer"],
  },
  report: { imports: ["judge", "trace", "spec"] },
  cli: { imports: ["run", "report", "judge", "target", "spec", "net", "trace"] },
  steps: { imports: ["lab", "spec"] },
};

interface Import {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

function filesIn(folder: string, wanted: (file: string) => boolean): readonly string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"))
    .filter(wanted)
    .sort();
}

/** Tests, and what only tests use: rigs and data of tests. */
const isTestSupport = (file: string): boolean =>
  /\.test\.ts$|(?:^|\/)test-rig\.ts$|\/testdata(?:\/|\.ts$)/u.test(file);

const SOURCES = ["src", "steps"].flatMap((folder) =>
  filesIn(folder, (file) => file.endsWith(".ts") && !isTestSupport(file)),
);

const textOf = (file: string): string => readFileSync(path.join(ROOT, file), "utf8");

/** `src/wire/sip/parse.ts` is in `wire`, `steps/world.ts` in `steps`. */
function folderOf(file: string): string {
  const [top = "", second = ""] = file.split("/");
  return top === "src" ? second : top;
}

const IMPORT = /\b(?:import|export)\s+(type\s)?[^;"]*?from\s*"([^"]+)"|\bimport\s*\(?\s*"([^"]+)"/gu;

function specifiersOf(file: string): readonly { readonly specifier: string; readonly typeOnly: boolean }[] {
  return [...textOf(file).matchAll(IMPORT)].map(([, type, from, bare]) => ({
    specifier: from ?? bare ?? "",
    typeOnly: type !== undefined,
  }));
}

function importsOf(file: string): readonly Import[] {
  return specifiersOf(file)
    .filter(({ specifier }) => specifier.startsWith("."))
    .map(({ specifier, typeOnly }) => {
      const target = path.posix.join(path.posix.dirname(file), specifier);
      return { file, from: folderOf(file), to: folderOf(target), typeOnly };
    })
    .filter(({ from, to }) => from !== to);
}

function isAllowed({ from, to, typeOnly }: Import): boolean {
  const { imports = [], types = [] } = HOUSE[from] ?? {};
  return imports.includes(to) || (typeOnly && types.includes(to));
}

describe("the import table", () => {
  test("every folder of src has a row", () => {
    const folders = new Set(SOURCES.map(folderOf));
    expect([...folders].sort()).toEqual(Object.keys(HOUSE).sort());
  });

  test.each(Object.keys(HOUSE))("%s imports what its row allows", (folder) => {
    const found = SOURCES.filter((file) => folderOf(file) === folder).flatMap(importsOf);
    const violations = found
      .filter((one) => !isAllowed(one))
      .map(({ file, to, typeOnly }) => `${file} imports ${typeOnly ? "types of " : ""}${to}`);
    expect(violations).toEqual([]);
  });

  test("has no circle, so that every folder can be read without those above it", () => {
    const visiting: string[] = [];
    const visit = (folder: string): void => {
      expect(visiting).not.toContain(folder);
      visiting.push(folder);
      const { imports = [], types = [] } = HOUSE[folder] ?? {};
      for (const lower of [...imports, ...types]) visit(lower);
      visiting.pop();
    };
    for (const folder of Object.keys(HOUSE)) visit(folder);
  });

  test("stands in docs/architecture.md as it is here", () => {
    const rows = [
      ...textOf("docs/architecture.md").matchAll(/^\| `(?:src\/)?([a-z]+)\/` *\|.*\| ([^|]+) \|$/gmu),
    ];
    const printed = Object.fromEntries(rows.map(([, folder = "", cell = ""]) => [folder, cell.trim()]));
    const expected = Object.fromEntries(
      Object.entries(HOUSE).map(([folder, { imports, types = [] }]) => [
        folder,
        [...imports, ...types.map((one) => `${one} (types)`)].join(", ") || "–",
      ]),
    );
    expect(printed).toEqual(expected);
  });

  test("reads every way to import", () => {
    const sample =
      'import type { A } from "../a/x.ts";\nimport "./b.ts";\nexport { c } from "../c/y.ts";\nimport {\n  d,\n} from "../d/z.ts";\nawait import("../e/v.ts");\ntype F = import("../f/u.ts").F;';
    const found = [...sample.matchAll(IMPORT)].map(([, type, from, bare]) => [
      from ?? bare,
      type !== undefined,
    ]);
    expect(found).toEqual([
      ["../a/x.ts", true],
      ["./b.ts", false],
      ["../c/y.ts", false],
      ["../d/z.ts", false],
      ["../e/v.ts", false],
      ["../f/u.ts", false],
    ]);
  });
});

describe("judging and protocol logic are pure", () => {
  const pure = SOURCES.filter((file) => ["machine", "check", "judge"].includes(folderOf(file)));
  /** Finds the files of checks by their names; no check runs in it. */
  const LOADER = "src/check/load-checks.ts";

  test("no clock, timer or randomness in machine, check, judge", () => {
    const impure =
      /\bMath\.random\b|\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b|\bset(?:Timeout|Interval|Immediate)\b|\bprocess\./u;
    expect(pure.filter((file) => impure.test(textOf(file)))).toEqual([]);
  });

  test("no module of node there but hashes", () => {
    const found = pure
      .filter((file) => file !== LOADER)
      .flatMap((file) => specifiersOf(file).map(({ specifier }) => `${file}: ${specifier}`))
      .filter((line) => line.includes(": node:") && !line.endsWith("node:crypto"));
    expect(found).toEqual([]);
  });
});

test("no file of code is longer than 500 lines", () => {
  const long = [...SOURCES, ...filesIn("bin", (file) => file.endsWith(".mjs"))]
    .map((file) => ({ file, lines: textOf(file).split("\n").length - 1 }))
    .filter(({ lines }) => lines > 500);
  expect(long).toEqual([]);
});

describe("nothing of one machine is in the project", () => {
  const FOLDERS = [".ci", "bin", "docs", "features", "scenarios", "src", "steps"];
  const texts = [
    ...readdirSync(ROOT).filter((file) => /\.(?:md|json|js|ts)$/u.test(file)),
    ...FOLDERS.flatMap((folder) =>
      filesIn(folder, (file) => /\.[a-z]+$|\/run$/u.test(file) && !/\.(?:png|pcapng)$/u.test(file)),
    ),
    "reports/README.md",
  ];

  /** The folder of the project and the home of whoever runs this, if they are long enough to be no word of anyone else's. */
  const here = [ROOT, homedir()].filter(
    (folder) => folder.split(path.sep).filter((part) => part !== "").length > 1,
  );

  test("no path", () => {
    const foreign = /(?<![\w.:/@-])\/(?:home|root|Users)\/[a-z]|\b[A-Z]:\\\\?Users\b/u;
    const found = texts.filter((file) => {
      const text = textOf(file);
      return foreign.test(text) || here.some((folder) => text.includes(folder));
    });
    expect(found).toEqual([]);
  });

  test("no address of a package registry", () => {
    expect(
      texts.filter((file) => /\bregistry\.[a-z]+\.(?:org|com)|"resolved"\s*:/u.test(textOf(file))),
    ).toEqual([]);
  });
});
