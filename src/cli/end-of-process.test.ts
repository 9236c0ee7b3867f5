import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const MODULE = JSON.stringify(path.join(import.meta.dirname, "end-of-process.ts"));

/** Standard output of a process that runs these lines; rejects with its exit status. */
async function outputOf(lines: string): Promise<string> {
  const program = `import { endThough } from ${MODULE};\n${lines}`;
  const args = ["--import", "tsx", "--input-type=module", "--eval", program];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return stdout;
}

test("a timer that was left behind does not keep the process, and the exit status stays", async () => {
  await expect(
    outputOf("setInterval(() => undefined, 60_000); process.exitCode = 3; endThough(50);"),
  ).rejects.toMatchObject({ code: 3 });
});

test("a process with nothing open ends at once", async () => {
  const started = performance.now();
  expect(await outputOf('endThough(120_000); console.log("done");')).toBe("done\n");
  expect(performance.now() - started).toBeLessThan(60_000);
});
