import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readSutFile } from "../spec/sut-file-reader.ts";
import { nestsLittle, recordedSutFile } from "./recorded-sut-file.ts";

const folder = new URL("../../scenarios/sut/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));

describe("a SUT file in a run record", () => {
  it("has examples", () => {
    expect(files.length).toBeGreaterThan(0);
  });

  it.each(files)("%s is read again after it was recorded", (name) => {
    const sutFile = readSutFile(fileURLToPath(new URL(name, folder)));
    const recorded: unknown = JSON.parse(JSON.stringify(sutFile));
    expect(recordedSutFile.safeParse(recorded).error?.issues).toBeUndefined();
  });

  it.each([
    [0, true],
    [[[1], { a: [2] }], true],
    [Array.from({ length: 40 }).reduce<unknown>((inner) => ({ inner }), 0), false],
    [Array.from({ length: 200_000 }).reduce<unknown>((inner) => [inner], 0), false],
  ])("may not nest without end (%#)", (value, little) => {
    expect(nestsLittle(value)).toBe(little);
  });
});
