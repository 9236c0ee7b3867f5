import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readSutFile } from "../../spec/sut-file-reader.ts";
import { SutFileExists, writeTemplate } from "./init.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "scrim-init-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

describe("a new SUT file", () => {
  it.each([
    ["server", true, false],
    ["client", false, true],
    ["both", true, true],
  ] as const)("for %s is read without a problem", (role, server, client) => {
    const file = path.join(folder, "sut.yaml");
    writeTemplate(file, role, false);
    const sutFile = readSutFile(file);
    expect([sutFile.server !== undefined, sutFile.client !== undefined]).toEqual([server, client]);
  });

  it("is not written over another one, unless that is wanted", () => {
    const file = path.join(folder, "sut.yaml");
    writeFileSync(file, "mine");
    expect(() => writeTemplate(file, "both", false)).toThrow(SutFileExists);
    expect(readFileSync(file, "utf8")).toBe("mine");
    writeTemplate(file, "both", true);
    expect(readFileSync(file, "utf8")).not.toBe("mine");
  });
});
