import { describe, expect, it } from "vitest";
import { header } from "../wire/sip/headers.ts";
import { defaultSettings } from "../peer/im-client/config.ts";
import { referenceClientDecisions } from "../peer/im-client/decisions.ts";
import { referenceServerDecisions } from "../peer/im-server/decisions.ts";
import { addressOf, createPagerRig } from "../peer/im/test-rig.ts";
import type { PagerRig } from "../peer/im/test-rig.ts";
import { allFaults } from "./all-faults.ts";
import type { Fault } from "./fault.ts";

const [alice, bob, carol] = [addressOf("alice"), addressOf("bob"), addressOf("carol")];
const faults = await allFaults();
const found = (id: string): Fault => faults.find((fault) => fault.id.startsWith(`${id}:`))!;

/** Bob and Carol are registered, Bob bars messages if asked to; Alice sends to both. */
async function withFault(
  fault: Fault | undefined,
  look: (rig: PagerRig) => unknown,
  barred = false,
): Promise<unknown> {
  const rig = await createPagerRig({
    serverFaults: fault?.role === "server" ? fault.alterations : [],
    clientFaults: fault?.role === "client" ? fault.alterations : [],
  });
  try {
    const [sender, b] = await rig.registered("alice", "bob", "carol");
    if (barred) await rig.until(b.publish({ ...defaultSettings, barMessages: true }));
    const to = barred ? [bob] : [bob, carol];
    await rig.until(sender.perform({ action: "send-message", to, toKind: "user", text: "hello" }));
    await rig.settle();
    return look(rig);
  } finally {
    await rig.close();
  }
}

const copies = (rig: PagerRig) =>
  rig
    .requests("im", "out")
    .filter(
      (each) => header(each, "Server") === undefined && header(each, "User-Agent") === "IM-serv/OMA1.0",
    );

describe("a fault breaks what it says, and the reference does not", () => {
  it.each<[string, (rig: PagerRig) => unknown, unknown, unknown, boolean]>([
    [
      "8.3.2.1-2",
      (rig) => copies(rig).map((copy) => header(copy, "Accept-Contact")),
      [undefined, undefined],
      ["*;+g.oma.sip-im", "*;+g.oma.sip-im"],
      false,
    ],
    ["8.3.2.1-6", (rig) => new Set(copies(rig).map((copy) => copy.uri)).size, 1, 2, false],
    ["8.3.2.1-7a", (rig) => copies(rig).length, 1, 2, false],
    ["6.1.2.1-1a", (rig) => rig.requests("bob", "in").length, 1, 0, true],
    [
      "6.1.2.1-1c",
      (rig) => rig.responses("im", "out", 403).every((each) => header(each, "Warning") === undefined),
      true,
      false,
      true,
    ],
    [
      "5.2.1-2",
      (rig) => header(rig.requests("alice", "out", "REGISTER")[0]!, "Contact")!.includes("+g.oma.sip-im"),
      false,
      true,
      false,
    ],
    [
      "5.2.1-4",
      (rig) => header(rig.requests("alice", "out", "REGISTER")[0]!, "User-Agent"),
      undefined,
      "IM-client/OMA1.0",
      false,
    ],
  ])("%s", async (id, look, broken, whole, barred) => {
    expect(await withFault(undefined, look, barred)).toEqual(whole);
    expect(await withFault(found(id), look, barred)).toEqual(broken);
  });
});

describe("the register of faults", () => {
  it("names only decisions and groups that exist", () => {
    for (const fault of faults) {
      const known: Readonly<Record<string, object>> =
        fault.role === "server" ? { ...referenceServerDecisions } : { ...referenceClientDecisions };
      for (const { decisions = {} } of fault.alterations) {
        const overrides: Readonly<Record<string, object>> = { ...decisions };
        for (const [group, decided] of Object.entries(overrides)) {
          expect(Object.keys(known[group] ?? {})).toEqual(expect.arrayContaining(Object.keys(decided)));
        }
      }
    }
  });

  it("has a statement and a sentence for each", () => {
    for (const fault of faults) {
      expect(fault.statements.length).toBeGreaterThan(0);
      expect(fault.says).not.toBe("");
      expect(fault.alterations.length).toBeGreaterThan(0);
    }
  });

  it("reaches its users", () => expect(alice).toBe("sip:alice@home.example"));
});
