// The project's own tests, every step of them, whatever the earlier ones found. `npm test` calls it; `npm test -- unit self-test` runs some.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import path from "node:path";
import { countTests, failedOf, filesOf, hasStrayError, readTests, secondLook } from "./vitest-results.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const scratch = mkdtempSync(path.join(tmpdir(), "scrim-test-"));

/** Vitest, with its results in a file besides; `options` may name the files to run. */
const vitest = (results, ...options) => [
  path.join(path.dirname(require.resolve("vitest/package.json")), "vitest.mjs"),
  "run",
  ...options,
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${results}`,
];

/** A step of vitest's: what failed is looked at once more, one file after the other, with the machine to itself. */
const tests = (name, title, ...options) => ({
  name,
  title,
  run: () => vitest(resultsOf(name), ...options),
  again: (files) => vitest(resultsOf(`${name}-again`), "--no-file-parallelism", ...options, ...files),
});

const resultsOf = (name) => path.join(scratch, `${name}.json`);

/** With more files than these failing, something is wrong with the project and not with the moment. */
const MOST_FILES_AGAIN = 5;

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
  tests("unit", "unit tests (vitest)"),
  tests(
    "interop",
    "interoperability with programs that others wrote (interop/)",
    "--config",
    path.join(root, "interop", "vitest.config.ts"),
  ),
  {
    name: "self-test",
    title: "self-test (every scenario on the virtual network, every fault against its check)",
    run: () => [path.join(root, "bin", "scrim.mjs"), "selftest"],
    count: countFaults,
  },
];

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
    const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    const chunks = [];
    for (const stream of ["stdout", "stderr"])
      child[stream].on("data", (chunk) => {
        chunks.push(chunk);
        process[stream].write(chunk);
      });
    child.once("error", reject);
    child.once("close", (status) => resolve({ status, output: Buffer.concat(chunks).toString("utf8") }));
  });
}

async function runStep(step) {
  console.log(`\n== ${step.title}`);
  const start = performance.now();
  const { status, output } = await perform(step.run());
  const seconds = () => (performance.now() - start) / 1000;
  if (step.again === undefined) {
    const counts = countsOf(step, status, () => step.count?.(output));
    return { step, ok: status === 0 && counts.failed === 0, counts, seconds: seconds() };
  }
  const { unsteady = [], tests: came } = await looked(step);
  const isExplained = unsteady.length > 0 && failedOf(came).length === 0 && !hasStrayError(output);
  const counts = countsOf(step, isExplained ? 0 : status, () => came.length > 0 && countTests(came));
  return { step, ok: counts.failed === 0, counts, seconds: seconds(), unsteady, failed: failedOf(came) };
}

/** What the tests of a step came to; those that failed have been tried a second time. */
async function looked({ name, title, again }) {
  const first = testsIn(resultsOf(name));
  const files = filesOf(failedOf(first));
  if (files.length === 0 || files.length > MOST_FILES_AGAIN) return { tests: first };
  console.log(`\n== ${title}: once more by themselves: ${files.join(", ")}`);
  const second = await perform(again(files));
  // Vitest itself may fail without a test that does.
  if (second.status !== 0 && failedOf(testsIn(resultsOf(`${name}-again`))).length === 0)
    return { tests: first };
  return secondLook(first, testsIn(resultsOf(`${name}-again`)));
}

/** None where vitest ended before it could say. */
const testsIn = (results) => (existsSync(results) ? readTests(results, root) : []);

/** A step that fails without a failed test of its own counts as one failure, so that the sum never looks better than the result. */
function countsOf(step, status, count) {
  let counts = { passed: 0, failed: 0 };
  try {
    counts = count() || counts;
  } catch (error) {
    console.error(`${step.name}: ${error.message}`);
    return { passed: 0, failed: 1 };
  }
  return status !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

function lineOf({ step, ok, counts, seconds }) {
  const isCounted = step.count !== undefined || step.again !== undefined;
  const numbers = !isCounted ? "" : `  ${counts.passed} passed, ${counts.failed} failed`;
  return `  ${ok ? "ok    " : "FAILED"}  ${step.name.padEnd(10)} ${`${seconds.toFixed(0)} s`.padStart(6)}${numbers}`;
}

const named = ({ file, name }) => `${file} > ${name}`;

/** Enough of what a test said to know what was missed. */
const quoted = (says) =>
  says
    .split("\n")
    .slice(0, 12)
    .map((line) => `      | ${line.slice(0, 300)}`)
    .join("\n");

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
for (const result of results) {
  console.log(lineOf(result));
  for (const test of result.failed ?? []) console.log(`    failed: ${named(test)}\n${quoted(test.says)}`);
  for (const test of result.unsteady ?? [])
    console.log(`    failed beside others, passed by itself: ${named(test)}\n${quoted(test.says)}`);
}
console.log(`In all: ${sum("passed")} passed, ${sum("failed")} failed`);
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
