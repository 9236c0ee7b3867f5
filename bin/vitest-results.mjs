// What vitest's JSON says, and what a second look at the tests that failed makes of it.
import { readFileSync } from "node:fs";
import path from "node:path";

/** Every test of a run: the file it is in, its name, whether it passed, and what it said if not. A file that could not be loaded has no tests, and counts as one that failed. */
export function readTests(results, root) {
  const { testResults } = JSON.parse(readFileSync(results, "utf8"));
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = path.relative(root, name);
    if (status === "failed" && assertionResults.length === 0)
      return [{ file, name: "(the file itself)", status, says: message }];
    return assertionResults.map((test) => ({
      file,
      name: test.fullName,
      status: test.status,
      says: test.failureMessages?.join("\n") ?? "",
    }));
  });
}

export const failedOf = (tests) => tests.filter(({ status }) => status === "failed");
export const filesOf = (tests) => [...new Set(tests.map(({ file }) => file))];

/** A test that failed beside others and passes by itself was disturbed: it is named as unsteady, and counts as passed. Of a name that tests share, each has to pass. */
export function secondLook(first, second) {
  const passesNow = ({ file, name }) => {
    const same = second.filter((test) => test.file === file && test.name === name);
    return same.length > 0 && same.every(({ status }) => status === "passed");
  };
  const unsteady = failedOf(first).filter(passesNow);
  return {
    unsteady,
    tests: first.map((test) => (unsteady.includes(test) ? { ...test, status: "passed" } : test)),
  };
}

export const countTests = (tests) => ({
  passed: tests.filter(({ status }) => status === "passed").length,
  failed: failedOf(tests).length,
});

/** An error outside of all tests, which vitest tells by its exit status and in words only: no second look explains it away. */
export const hasStrayError = (output) => /Unhandled (?:Errors?|Rejection)/u.test(output);
