import { describe, expect, it } from "vitest";
import { type Connection, PortInUseError } from "../network.ts";
import { createVirtualNet, type VirtualNet, type VirtualNetOptions } from "./virtual-net.ts";

const A = { host: "10.0.0.1", port: 5060 };
const B = { host: "10.0.0.2", port: 5060 };

/** Sends the numbers 0 to `count - 1` from A to B in a burst; what B gets and when. */
async function burst(
  options: VirtualNetOptions,
  count = 200,
): Promise<{ net: VirtualNet; got: number[]; times: number[] }> {
  const net = createVirtualNet(options);
  const start = net.clock.now();
  const got: number[] = [];
  const times: number[] = [];
  await net.network.bindUdp(B, (bytes) => {
    got.push(bytes[0] ?? -1);
    times.push(net.clock.now() - start);
  });
  const sender = await net.network.bindUdp(A, () => undefined);
  for (let i = 0; i < count; i++) sender.send(Uint8Array.of(i), B);
  await net.run();
  return { net, got, times };
}

describe("datagrams", () => {
  const inOrder = Array.from({ length: 200 }, (_, index) => index);

  it.each([
    ["a fixed delay", { seed: 1, delay: 20 }, 20, 20],
    ["varying delays", { seed: 1, delay: [5, 50] }, 5, 50],
  ] as const)("keep their order with %s", async (_name, options, least, most) => {
    const { got, times } = await burst(options);
    expect(got).toEqual(inOrder);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(least);
    expect(Math.max(...times)).toBeLessThanOrEqual(most);
  });

  it.each([
    [0, 200, 200],
    [0.3, 110, 170],
    [1, 0, 0],
  ])("are lost with probability %d", async (loss, least, most) => {
    const { got } = await burst({ seed: 1, loss });
    expect(got.length).toBeGreaterThanOrEqual(least);
    expect(got.length).toBeLessThanOrEqual(most);
  });

  it("are overtaken where reordering is asked for, and none is lost", async () => {
    const { got } = await burst({ seed: 1, delay: 10, reorder: 0.2 });
    expect(got).not.toEqual(inOrder);
    expect(got.toSorted((a, b) => a - b)).toEqual(inOrder);
  });

  it("fare the same with the same seed and otherwise with another", async () => {
    const options = { loss: 0.3, delay: [1, 90], reorder: 0.3 } as const;
    const [first, again, other] = await Promise.all([
      burst({ seed: 7, ...options }),
      burst({ seed: 7, ...options }),
      burst({ seed: 8, ...options }),
    ]);
    expect(again.got).toEqual(first.got);
    expect(again.times).toEqual(first.times);
    expect(other.got).not.toEqual(first.got);
  });

  it("are copies: what the sender does to its buffer later does not reach them", async () => {
    const net = createVirtualNet({ seed: 1 });
    const got: string[] = [];
    await net.network.bindUdp(B, (bytes, from) =>
      got.push(`${Buffer.from(bytes).toString()} from ${from.host}:${from.port}`),
    );
    const socket = await net.network.bindUdp(A, () => undefined);
    const bytes = Buffer.from("one");
    socket.send(bytes, B);
    bytes.write("two");
    await net.run();
    expect(got).toEqual(["one from 10.0.0.1:5060"]);
  });

  it("too long ones are an error, those to nobody are silence", async () => {
    const net = createVirtualNet({ seed: 1 });
    const errors: string[] = [];
    const socket = await net.network.bindUdp(A, () => undefined);
    socket.send(new Uint8Array(70_000), B, (error) => errors.push(error.message));
    socket.send(new Uint8Array(1), B, (error) => errors.push(error.message));
    await net.run();
    expect(errors).toEqual(["datagram too long (EMSGSIZE)"]);
  });

  it("a port is held by one socket until it closes; port 0 is a free one", async () => {
    const { network } = createVirtualNet({ seed: 1 });
    const first = await network.bindUdp(A, () => undefined);
    await expect(network.bindUdp(A, () => undefined)).rejects.toThrow(PortInUseError);
    await first.close();
    const second = await network.bindUdp(A, () => undefined);
    const free = await network.bindUdp({ host: A.host, port: 0 }, () => undefined);
    expect([second.local.port, free.local.port > 0 && free.local.port !== A.port]).toEqual([5060, true]);
  });

  it("a wildcard address hears what is sent to any host", async () => {
    const net = createVirtualNet({ seed: 1 });
    let heard = 0;
    await net.network.bindUdp({ host: "0.0.0.0", port: 5060 }, () => (heard += 1));
    (await net.network.bindUdp(A, () => undefined)).send(new Uint8Array(1), B);
    await net.run();
    expect(heard).toBe(1);
  });
});

describe("connections", () => {
  /** An echo at B; a connection from A with all that is told of it. */
  async function connected(options: VirtualNetOptions = { seed: 1 }): Promise<{
    net: VirtualNet;
    told: string[];
    connection: ReturnType<VirtualNet["network"]["connect"]>;
  }> {
    const net = createVirtualNet(options);
    const told: string[] = [];
    await net.network.listen("tcp", B, (connection) => {
      connection.onData((bytes) => connection.send(bytes));
      connection.onClose((error) => told.push(`B: ${error?.message ?? "closed"}`));
    });
    const connection = net.network.connect("tcp", B, A.host);
    connection.onClose((error) => told.push(`A: ${error?.message ?? "closed"}`));
    return { net, told, connection };
  }

  it.each([
    ["whole", {}],
    ["in pieces", { segmentBytes: 5 }],
    ["in pieces that take their time", { segmentBytes: 5, delay: [1, 40] as const }],
  ])("carry bytes in order, %s", async (_name, options) => {
    const { net, connection } = await connected({ seed: 3, loss: 0.9, ...options });
    const text = "the quick brown fox jumps over the lazy dog".repeat(20);
    let got = "";
    connection.onData((bytes) => (got += Buffer.from(bytes).toString()));
    connection.send(Buffer.from(text));
    expect(await net.run(() => got.length === text.length)).toBe(true);
    expect(got).toBe(text);
  });

  it("end in order after what was queued, even before they were open", async () => {
    const { net, told, connection } = await connected();
    connection.send(Buffer.from("last words"));
    connection.close();
    connection.send(Buffer.from("too late"));
    await net.run();
    expect(told).toEqual(["A: closed", "B: closed"]);
  });

  it("tell whoever closes later, not while calling", async () => {
    const { net, told, connection } = await connected();
    connection.close();
    expect(told).toEqual([]);
    await net.run();
    expect(told).toContain("A: closed");
  });

  it("break off with an error at the other end", async () => {
    const { net, told, connection } = await connected();
    await net.run();
    connection.destroy();
    await net.run();
    expect(told).toEqual(["A: closed", "B: read ECONNRESET"]);
  });

  it("are refused where nobody listens", async () => {
    const net = createVirtualNet({ seed: 1 });
    const told: string[] = [];
    const connection = net.network.connect("tcp", B);
    connection.onClose((error) => told.push(error?.message ?? "closed"));
    await net.run();
    expect(told).toEqual(["connect ECONNREFUSED 10.0.0.2:5060"]);
  });

  it("keep what comes before anybody reads", async () => {
    const { net, connection } = await connected();
    connection.send(Buffer.from("early"));
    await net.run();
    let got = "";
    connection.onData((bytes) => (got += Buffer.from(bytes).toString()));
    expect(got).toBe("early");
  });
});

describe("flow control", () => {
  const PIECE = new Uint8Array(16 * 1024);

  /** A connection to B whose far end reads only while `reading` holds. */
  async function pausable(): Promise<{
    net: VirtualNet;
    near: Connection;
    far: () => Connection;
    got: () => number;
  }> {
    const net = createVirtualNet({ seed: 1 });
    let accepted: Connection | undefined;
    let got = 0;
    await net.network.listen("tcp", B, (connection) => {
      accepted = connection;
      connection.onData((bytes) => (got += bytes.length));
    });
    const near = net.network.connect("tcp", B, A.host);
    await net.run();
    const far = (): Connection => accepted ?? near;
    return { net, near, far, got: () => got };
  }

  it("tells how much waits, and when no more does", async () => {
    const { net, near, far, got } = await pausable();
    let drained = 0;
    near.onDrain(() => (drained += 1));
    far().pause();
    for (let i = 0; i < 16; i++) near.send(PIECE);
    await net.run();
    expect([near.queued, got(), drained]).toEqual([12 * PIECE.length, 0, 0]);
    far().resume();
    await net.run();
    expect([near.queued, got(), drained]).toEqual([0, 16 * PIECE.length, 1]);
    near.send(PIECE);
    await net.run();
    expect(drained).toBe(1);
  });

  it("counts what waits for the connection to open", async () => {
    const net = createVirtualNet({ seed: 1 });
    const connection = net.network.connect("tcp", B);
    let drained = 0;
    connection.onDrain(() => (drained += 1));
    for (let i = 0; i < 16; i++) connection.send(PIECE);
    expect(connection.queued).toBe(12 * PIECE.length);
    await net.run();
    expect([connection.queued, drained]).toEqual([0, 0]);
  });

  it("an end in order is told after what came was read, a break at once", async () => {
    const told: string[] = [];
    for (const how of ["close", "destroy"] as const) {
      const { net, near, far, got } = await pausable();
      far().onClose(() => told.push(`${how} after ${got()}`));
      far().pause();
      near.send(PIECE);
      near[how]();
      await net.run();
      far().resume();
      await net.run();
    }
    expect(told).toEqual(["close after 16384", "destroy after 0"]);
  });

  it("a reader may pause in the middle, and is given the rest in order", async () => {
    const { net, near, far } = await pausable();
    const got: number[] = [];
    far().onData((bytes) => {
      got.push(bytes[0] ?? -1);
      far().pause();
    });
    for (let i = 0; i < 5; i++) near.send(Uint8Array.of(i));
    for (let i = 0; i < 5; i++) {
      await net.run();
      expect(got.length).toBe(i + 1);
      far().resume();
    }
    expect(got).toEqual([0, 1, 2, 3, 4]);
  });
});

describe("time", () => {
  it("stands still while promises settle, and jumps over silence", async () => {
    const net = createVirtualNet({ seed: 1, startAt: 1000 });
    const log: string[] = [];
    const sleep = (ms: number): Promise<void> =>
      new Promise((resolve) => net.clock.callAt(net.clock.now() + ms, resolve));
    const live = async (name: string, ms: number): Promise<void> => {
      for (let i = 0; i < 3; i++) {
        await sleep(ms);
        await Promise.resolve();
        log.push(`${name}@${net.clock.now()}`);
      }
    };
    const both = Promise.all([live("slow", 32_000), live("fast", 20_000)]);
    expect(await net.run()).toBe(true);
    await both;
    expect(log).toEqual(["fast@21000", "slow@33000", "fast@41000", "fast@61000", "slow@65000", "slow@97000"]);
  });

  it("runs until something holds, or to a deadline", async () => {
    const net = createVirtualNet({ seed: 1, startAt: 0 });
    const called: number[] = [];
    for (const at of [10, 20, 30]) net.clock.callAt(at, () => called.push(at));
    const disarm = net.clock.callAt(15, () => called.push(15));
    disarm();
    expect(await net.run(() => called.length === 1)).toBe(true);
    expect(net.clock.now()).toBe(10);
    expect(await net.run(() => false, 25)).toBe(false);
    expect([called, net.clock.now()]).toEqual([[10, 20], 25]);
    expect(await net.run(() => called.length === 99)).toBe(false);
    expect(net.clock.now()).toBe(30);
  });

  it("waits for promises of the platform before it says that nothing will happen", async () => {
    const net = createVirtualNet({ seed: 1 });
    let done = false;
    setImmediate(() => setImmediate(() => (done = true)));
    expect(await net.run(() => done)).toBe(true);
  });
});

describe("identifiers", () => {
  it("are seeded, of the length asked for, and do not depend on the network's conditions", () => {
    const first = createVirtualNet({ seed: 5 }).ids;
    const again = createVirtualNet({ seed: 5, loss: 0.5 }).ids;
    const other = createVirtualNet({ seed: 6 }).ids;
    const tokens = (ids: typeof first): string[] => [ids.token(), ids.token(8), ids.token(40)];
    const made = tokens(first);
    expect(tokens(again)).toEqual(made);
    expect(tokens(other)).not.toEqual(made);
    expect(made.map((token) => token.length)).toEqual([16, 8, 40]);
    expect(made.join("")).toMatch(/^[0-9a-z]+$/);
  });
});
