/** The doctor before a core that is not Scrim's. */
import { afterEach, describe, expect, it } from "vitest";
import { randomIds } from "../../net/real/random-ids.ts";
import { realClock } from "../../net/real/real-clock.ts";
import { createRealNetwork } from "../../net/real/real-network.ts";
import type { SutFile } from "../../spec/sut-file.ts";
import { openLabCore } from "../testdata/lab-core.ts";
import {
  examine,
  freePorts,
  openPeers,
  problemsIn,
  smallSutFile,
  type Opened,
} from "./testdata/small-lab.ts";

let open: Opened[] = [];

afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});

/** The small lab behind a core of its own; the peers are there, the core is not yet. */
async function labBehindCore(): Promise<SutFile> {
  const [ports, others] = [await freePorts(), await freePorts()];
  const small = smallSutFile(ports);
  const sutFile: SutFile = {
    ...small,
    core: { ...small.core, kind: "external", address: `sip:127.0.0.1:${others.core}` },
  };
  open.push(await openPeers(sutFile));
  return sutFile;
}

async function openCore(sutFile: SutFile, changes: Parameters<typeof openLabCore>[2] = {}): Promise<void> {
  const surroundings = { network: createRealNetwork(), clock: realClock, ids: randomIds() };
  open.push(await openLabCore(sutFile, surroundings, changes));
}

describe("before a core of the lab", () => {
  it("says that all is well, with what was seen of the core", async () => {
    const sutFile = await labBehindCore();
    await openCore(sutFile);
    const findings = await examine(sutFile);
    expect(problemsIn(findings)).toEqual([]);
    const seen = findings.filter(({ level }) => level === "ok").map(({ about }) => about);
    for (const about of ["core", "server", "registration", "trust", "routing", "xcap", "client"])
      expect(seen).toContain(about);
  });

  it("names a core that is not there, and asks nothing else", async () => {
    const problems = problemsIn(await examine(await labBehindCore()));
    expect(problems).toMatchObject([{ about: "core", says: expect.stringContaining("does not answer") }]);
  });

  it("names a core that knows a user by no such password", async () => {
    const sutFile = await labBehindCore();
    const [alice, ...others] = sutFile.users;
    if (alice === undefined) throw new Error("nobody there");
    await openCore({ ...sutFile, users: [{ ...alice, password: "another" }, ...others] });
    const problems = problemsIn(await examine(sutFile));
    expect(problems[0]).toMatchObject({
      about: "registration",
      says: expect.stringContaining("sip:alice@home.example cannot register"),
    });
  });

  it("names a core that tells the server nothing of registrations", async () => {
    const sutFile = await labBehindCore();
    const { advertised, port } = sutFile.core;
    const isc = (user: string): string => `sip:${user}@${advertised}:${port};lr`;
    await openCore(sutFile, {
      servers: [
        {
          name: "im",
          originating: isc("originating"),
          terminating: isc("terminating"),
          psi: isc("psi"),
          originalDialogToken: true,
          thirdPartyRegister: false,
        },
      ],
    });
    expect(problemsIn(await examine(sutFile))[0]).toMatchObject({
      about: "registration",
      change: expect.stringContaining("third-party REGISTER"),
    });
  });

  it("names a core whose filter criteria do not name Scrim", async () => {
    const sutFile = await labBehindCore();
    await openCore(sutFile, { criteria: [] });
    expect(problemsIn(await examine(sutFile))[0]).toMatchObject({
      about: "routing",
      change: expect.stringContaining("filter criteria"),
    });
  });
});
