/** Driver processes that do not do what they should. */
import { describe, expect, it } from "vitest";
import { stdioTrigger } from "./stdio-trigger.ts";

/** A driver that runs this JavaScript. */
function driver(code: string, timeoutMs = 400): ReturnType<typeof stdioTrigger> {
  return stdioTrigger({ command: process.execPath, args: ["-e", code], timeoutMs });
}

const ON_LINES = "require('readline').createInterface({input:process.stdin}).on('line', (line) => ";

const cases: readonly { readonly name: string; readonly code: string; readonly says: RegExp }[] = [
  { name: "never answers", code: "process.stdin.resume()", says: /did not answer within 400 ms/u },
  { name: "ends at once", code: "process.exit(3)", says: /ended with status 3|does not read/u },
  {
    name: "is killed",
    code: "process.kill(process.pid, 'SIGKILL')",
    says: /by signal SIGKILL|does not read/u,
  },
  { name: "answers garbage", code: `${ON_LINES}console.log('hello'))`, says: /is not JSON: hello/u },
  {
    name: "writes a line that never ends",
    code: "const more = () => process.stdout.write('x'.repeat(65536), more); more()",
    says: /a line of more than 1000000 bytes/u,
  },
  {
    name: "closes its standard input",
    code: "process.stdin.destroy(); setTimeout(() => {}, 500)",
    says: /./u,
  },
];

describe("a driver process that", () => {
  // Starting a process takes its time on a busy machine; only what never answers is measured by the limit.
  it.each(cases)("$name", async ({ code, says }) => {
    const trigger = driver(code, says.source.includes("400") ? 400 : 10_000);
    const limit = new Promise<{ ok: boolean; says: string }>((resolve) => {
      setTimeout(() => resolve({ ok: false, says: "nothing" }), 5_000).unref();
    });
    const answer = await Promise.race([trigger.perform({ action: "reset" }), limit]);
    expect(answer.ok).toBe(false);
    expect(answer.says).toMatch(says);
    await trigger.close();
  });

  it("cannot be started is told of, and there is nothing to close", async () => {
    const trigger = stdioTrigger({ command: "/no/such/driver", args: [], timeoutMs: 5_000 });
    expect(await trigger.perform({ action: "reset" })).toMatchObject({ ok: false, code: "failed" });
    expect((await trigger.perform({ action: "reset" })).says).toMatch(/cannot be started/u);
    await trigger.close();
  });

  it("answers late has answered that action, not the next", async () => {
    const late = `let n = 0; ${ON_LINES}setTimeout(() => console.log(JSON.stringify({version: 1, ok: true, says: JSON.parse(line).action})), n++ === 0 ? 900 : 0))`;
    const trigger = driver(late, 600);
    const first = await trigger.perform({ action: "register" });
    expect(first.ok).toBe(false);
    await expect
      .poll(async () => (await trigger.perform({ action: "deregister" })).says, { timeout: 10_000 })
      .toBe("deregister");
    await trigger.close();
  });

  it("does not end by itself is ended", async () => {
    const trigger = driver(
      `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); ${ON_LINES}console.log('{"version":1,"ok":true}'))`,
      10_000,
    );
    expect(await trigger.perform({ action: "reset" })).toEqual({ version: 1, ok: true });
    const started = performance.now();
    await trigger.close();
    expect(performance.now() - started).toBeLessThan(8_000);
  });

  it("is not waited for when the run is stopped", async () => {
    const trigger = driver("process.stdin.resume()", 60_000);
    const asked = trigger.perform({ action: "register" });
    await Promise.resolve();
    trigger.cut?.();
    expect((await asked).says).toBe("the run was stopped");
    await trigger.close();
  });
});
