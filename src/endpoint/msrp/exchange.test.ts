import { describe, expect, it } from "vitest";
import type { SendingOutcome } from "../../machine/msrp/outgoing-message.ts";
import { createMsrpConversation } from "../../wire/msrp/conversation.ts";
import { msrpViolations } from "../../wire/msrp/validate.ts";
import type { IncomingEnd, IncomingStream } from "./incoming.ts";
import type { MsrpSession, SessionEnd } from "./msrp-session.ts";
import { createSharedSource } from "./source.ts";
import { createRig, pair, type Rig } from "./test-rig.ts";

const PLAIN = { contentType: "text/plain" };

async function bound(
  rig: Rig,
  ...options: Parameters<typeof pair> extends [unknown, unknown, ...infer Rest] ? Rest : never
): Promise<[MsrpSession, MsrpSession]> {
  const [a, b] = [await rig.endpoint("a"), await rig.endpoint("b")];
  const [alice, bob] = pair(a, b, ...options);
  await rig.net.run(() => alice.state === "bound");
  rig.crossings.length = 0;
  return [alice, bob];
}

/** Text that tells its place. */
function text(length: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, at) => 0x20 + ((at * 7) % 90)));
}

describe("a session", () => {
  it("begins with a SEND without content, and carries messages both ways", async () => {
    const rig = createRig();
    const [a, b] = [await rig.endpoint("a"), await rig.endpoint("b")];
    const [alice, bob] = pair(a, b);
    const got: string[] = [];
    bob.onMessage(({ body, contentType }) => {
      got.push(`bob: ${Buffer.from(body).toString()} (${contentType})`);
      bob.send("hello Alice", PLAIN);
    });
    alice.onMessage(({ body }) => got.push(`alice: ${Buffer.from(body).toString()}`));
    await rig.net.run(() => alice.state === "bound");
    const sending = alice.send("hello Bob", PLAIN);
    await rig.net.run(() => got.length === 2);
    expect(await sending.done).toEqual({ kind: "sent" });
    expect(got).toEqual(["bob: hello Bob (text/plain)", "alice: hello Alice"]);
    expect([a.connections, b.connections]).toEqual([1, 1]);
    expect(rig.log("a")).toEqual([
      "out SEND 1-0/0 0$",
      "in 200",
      "out SEND 1-9/9 9$",
      "in 200",
      "in SEND 1-11/11 11$",
      "out 200",
    ]);
  });

  it("sends what waits as its first SEND, and what the passive end has when it is bound", async () => {
    const rig = createRig();
    const [a, b] = [await rig.endpoint("a"), await rig.endpoint("b")];
    const [alice, bob] = [a.session(), b.session()];
    const got: string[] = [];
    alice.onMessage(({ body }) => got.push(`alice: ${Buffer.from(body).toString()}`));
    bob.onMessage(({ body }) => got.push(`bob: ${Buffer.from(body).toString()}`));
    bob.connect(alice.localPath, { role: "passive" });
    bob.send("from Bob", PLAIN);
    alice.send("from Alice", PLAIN);
    alice.connect(bob.localPath);
    await rig.net.run(() => got.length === 2);
    expect(got).toEqual(["bob: from Alice", "alice: from Bob"]);
    expect(rig.log("a")[0]).toBe("out SEND 1-10/10 10$");
  });

  it("conforms in everything that crosses, on a slow and jittery network cut into pieces", async () => {
    const rig = createRig({ delay: [1, 80], segmentBytes: 700 });
    const [alice, bob] = await bound(rig, { b: { reports: "chunks" } });
    const got: number[] = [];
    for (const session of [alice, bob]) session.onMessage(({ body }) => got.push(body.length));
    alice.send(text(9000), { ...PLAIN, successReport: true });
    alice.send(text(300), { ...PLAIN, failureReport: "no" });
    bob.send(text(5000), { ...PLAIN, failureReport: "partial", successReport: true, chunkOctets: 2048 });
    await rig.net.run();
    expect(got.toSorted((x, y) => x - y)).toEqual([300, 5000, 9000]);
    const conversation = createMsrpConversation();
    const seen = rig.crossings.filter(({ node }) => node === "a");
    const wrong = seen.flatMap(({ frame, direction }) => [
      ...msrpViolations(frame!),
      ...conversation.observe(direction === "out" ? "a" : "b", frame!),
    ]);
    expect(wrong).toEqual([]);
    expect(seen.length).toBeGreaterThanOrEqual(8);
  });

  it("is the same to the byte when it is played again", async () => {
    const play = async (): Promise<string> => {
      const rig = createRig({ delay: [1, 80], segmentBytes: 300 });
      const [alice, bob] = await bound(rig);
      bob.onMessage(() => bob.send("got it", { ...PLAIN, successReport: true }));
      for (let count = 0; count < 5; count += 1) alice.send(text(3000), PLAIN);
      await rig.net.run();
      return JSON.stringify(rig.crossings);
    };
    const first = await play();
    expect(first.length).toBeGreaterThan(10_000);
    expect(await play()).toBe(first);
  });
});

describe("connections", () => {
  it("are shared by sessions to the same host and port, and end with the last", async () => {
    const rig = createRig();
    const [a, b] = [await rig.endpoint("a"), await rig.endpoint("b")];
    const sessions = [pair(a, b), pair(a, b)];
    await rig.net.run(() => sessions.every(([near]) => near.state === "bound"));
    // The end that was connected to makes one of its own: the other may close what it made at any time.
    sessions.push(pair(b, a));
    await rig.net.run(() => sessions.every(([near]) => near.state === "bound"));
    const alone = pair(a, b, { connect: { share: false } });
    await rig.net.run(() => alone[0].state === "bound");
    expect([a.connections, b.connections]).toEqual([3, 3]);
    alone[0].close();
    for (const [near, far] of sessions.slice(1)) {
      near.close();
      far.close();
    }
    await rig.net.run();
    expect([a.connections, b.connections]).toEqual([1, 1]);
    sessions[0]?.[0].close();
    await rig.net.run();
    expect([a.connections, b.connections]).toEqual([0, 0]);
    expect(sessions[0]?.[1].state).toBe("closed");
  });

  it("serve a session that begins on them as the last one ends at the other end", async () => {
    const rig = createRig();
    const [a, b] = [await rig.endpoint("a"), await rig.endpoint("b")];
    const [near, far] = pair(a, b);
    await rig.net.run(() => near.state === "bound");
    far.close();
    const [next, nextFar] = pair(a, b);
    await rig.net.run();
    expect([next.state, nextFar.state]).toEqual(["bound", "bound"]);
    expect([a.connections, b.connections]).toEqual([1, 1]);
  });

  it.each(["active", "passive"] as const)(
    "that break off end their sessions (%s end breaks)",
    async (who) => {
      const rig = createRig();
      const [alice, bob] = await bound(rig);
      const ends: SessionEnd[] = [];
      const lost: IncomingEnd[] = [];
      alice.onClosed((end) => ends.push(end));
      bob.onClosed((end) => ends.push(end));
      bob.onIncoming((incoming) => {
        incoming.onEnd((end) => lost.push(end));
        incoming.onOctets(() => (who === "active" ? alice : bob).destroyConnection());
      });
      const never = createSharedSource();
      never.push(text(5000));
      const sending = alice.send(never.reader(), PLAIN);
      await rig.net.run();
      expect(await sending.done).toEqual({ kind: "failed", status: 481, via: "connection" });
      expect(ends.map(({ kind }) => kind)).toEqual(["connection", "connection"]);
      expect(lost).toEqual(["lost"]);
    },
  );

  it("that nobody takes end the session", async () => {
    const rig = createRig();
    const a = await rig.endpoint("a");
    const alice = a.session();
    const ends: SessionEnd[] = [];
    alice.onClosed((end) => ends.push(end));
    alice.connect("msrp://10.0.0.9:2855/nobody;tcp");
    const sending = alice.send("hello", PLAIN);
    await rig.net.run();
    expect(ends).toEqual([expect.objectContaining({ kind: "connection" })]);
    expect(await sending.done).toMatchObject({ kind: "failed", via: "connection" });
  });

  it("of IPv6 have brackets in their URIs", async () => {
    const rig = createRig();
    const listen = [{ host: "fd00::1", port: 0, transport: "tcp" as const }];
    const [a, b] = [await rig.endpoint("a", { listen }), await rig.endpoint("b")];
    const [alice] = pair(b, a);
    await rig.net.run(() => alice.state === "bound");
    expect(a.session().uri).toMatch(/^msrp:\/\/\[fd00::1\]:\d+\/[0-9a-z]{16};tcp$/);
    expect(alice.state).toBe("bound");
  });

  it("that say nothing are closed", async () => {
    const rig = createRig();
    const a = await rig.endpoint("a");
    const told: string[] = [];
    rig.net.network.connect("tcp", a.hops[0]!).onClose((error) => told.push(error?.message ?? "closed"));
    await rig.net.run();
    expect(told).toEqual(["read ECONNRESET"]);
  });
});

describe("refusals", () => {
  it.each([
    ["481", "nobody knows it", 481],
    ["506", "it is on another connection", 506],
  ])("%s ends the session: %s", async (_name, _why, status) => {
    const rig = createRig();
    const [a, b, c] = [await rig.endpoint("a"), await rig.endpoint("b"), await rig.endpoint("c")];
    const bob = b.session();
    if (status === 506) a.session().connect(bob.localPath);
    await rig.net.run();
    const carol = c.session();
    const ends: SessionEnd[] = [];
    carol.onClosed((end) => ends.push(end));
    carol.connect(status === 506 ? bob.localPath : bob.localPath.replace(/\/[0-9a-z]+;/, "/none;"));
    await rig.net.run();
    expect(ends).toEqual([{ kind: "refused", status }]);
    expect(bob.state).toBe(status === 506 ? "bound" : "new");
  });

  it("415 for media types that are not taken", async () => {
    const rig = createRig();
    const [alice, bob] = await bound(rig, { b: { acceptTypes: ["text/plain", "message/*"] } });
    bob.onMessage(() => undefined);
    const types = ["text/plain;charset=utf-8", "message/cpim", "text/html"];
    const done = types.map((contentType) => alice.send("x", { contentType }).done);
    await rig.net.run();
    expect((await Promise.all(done)).map((outcome) => ("status" in outcome ? outcome.status : 200))).toEqual([
      200, 200, 415,
    ]);
  });

  it("413 in mid message has the sender stop, and another message goes on", async () => {
    const rig = createRig({ delay: 20 });
    const [alice, bob] = await bound(rig);
    const ends: IncomingEnd[] = [];
    bob.onIncoming((incoming: IncomingStream) => {
      if (incoming.total === "*") incoming.onOctets((_bytes, at) => at > 100_000 && incoming.refuse(413));
      incoming.onEnd((end) => ends.push(end));
    });
    const endless = (function* (): Generator<Uint8Array> {
      for (;;) yield text(10_000);
    })();
    const sending = alice.send(endless, PLAIN);
    await rig.net.run(() => sending.outcome !== undefined);
    const next = alice.send("goes on", PLAIN);
    await rig.net.run();
    expect(await sending.done).toMatchObject({ kind: "failed", status: 413, via: "response" });
    expect(await next.done).toEqual({ kind: "sent" });
    expect(ends).toEqual(["refused", "complete"]);
    expect(rig.log("a").filter((line) => line.endsWith("#"))).toHaveLength(1);
  });

  it.each([
    ["announced", 5001, {}],
    ["found out", 5001, { hideSize: true }],
  ])("413 above max-size, %s", async (_how, size, options) => {
    const rig = createRig();
    const [alice, bob] = await bound(rig, { b: { maxSize: 5000 } });
    bob.onMessage(() => undefined);
    const outcomes = [alice.send(text(5000), PLAIN), alice.send(text(size), { ...PLAIN, ...options })];
    await rig.net.run();
    expect(await Promise.all(outcomes.map(({ done }) => done))).toEqual([
      { kind: "sent" },
      { kind: "failed", status: 413, via: "response", comment: "Stop sending this message" },
    ]);
  });

  it("400 for a request that does not say to whom it goes", async () => {
    const rig = createRig();
    const [alice] = await bound(rig);
    const from = `From-Path: ${alice.uri}\r\n`;
    alice.sendBytes(Buffer.from(`MSRP aaaa1111 SEND\r\n${from}Message-ID: abcd1234\r\n-------aaaa1111$\r\n`));
    await rig.net.run();
    const answer = rig.crossings.find(({ node, direction }) => node === "b" && direction === "out");
    expect([rig.log("b").at(-1), msrpViolations(answer!.frame!)]).toEqual(["out 400", []]);
  });

  it("501 for methods that nobody knows, or what the session's owner says", async () => {
    const rig = createRig();
    const [alice, bob] = await bound(rig);
    const nickname = (tid: string): Buffer =>
      Buffer.from(
        `MSRP ${tid} NICKNAME\r\nTo-Path: ${bob.uri}\r\nFrom-Path: ${alice.uri}\r\nUse-Nickname: "Al"\r\n-------${tid}$\r\n`,
      );
    alice.sendBytes(nickname("aaaa1111"));
    await rig.net.run();
    bob.onRequest(({ method }) => (method === "NICKNAME" ? 200 : 501));
    alice.sendBytes(nickname("aaaa2222"));
    await rig.net.run();
    expect(rig.log("b")).toEqual(["in NICKNAME  0$", "out 501", "in NICKNAME  0$", "out 200"]);
  });
});

describe("reports and responses", () => {
  it.each([
    ["yes", false, ["out SEND 1-4/4 4$", "in 200"], "sent"],
    ["no", false, ["out SEND 1-4/4 4$"], "sent"],
    ["partial", false, ["out SEND 1-4/4 4$"], "sent"],
    ["yes", true, ["out SEND 1-4/4 4$", "in 200", "in REPORT 1-4/4 000 200"], "delivered"],
    ["no", true, ["out SEND 1-4/4 4$", "in REPORT 1-4/4 000 200"], "delivered"],
  ] as const)("Failure-Report %s, Success-Report %s", async (failureReport, successReport, log, kind) => {
    const rig = createRig();
    const [alice, bob] = await bound(rig);
    bob.onMessage(() => undefined);
    const sending = alice.send("text", { ...PLAIN, failureReport, successReport });
    await rig.net.run();
    expect(rig.log("a")).toEqual(log);
    expect(await sending.done).toEqual({ kind });
  });

  it("a duplicate is acknowledged and not shown again", async () => {
    const rig = createRig();
    const [alice, bob] = await bound(rig);
    const got: string[] = [];
    bob.onMessage(({ body }) => got.push(Buffer.from(body).toString()));
    const options = { ...PLAIN, messageId: "again1234", successReport: true };
    const first = alice.send("once", options);
    await rig.net.run();
    const second = alice.send("once", options);
    await rig.net.run();
    expect([await first.done, await second.done, got]).toEqual([
      { kind: "delivered" },
      { kind: "delivered" },
      ["once"],
    ]);
  });

  it("a message that is not answered within 30 s fails with 408", async () => {
    const rig = createRig();
    const a = await rig.endpoint("a");
    const b = await rig.endpoint("b", { edge: { send: () => undefined } });
    const [alice] = pair(a, b);
    const start = rig.net.clock.now();
    const sending = alice.send("hello", PLAIN);
    let at = 0;
    void sending.done.then(() => (at = rig.net.clock.now() - start));
    await rig.net.run(() => sending.outcome !== undefined);
    await rig.net.run(() => at > 0);
    expect([await sending.done, at]).toEqual([{ kind: "failed", status: 408, via: "timeout" }, 30_000]);
  });

  it("failure reports come later and end the message; unreported messages are told when the session ends", async () => {
    const rig = createRig();
    const [alice, bob] = await bound(rig, { b: { reports: "none" } });
    bob.onMessage((message) => message.report(Buffer.from(message.body).toString() === "bad" ? 403 : 200));
    const [bad, good] = ["bad", "good"].map((body) => alice.send(body, { ...PLAIN, successReport: true }));
    await rig.net.run();
    expect([await bad!.done, await good!.done]).toEqual([
      { kind: "failed", status: 403, via: "report" },
      { kind: "delivered" },
    ] satisfies SendingOutcome[]);
    const [carol, dave] = pair(await rig.endpoint("c"), await rig.endpoint("d"), { b: { reports: "none" } });
    const unreported = carol.send("x", { ...PLAIN, successReport: true });
    await rig.net.run();
    dave.close();
    await rig.net.run();
    expect(await unreported.done).toEqual({ kind: "unreported" });
  });
});

describe("several messages on one connection", () => {
  it("take turns: a small one is not kept waiting by a large one, and responses go between chunks", async () => {
    const rig = createRig({ delay: 5 });
    const [alice, bob] = await bound(rig);
    const order: string[] = [];
    bob.onMessage(({ body }) => {
      order.push(body.length > 100 ? "large" : "small");
      bob.send("answer", PLAIN);
    });
    const large = createSharedSource(200_000);
    alice.send(large.reader(), PLAIN);
    large.push(text(100_000));
    alice.send("small", PLAIN);
    await rig.net.run(() => rig.log("a").includes("out 200"));
    large.push(text(100_000));
    large.end();
    await rig.net.run();
    expect(order).toEqual(["small", "large"]);
    const chunks = rig.log("a").filter((line) => line.includes("200000"));
    expect(chunks.length).toBeGreaterThan(1);
    expect(chunks.every((line) => /-\*\/200000 \d+[+$]$/.test(line))).toBe(true);
  });

  it("can be interrupted and given up by their sender", async () => {
    const rig = createRig();
    const [alice, bob] = await bound(rig);
    const ends: IncomingEnd[] = [];
    bob.onIncoming((incoming) => incoming.onEnd((end) => ends.push(end)));
    const source = createSharedSource();
    const sending = alice.send(source.reader(), PLAIN);
    source.push(text(3000));
    await rig.net.run();
    sending.interrupt();
    source.push(text(10));
    await rig.net.run();
    sending.abort();
    await rig.net.run();
    expect(rig.log("a")).toEqual(["out SEND 1-*/* 3000+", "in 200", "out SEND 3001-*/* 10#", "in 200"]);
    expect([await sending.done, ends]).toEqual([{ kind: "aborted" }, ["aborted"]]);
  });

  it("that lie about their length are given up", async () => {
    const rig = createRig();
    const [alice, bob] = await bound(rig);
    bob.onMessage(() => undefined);
    const outcomes = [
      alice.send([text(10)], { ...PLAIN, size: 20 }),
      alice.send([text(30)], { ...PLAIN, size: 20 }),
      alice.send({ read: () => Promise.reject(new Error("disk")) }, PLAIN),
    ];
    await rig.net.run();
    expect(await Promise.all(outcomes.map(({ done }) => done))).toEqual([
      expect.objectContaining({ via: "source", comment: "20 octets were announced, 10 were offered" }),
      expect.objectContaining({ via: "source", comment: "20 octets were announced, more were offered" }),
      expect.objectContaining({ via: "source", comment: "disk" }),
    ]);
    expect(alice.state).toBe("bound");
  });
});

describe("a slow reader", () => {
  it("has the sender wait, and others on other connections go on", async () => {
    const rig = createRig();
    const [alice, bob] = await bound(rig);
    let stream: IncomingStream | undefined;
    bob.onIncoming((incoming) => {
      stream = incoming;
      incoming.pause();
    });
    let read = 0;
    const sending = alice.send(
      { size: 8_000_000, read: () => ((read += 100_000) > 8_000_000 ? undefined : text(100_000)) },
      PLAIN,
    );
    await rig.net.run();
    expect(sending.outcome).toBeUndefined();
    expect(read).toBeLessThan(4_000_000);
    stream?.resume();
    await rig.net.run();
    expect(await sending.done).toEqual({ kind: "sent" });
    expect(stream?.received).toBe(8_000_000);
  });
});

describe("the edge", () => {
  it("rewrites, drops and doubles what goes out; the tap sees what crossed", async () => {
    const rig = createRig();
    const a = await rig.endpoint("a", {
      edge: {
        send: (frame) => {
          if (frame.head.kind === "response") return [];
          if (frame.bodyBytes === 3) return { ...frame, body: Buffer.from("xyz") };
          return frame.bodyBytes === 4 ? Buffer.from("no MSRP at all\r\n") : frame;
        },
      },
    });
    const [alice, bob] = pair(a, await rig.endpoint("b"));
    const got: string[] = [];
    bob.onMessage(({ body }) => got.push(Buffer.from(body).toString()));
    alice.send("abc", PLAIN);
    await rig.net.run(() => rig.log("a").filter((line) => line === "in 200").length === 2);
    alice.send("four", PLAIN);
    await rig.net.run();
    expect(got).toEqual(["xyz"]);
    expect(rig.log("a").at(-1)).toBe("out protocol");
    expect(rig.log("b").at(-1)).toBe("in protocol");
    expect(bob.state).toBe("closed");
  });
});
