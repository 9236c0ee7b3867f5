// The project's own tests, every step of them, whatever the earlier ones found. `npm test` calls it; `npm test -- unit self-test` runs some.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import path from "node:path";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const scratch = mkdtempSync(path.join(tmpdir(), "scrim-test-"));
const unitResults = path.join(scratch, "unit.json");
const interopResults = path.join(scratch, "interop.json");

/** Vitest, with its results in a file besides. */
const vitest = (results, ...options) => [
  path.join(path.dirname(require.resolve("vitest/package.json")), "vitest.mjs"),
  "run",
  ...options,
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${results}`,
];

/** The file that a package names as its command: no shell and no PATH are needed. */
function commandOf(name, command = name) {
  const description = require.resolve(`${name}/package.json`);
  const { bin } = JSON.parse(readFileSync(description, "utf8"));
  return path.join(path.dirname(description), typeof bin === "string" ? bin : bin[command]);
}

const STEPS = [
  { name: "format", title: "format check (prettier)", run: () => [commandOf("prettier"), "--check", "."] },
  { name: "types", title: "types (tsc)", run: () => [commandOf("typescript", "tsc"), "--noEmit"] },
  {
    name: "lint",
    title: "lint (oxlint, type-aware)",
    run: () => [commandOf("oxlint"), "--type-aware", "--deny-warnings"],
  },
  {
    name: "unit",
    title: "unit tests (vitest)",
    run: () => vitest(unitResults),
    count: () => countTests(unitResults),
  },
  {
    name: "interop",
    title: "interoperability with programs that others wrote (interop/)",
    run: () => vitest(interopResults, "--config", path.join(root, "interop", "vitest.config.ts")),
    count: () => countTests(interopResults),
  },
  {
    name: "self-test",
    title: "self-test (every scenario on the virtual network, every fault against its check)",
    run: () => [path.join(root, "bin", "scrim.mjs"), "selftest"],
    count: countFaults,
  },
];

/** Vitest's numbers. A file that could not be loaded has no tests, and counts as one that failed. */
function countTests(results) {
  const { testResults } = JSON.parse(readFileSync(results, "utf8"));
  const tests = testResults.flatMap((file) => file.assertionResults);
  const having = (status) => tests.filter((test) => test.status === status).length;
  const broken = testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
  return { passed: having("passed"), failed: having("failed") + broken.length };
}

/** A fault that its check noticed has passed; one that survived, and a scenario that the conforming reference does not pass, have failed. */
function countFaults(output) {
  const [, killed, total, unsound] =
    /(\d+) of (\d+) faults killed; (\d+) scenarios do not pass/u.exec(output) ?? [];
  if (killed === undefined) throw new Error("the self-test printed no score");
  return { passed: Number(killed), failed: Number(total) - Number(killed) + Number(unsound) };
}

/** Runs a step with its output shown; gives what it printed and its exit status. */
function perform(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
    const chunks = [];
    child.stdout.on("data", (chunk) => {
      chunks.push(chunk);
      process.stdout.write(chunk);
    });
    child.once("error", reject);
    child.once("close", (status) => resolve({ status, output: Buffer.concat(chunks).toString("utf8") }));
  });
}

async function runStep(step) {
  console.log(`\n== ${step.title}`);
  const start = performance.now();
  const { status, output } = await perform(step.run());
  const counts = countsOf(step, status, output);
  return {
    step,
    ok: status === 0 && counts.failed === 0,
    counts,
    seconds: (performance.now() - start) / 1000,
  };
}

/** A step that fails without a failed test of its own counts as one failure, so that the sum never looks better than the result. */
function countsOf(step, status, output) {
  let counts = { passed: 0, failed: 0 };
  try {
    counts = step.count?.(output) ?? counts;
  } catch (error) {
    console.error(`${step.name}: ${error.message}`);
    return { passed: 0, failed: 1 };
  }
  return status !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

function lineOf({ step, ok, counts, seconds }) {
  const numbers = step.count === undefined ? "" : `  ${counts.passed} passed, ${counts.failed} failed`;
  return `  ${ok ? "ok    " : "FAILED"}  ${step.name.padEnd(10)} ${`${seconds.toFixed(0)} s`.padStart(6)}${numbers}`;
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !STEPS.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(`no step ${unknown.join(", ")}; there are ${STEPS.map((step) => step.name).join(", ")}`);
  process.exit(2);
}

const results = [];
for (const step of STEPS)
  if (wanted.length === 0 || wanted.includes(step.name)) results.push(await runStep(step));
rmSync(scratch, { recursive: true, force: true });

const sum = (which) => results.reduce((total, { counts }) => total + counts[which], 0);
console.log(`\nRun on Node ${process.versions.node}, ${process.platform} ${process.arch}:`);
for (const result of results) console.log(lineOf(result));
console.log(`In all: ${sum("passed")} passed, ${sum("failed")} failed`);
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
