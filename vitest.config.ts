import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Whole suites, each a minute or more: begun last, one of them would keep a single core busy when everything else is done. */
const LONG = ["variants", "virtual-run", "external-core", "transports", "hostile-sut", "run-process"];

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification): boolean =>
      LONG.some((name) => moduleId.endsWith(`/${name}.test.ts`));
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "steps/**/*.test.ts"],
    pool: "threads",
    // Vitest leaves one core to itself unless told otherwise: of two, that is half.
    maxWorkers: availableParallelism(),
    sequence: { sequencer: LongFirst },
    // Against what hangs: a machine that others use as well may be several times slower than usual.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
