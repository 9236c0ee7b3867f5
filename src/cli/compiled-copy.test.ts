/** The command line runs from a compiled copy of the project's code: it is as new as its sources. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { compiledProject } from "../../bin/compiled.mjs";
import { rootOf } from "../spec/project-root.ts";

let root: string;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "scrim-compiled-"));
  write(
    "src/greeting.ts",
    'import { name } from "./name.ts";\nexport const greeting: string = `Hello ${name as string}`;\n',
  );
  write("src/name.ts", 'export const name = "Alice" as const;\n');
  write("src/name.test.ts", "export {};\n");
  write("src/testdata/names.ts", "export {};\n");
  write("src/names.yaml", "- Alice\n");
  write("steps/greet.ts", "export {};\n");
});

afterEach(() => rmSync(root, { recursive: true }));

/** Each write a second later than the one before: some file systems know no finer time. */
let written = 1_700_000_000;

function write(name: string, text: string): void {
  const place = path.join(root, name);
  mkdirSync(path.dirname(place), { recursive: true });
  writeFileSync(place, text);
  written += 1;
  utimesSync(place, written, written);
}

async function made(): Promise<string> {
  const copy = await compiledProject(root);
  if (copy === undefined) throw new Error("there is no copy");
  return copy;
}

async function greetingOf(copy: string, turn: number): Promise<unknown> {
  const loaded: unknown = await import(
    /* @vite-ignore */ `${pathToFileURL(path.join(copy, "src/greeting.js")).href}?${turn}`
  );
  return typeof loaded === "object" && loaded !== null && "greeting" in loaded ? loaded.greeting : undefined;
}

test("holds code and what stands beside it, without tests", async () => {
  const copy = await made();
  expect(await greetingOf(copy, 1)).toBe("Hello Alice");
  expect(existsSync(path.join(copy, "steps/greet.js"))).toBe(true);
  expect(existsSync(path.join(copy, "src/names.yaml"))).toBe(true);
  expect(existsSync(path.join(copy, "src/name.test.js"))).toBe(false);
  expect(existsSync(path.join(copy, "src/testdata"))).toBe(false);
});

test("is made anew where a source has changed, and only there", async () => {
  const copy = await made();
  const before = statSync(path.join(copy, "src/greeting.js"));
  write("src/name.ts", 'export const name = "Bob";\nexport const more = 1;\n');
  expect(await made()).toBe(copy);
  expect(statSync(path.join(copy, "src/greeting.js")).ino).toBe(before.ino);
  const loaded: unknown = await import(
    /* @vite-ignore */ `${pathToFileURL(path.join(copy, "src/name.js")).href}?2`
  );
  expect(loaded).toMatchObject({ name: "Bob", more: 1 });
});

test("forgets a source that is gone", async () => {
  const copy = await made();
  rmSync(path.join(root, "src/names.yaml"));
  await made();
  expect(existsSync(path.join(copy, "src/names.yaml"))).toBe(false);
});

test("is not there where a source cannot be compiled, or nothing can be written", async () => {
  write("src/name.ts", "export const = ;\n");
  expect(await compiledProject(root)).toBeUndefined();
  write("src/name.ts", 'export const name = "Alice";\n');
  expect(await compiledProject(root)).toBeDefined();
  rmSync(path.join(root, ".compiled"), { recursive: true });
  writeFileSync(path.join(root, ".compiled"), "a file where the folder should be");
  expect(await compiledProject(root)).toBeUndefined();
});

test("leads back to the project", () => {
  const project = path.join(path.sep, "home", "me", "scrim");
  expect(rootOf(project)).toBe(project);
  expect(rootOf(path.join(project, ".compiled", "0123456789ab"))).toBe(project);
});
