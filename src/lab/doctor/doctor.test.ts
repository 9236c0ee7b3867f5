import { afterEach, describe, expect, it } from "vitest";
import { decide } from "../../fault/fault.ts";
import { createRealNetwork } from "../../net/real/real-network.ts";
import { withoutHeader } from "../../wire/sip/edit.ts";
import type { ServerAlteration } from "../../peer/im-server/server.ts";
import type { SutFile } from "../../spec/sut-file.ts";
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

async function opened(described: SutFile, faults: readonly ServerAlteration[] = []): Promise<void> {
  open.push(await openPeers(described, faults));
}

describe("a lab where all is well", () => {
  it("has no problem, and says what was seen", async () => {
    const sutFile = smallSutFile(await freePorts());
    await opened(sutFile);
    const findings = await examine(sutFile);
    expect(problemsIn(findings)).toEqual([]);
    const seen = findings.filter(({ level }) => level === "ok").map(({ about }) => about);
    for (const about of ["ports", "server", "registration", "trust", "routing", "xcap", "control", "client"])
      expect(seen).toContain(about);
  });
});

describe("a lab where one thing is wrong", () => {
  it("a server that is not there is one problem", async () => {
    const ports = await freePorts();
    const problems = problemsIn(await examine(smallSutFile(ports, { client: false })));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({
      about: "server",
      says: `nothing answers OPTIONS at 127.0.0.1:${ports.server}/udp`,
      change: expect.stringContaining("server.originating") as unknown,
    });
  });

  it("a port that is in use is named", async () => {
    const ports = await freePorts();
    const taken = { host: "127.0.0.1", port: ports.core };
    open.push(await createRealNetwork().bindUdp(taken, () => undefined));
    const problems = problemsIn(await examine(smallSutFile(ports)));
    expect(problems).toMatchObject([
      {
        about: "ports",
        says: expect.stringContaining(`127.0.0.1:${ports.core}/udp`) as unknown,
        change: expect.stringContaining("core.port") as unknown,
      },
    ]);
  });

  it.each<{ what: string; faults: readonly ServerAlteration[]; about: string; says: RegExp; change: RegExp }>(
    [
      {
        what: "the asserted identity is ignored",
        faults: [decide({ admission: { originator: () => undefined } })],
        about: "trust",
        says: /403.*ignore P-Asserted-Identity/u,
        change: /core\.advertised/u,
      },
      {
        what: "nobody is authorised",
        faults: [decide({ admission: { mayOriginate: () => false } })],
        about: "trust",
        says: /403/u,
        change: /[Aa]uthorise/u,
      },
      {
        what: "requests come back without the Route of the core",
        faults: [decide({ admission: { forwarded: (_turn, request) => withoutHeader(request, "Route") } })],
        about: "routing",
        says: /without the Route/u,
        change: /originalDialogToken: false/u,
      },
    ],
  )("$what", async ({ faults, about, says, change }) => {
    const sutFile = smallSutFile(await freePorts(), { client: false });
    await opened(sutFile, faults);
    const problems = problemsIn(await examine(sutFile));
    expect(problems.find((problem) => problem.about === about)).toMatchObject({
      says: expect.stringMatching(says) as unknown,
      change: expect.stringMatching(change) as unknown,
    });
  });

  it("a server that reads documents elsewhere", async () => {
    const [ports, others] = [await freePorts(), await freePorts()];
    await opened(smallSutFile({ ...ports, xdm: others.xdm }, { client: false }));
    const problems = problemsIn(await examine(smallSutFile(ports, { client: false })));
    expect(problems.find(({ about }) => about === "xcap")).toMatchObject({
      change: expect.stringContaining("xdm.root") as unknown,
    });
  });

  it("a client whose core is elsewhere", async () => {
    const [ports, others] = [await freePorts(), await freePorts()];
    await opened(smallSutFile({ ...ports, core: others.core }));
    const { server: _, ...clientOnly } = smallSutFile(ports);
    const problems = problemsIn(await examine(clientOnly));
    expect(problems).toMatchObject([
      { about: "client", change: expect.stringMatching(/core\.advertised|proxy/u) as unknown },
    ]);
  });
});
