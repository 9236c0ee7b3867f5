/** Commands that do not do what they should, and what stands in them. */
import { describe, expect, it } from "vitest";
import { commandTrigger, fill, splitWords } from "./command-trigger.ts";

function running(code: string, timeoutMs = 10_000): ReturnType<typeof commandTrigger> {
  return commandTrigger({ commands: { reset: `"${process.execPath}" -e "${code}"` }, timeoutMs });
}

const cases: readonly {
  readonly name: string;
  readonly code: string;
  readonly says: RegExp;
  readonly timeoutMs?: number;
}[] = [
  {
    name: "never ends",
    code: "setInterval(() => {}, 1000)",
    says: /did not end within 300 ms/u,
    timeoutMs: 300,
  },
  {
    name: "does not listen to reason",
    code: "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)",
    says: /did not end within 900 ms/u,
    timeoutMs: 900,
  },
  { name: "fails", code: "console.error('no phone'); process.exit(1)", says: /failed: no phone/u },
  {
    name: "writes without end",
    code: "const more = () => process.stdout.write('x'.repeat(65536), more); more()",
    says: /wrote more than 1000000 bytes/u,
  },
  { name: "answers what is no answer", code: "console.log('{}')", says: /version/u },
];

describe("a command that", () => {
  it.each(cases)("$name", async ({ code, says, timeoutMs }) => {
    const answer = await running(code, timeoutMs).perform({ action: "reset" });
    expect(answer).toMatchObject({ ok: false, code: "failed" });
    expect(answer.says).toMatch(says);
  });

  it("waits for its standard input gets none", async () => {
    const reading = running("process.stdin.resume().on('end', () => console.log('over'))");
    expect(await reading.perform({ action: "reset" })).toEqual({ version: 1, ok: true, says: "over" });
  });

  it.each([
    ["is not there", "/no/such/command", /ENOENT/u],
    ["is nothing", '""', /./u],
  ])("%s", async (_name, command, says) => {
    const trigger = commandTrigger({ commands: { reset: command }, timeoutMs: 1_000 });
    const answer = await trigger.perform({ action: "reset" });
    expect(answer.ok).toBe(false);
    expect(answer.says).toMatch(says);
  });

  it("the SUT file does not name is not supported", async () => {
    const answer = await running("0").perform({ action: "register" });
    expect(answer).toMatchObject({ ok: false, code: "unsupported" });
  });

  it("is given texts as they are: no shell reads them", () => {
    const action = {
      action: "send-message",
      to: ["sip:a@x", "sip:b@x"],
      toKind: "user",
      text: '"; rm -rf / #',
    } as const;
    expect(splitWords(`send --to {to} "--text={text}" 'a b'`).map((word) => fill(word, action))).toEqual([
      "send",
      "--to",
      "sip:a@x,sip:b@x",
      '--text="; rm -rf / #',
      "a b",
    ]);
  });
});
