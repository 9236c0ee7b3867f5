/**
 * Runs against every hostile server, in a process of its own: cucumber loads the steps as the command line does, and whatever a server does
 * to the process, the test that waits for it learns. Writes one line of JSON for each.
 */
import type { SutFile } from "../../spec/sut-file.ts";
import type { FindingMade, RunEvent } from "../../trace/event.ts";
import { hostileCases, type HostileCase } from "./behaviours.ts";
import { freePort, planOf, rendered, serverSut, shortRun, type ShortRun } from "./hostile-run.ts";
import { openHostileServer } from "./hostile-server.ts";

/** What the tests look at. */
export interface HostileOutcome {
  readonly name: string;
  readonly tookMs: number;
  readonly last: RunEvent | undefined;
  readonly record: { readonly complete: boolean; readonly problems: readonly object[] };
  readonly planned: number;
  readonly verdicts: readonly { readonly verdict: string; readonly blame?: string; readonly reason?: string }[];
  /** What is held against Scrim. */
  readonly scrims: readonly string[];
  /** Statements that failed, or would have, had the machine not been too busy for guards that are so short. */
  readonly failed: readonly string[];
  readonly diagnoses: readonly string[];
  readonly notes: readonly string[];
  readonly crossings: number;
  /** Bytes of the page. */
  readonly page: number;
}

const SCENARIOS = [
  "a message to one user is forwarded, and its answer comes back",
  "a message to a user who has barred messages",
];

const AT_A_TIME = 7;

/** On a machine that is too busy for guards as short as these a scenario may not come to what it is for: then once more. */
async function outcomeOf(one: HostileCase): Promise<HostileOutcome> {
  const outcome = await outcomeOnce(one);
  const isWhole = (one.fails ?? []).every((statement) => outcome.failed.includes(statement));
  return isWhole ? outcome : outcomeOnce(one);
}

async function outcomeOnce(one: HostileCase): Promise<HostileOutcome> {
  const ports = { core: await freePort(), xdm: await freePort() };
  const server = await openHostileServer(one.behaviour);
  try {
    // Nobody listens on a port that was free a moment ago.
    const port = one.absent === true ? await freePort() : server.port;
    const sutFile = serverSut({ ...ports, server: port }, one.transport);
    const run = await shortRun(sutFile, await planOf(sutFile, one.scenarios ?? SCENARIOS), one);
    return summed(one.name, run, sutFile);
  } finally {
    await server.close();
  }
}

function summed(name: string, run: ShortRun, sutFile: SutFile): HostileOutcome {
  const held = [...run.verdicts, ...run.findings].filter(
    ({ verdict, blame }) => verdict === "error" || blame === "scrim",
  );
  const noted = run.events.filter((event) => event.type === "noted");
  return {
    name,
    tookMs: run.tookMs,
    last: run.events.at(-1),
    record: { complete: run.record.complete, problems: run.record.problems },
    planned: run.plan.count,
    verdicts: run.verdicts.map(({ verdict, blame, reason }) => ({
      verdict,
      ...(blame === undefined ? {} : { blame }),
      ...(reason === undefined ? {} : { reason }),
    })),
    scrims: [
      ...held.map((one) => JSON.stringify(one)),
      ...noted.filter(({ about }) => about === "scrim").map(({ text }) => text),
    ],
    failed: run.findings.filter(isFailure).map(({ statement }) => statement),
    diagnoses: run.events.flatMap((event) =>
      event.type === "sut-life" && event.state === "unreachable" ? [event.detail ?? ""] : [],
    ),
    notes: noted.map(({ text }) => text),
    crossings: run.events.filter(({ type }) => type === "crossed").length,
    page: rendered(run.events, sutFile).get("index.html")?.length ?? 0,
  };
}

/** The others go on. */
function brokenBy({ name }: HostileCase): (error: unknown) => object {
  return (error) => ({ name, scrims: [error instanceof Error ? (error.stack ?? error.message) : String(error)] });
}

async function lane(cases: HostileCase[]): Promise<void> {
  for (let one = cases.shift(); one !== undefined; one = cases.shift())
    process.stdout.write(`${JSON.stringify(await outcomeOf(one).catch(brokenBy(one)))}\n`);
}

// What keeps the process busy would make the others look slow.
await lane(hostileCases.filter(({ busy }) => busy === true));
const others = hostileCases.filter(({ busy }) => busy !== true);
await Promise.all(Array.from({ length: AT_A_TIME }, () => lane(others)));
process.exit(0);

function isFailure({ verdict, note }: FindingMade): boolean {
  return verdict === "fail" || note?.startsWith("Scrim stood still") === true;
}
