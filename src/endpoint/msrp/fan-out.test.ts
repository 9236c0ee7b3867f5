/** What a switch does: a message is sent on to many before it is complete, each at its own pace. */
import { describe, expect, it } from "vitest";
import type { IncomingStream } from "./incoming.ts";
import type { MsrpEndpoint } from "./msrp-endpoint.ts";
import type { MsrpSession } from "./msrp-session.ts";
import { createSharedSource } from "./source.ts";
import { createRig, pair, type Rig } from "./test-rig.ts";

const PLAIN = { contentType: "text/plain" };

/** A switch with a session for each participant, who each have an endpoint of their own. */
async function conference(
  rig: Rig,
  participants: number,
): Promise<{ inside: MsrpSession[]; outside: MsrpSession[] }> {
  const centre = await rig.endpoint("switch");
  const ends: MsrpEndpoint[] = [];
  for (let count = 0; count < participants; count += 1) ends.push(await rig.endpoint(`p${count}`));
  const pairs = ends.map((end) => pair(end, centre));
  await rig.net.run(() => pairs.every(([outside]) => outside.state === "bound"));
  return { outside: pairs.map(([outside]) => outside), inside: pairs.map(([, inside]) => inside) };
}

/** Sends what comes in on to all the others, as it comes; stops reading while more than `limit` octets wait for the slowest. */
function relayTo(others: readonly MsrpSession[], incoming: IncomingStream, limit: number): { most: number } {
  const source = createSharedSource(incoming.total === "*" ? undefined : incoming.total);
  for (const other of others) other.send(source.reader(), { ...PLAIN, messageId: incoming.messageId });
  source.seal();
  const held = { most: 0 };
  incoming.onOctets((bytes) => {
    source.push(Uint8Array.from(bytes));
    held.most = Math.max(held.most, source.backlog);
    if (source.backlog > limit) incoming.pause();
  });
  source.onCaughtUp(() => source.backlog <= limit && incoming.resume());
  incoming.onEnd((end) => (end === "complete" ? source.end() : source.fail(new Error(end))));
  return held;
}

describe("fan-out", () => {
  it("sends a message on before it is complete, to all but the sender", async () => {
    const rig = createRig({ delay: 3 });
    const { inside, outside } = await conference(rig, 5);
    const got = outside.map((): string[] => []);
    for (const [index, session] of outside.entries())
      session.onMessage(({ body }) => got[index]?.push(Buffer.from(body).toString()));
    const begun: string[] = [];
    for (const session of outside.slice(1)) session.onIncoming(({ total }) => begun.push(String(total)));
    inside[0]!.onIncoming((incoming) => void relayTo(inside.slice(1), incoming, 100_000));
    const slow = createSharedSource(11);
    outside[0]!.send(slow.reader(), PLAIN);
    slow.push(Buffer.from("hello "));
    await rig.net.run();
    expect(begun).toEqual(["11", "11", "11", "11"]);
    slow.push(Buffer.from("world"));
    await rig.net.run();
    expect(got).toEqual([[], ["hello world"], ["hello world"], ["hello world"], ["hello world"]]);
  });

  it("goes on when a receiver is lost in mid message, and tells receivers when the sender is", async () => {
    const rig = createRig({ delay: 3 });
    const { inside, outside } = await conference(rig, 4);
    const ends: string[] = [];
    for (const [index, session] of outside.entries())
      session.onIncoming((incoming) => incoming.onEnd((end) => ends.push(`p${index} ${end}`)));
    inside[0]!.onIncoming((incoming) => void relayTo(inside.slice(1), incoming, 1e6));
    const source = createSharedSource();
    outside[0]!.send(source.reader(), PLAIN);
    source.push(Buffer.alloc(5000, "x"));
    await rig.net.run();
    outside[1]!.destroyConnection();
    source.push(Buffer.alloc(5000, "y"));
    await rig.net.run();
    outside[0]!.destroyConnection();
    await rig.net.run();
    expect(ends).toEqual(["p1 lost", "p2 aborted", "p3 aborted"]);
  });

  it("breaks off with a peer that asks and asks and reads no answer", async () => {
    const rig = createRig();
    const centre = await rig.endpoint("switch", { limits: { waitingFrames: 1000 } });
    const session = centre.session();
    const connection = rig.net.network.connect("tcp", centre.hops[0]!);
    connection.pause();
    const send = (nth: number): string =>
      [
        `MSRP tr${nth}abcd SEND`,
        `To-Path: ${session.uri}`,
        "From-Path: msrp://10.9.9.9:7777/deaf;tcp",
        `Message-ID: m${nth}abcd`,
        `-------tr${nth}abcd$`,
        "",
      ].join("\r\n");
    for (let nth = 0; nth < 20_000; nth += 1) connection.send(Buffer.from(send(1000 + nth)));
    await rig.net.run(() => session.state === "closed", rig.net.clock.now() + 1000);
    expect([session.state, centre.connections]).toEqual(["closed", 0]);
  });

  it("has the sender wait for a receiver that stops reading", async () => {
    const rig = createRig();
    const { inside, outside } = await conference(rig, 3);
    let deaf: IncomingStream | undefined;
    outside[2]!.onIncoming((incoming) => {
      deaf = incoming;
      incoming.pause();
    });
    let held = { most: 0 };
    inside[0]!.onIncoming((incoming) => (held = relayTo(inside.slice(1), incoming, 200_000)));
    let read = 0;
    const sending = outside[0]!.send(
      { read: () => ((read += 50_000) > 10_000_000 ? undefined : Buffer.alloc(50_000, "x")) },
      PLAIN,
    );
    await rig.net.run();
    expect([sending.outcome, read < 6_000_000]).toEqual([undefined, true]);
    deaf?.resume();
    await rig.net.run();
    expect(await sending.done).toEqual({ kind: "sent" });
    expect(deaf?.received).toBe(10_000_000);
    expect(held.most).toBeLessThan(2_000_000);
  });
});
