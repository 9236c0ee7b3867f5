import { describe, expect, it } from "vitest";
import type { Connection } from "../../net/network.ts";
import { msrpResponse } from "../../wire/msrp/build.ts";
import { readMsrpStream } from "../../wire/msrp/frame.ts";
import { msrpHeader } from "../../wire/msrp/headers.ts";
import type { MsrpRequestHead } from "../../wire/msrp/message.ts";
import { serializeMsrp } from "../../wire/msrp/serialize.ts";
import { createRig, type Rig } from "./test-rig.ts";

const RELAY = { host: "10.9.9.9", port: 2855 };
const credentials = { username: "alice", password: "secret" };

/** A relay that says yes to every AUTH, with a path for each relay that was asked. */
async function yesSayer(
  rig: Rig,
  expires: number,
): Promise<{ asked: MsrpRequestHead[]; connections: Connection[] }> {
  const found = { asked: [] as MsrpRequestHead[], connections: [] as Connection[] };
  await rig.net.network.listen("tcp", RELAY, (connection) => {
    found.connections.push(connection);
    connection.onData((bytes) => {
      for (const outcome of readMsrpStream(bytes)) {
        if ("error" in outcome || outcome.frame.head.kind !== "request") continue;
        const { head } = outcome.frame;
        found.asked.push(head);
        const path = (msrpHeader(head, "To-Path") ?? "")
          .split(" ")
          .map((uri, index) => uri.replace(";tcp", `/s${index};tcp`));
        const headers =
          head.method === "AUTH"
            ? [["Use-Path", path.join(" ")] as const, ["Expires", String(expires)] as const]
            : [];
        connection.send(
          serializeMsrp({ head: msrpResponse(head, 200, { headers }), content: "none", flag: "$" }),
        );
      }
    });
  });
  return found;
}

describe("relays of a session", () => {
  it("give its path, are asked again before that expires, and are used for what it sends", async () => {
    const rig = createRig();
    const relay = await yesSayer(rig, 100);
    const alice = await rig.endpoint("alice");
    const own = alice.session();
    const uris = ["msrp://10.9.9.9:2855;tcp", "msrp://extra.example:2855;tcp"];
    const done = alice.useRelays(
      own,
      uris.map((uri) => ({ uri, credentials })),
    );
    await rig.net.run(() => relay.asked.length === 2);
    await rig.net.run(() => own.localPath !== own.uri, rig.net.clock.now() + 1000);
    expect((await done).usePath).toEqual([
      "msrp://10.9.9.9:2855/s0/s0;tcp",
      "msrp://extra.example:2855/s1;tcp",
    ]);
    expect(own.localPath).toBe(`msrp://extra.example:2855/s1;tcp msrp://10.9.9.9:2855/s0/s0;tcp ${own.uri}`);
    const start = rig.net.clock.now();
    await rig.net.run(() => relay.asked.length === 4, start + 90_000);
    expect(rig.net.clock.now() - start).toBeGreaterThan(70_000);
    own.connect("msrp://bob.example:2855/bbbb;tcp");
    await rig.net.run(() => relay.asked.length === 5, rig.net.clock.now() + 1000);
    expect(msrpHeader(relay.asked[4]!, "To-Path")).toBe(
      "msrp://10.9.9.9:2855/s0/s0;tcp msrp://extra.example:2855/s1;tcp msrp://bob.example:2855/bbbb;tcp",
    );
    expect([alice.connections, relay.connections.length]).toEqual([1, 1]);
    own.close();
    await rig.net.run();
    expect([alice.connections, relay.asked.length]).toEqual([0, 5]);
  });

  it("that break off end the session, and one that is not there fails", async () => {
    const rig = createRig();
    const alice = await rig.endpoint("alice");
    const failed = alice
      .useRelays(alice.session(), [{ uri: "msrp://10.9.9.8:2855;tcp", credentials }])
      .catch((error: unknown) => error);
    await rig.net.run();
    expect(await failed).toMatchObject({ code: "msrp-relay", status: 408 });
    const relay = await yesSayer(rig, 100);
    const session = alice.session();
    const ends: string[] = [];
    session.onClosed(({ kind }) => ends.push(kind));
    const done = alice.useRelays(session, [{ uri: "msrp://10.9.9.9:2855;tcp", credentials }]);
    await rig.net.run(() => relay.asked.length === 1);
    await rig.net.run(() => session.localPath !== session.uri, rig.net.clock.now() + 1000);
    await done;
    relay.connections[0]?.destroy();
    await rig.net.run();
    expect(ends).toEqual(["connection"]);
  });
});
