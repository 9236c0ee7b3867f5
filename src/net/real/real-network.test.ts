import { connect } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Connection, type Listener, PortInUseError, SEND_HIGH_WATER } from "../network.ts";
import { randomIds } from "./random-ids.ts";
import { realClock } from "./real-clock.ts";
import { createRealNetwork } from "./real-network.ts";

const network = createRealNetwork();

/** A promise and what settles it. */
function withResolvers<T>(): {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (error: Error) => void;
} {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((fulfil, refuse) => {
    resolve = fulfil;
    reject = refuse;
  });
  return { promise, resolve, reject };
}

async function echo(
  host: string,
  limit?: number,
): Promise<{ listener: Listener; closings: Promise<Error | undefined> }> {
  const { promise, resolve } = withResolvers<Error | undefined>();
  const listener = await createRealNetwork(limit === undefined ? {} : { sendBufferLimit: limit }).listen(
    "tcp",
    { host, port: 0 },
    (connection) => {
      connection.onData((bytes) => connection.send(bytes));
      connection.onClose((error) => resolve(error));
    },
  );
  onTestFinished(() => listener.close());
  return { listener, closings: promise };
}

function read(connection: Connection, bytes: number): Promise<Buffer> {
  const { promise, resolve, reject } = withResolvers<Buffer>();
  let got = Buffer.alloc(0);
  connection.onClose((error) => reject(error ?? new Error("closed")));
  connection.onData((data) => {
    got = Buffer.concat([got, data]);
    if (got.length >= bytes) resolve(got);
  });
  return promise;
}

describe.each(["127.0.0.1", "::1"])("at %s", (host) => {
  it("carries datagrams both ways and names the sender", async () => {
    const { promise, resolve } = withResolvers<string>();
    const b = await network.bindUdp({ host, port: 0 }, (bytes, from) => b.send(bytes, from));
    const a = await network.bindUdp({ host, port: 0 }, (bytes, from) =>
      resolve(`${Buffer.from(bytes).toString()} ${from.host} ${from.port}`),
    );
    a.send(Buffer.from("hello"), b.local);
    expect(await promise).toBe(`hello ${host} ${b.local.port}`);
    await Promise.all([a.close(), b.close(), b.close()]);
  });

  it("carries a stream both ways, also what was sent before it was open", async () => {
    const { listener } = await echo(host);
    const connection = network.connect("tcp", listener.local, host);
    connection.send(Buffer.alloc(200_000, "x"));
    expect((await read(connection, 200_000)).length).toBe(200_000);
    expect([connection.local.host, connection.remote]).toEqual([host, listener.local]);
    connection.close();
  });

  it.each(["udp", "tcp"] as const)("says which %s port is in use", async (transport) => {
    const bind = async (port: number): Promise<{ local: { port: number }; close(): Promise<void> }> =>
      transport === "udp"
        ? network.bindUdp({ host, port }, () => undefined)
        : network.listen("tcp", { host, port }, () => undefined);
    const first = await bind(0);
    const { port } = first.local;
    const failure = await bind(port).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PortInUseError);
    expect(failure).toMatchObject({ code: "port-in-use", address: { host, port }, transport });
    await first.close();
    await (await bind(port)).close();
  });
});

describe("what goes wrong", () => {
  it("a connection that nobody takes ends with an error", async () => {
    const { listener } = await echo("127.0.0.1");
    await listener.close();
    const connection = network.connect("tcp", listener.local);
    const error = await new Promise<Error | undefined>((resolve) => connection.onClose(resolve));
    expect(error).toMatchObject({ code: "ECONNREFUSED" });
    // Whoever asks later is told too.
    expect(await new Promise<Error | undefined>((resolve) => connection.onClose(resolve))).toBe(error);
  });

  it.each([0, 70_000, Number.NaN])("a port that cannot be (%d) is an error of the sending", async (port) => {
    const to = { host: "127.0.0.1", port };
    const connection = network.connect("tcp", to);
    expect(await new Promise<Error | undefined>((resolve) => connection.onClose(resolve))).toBeInstanceOf(
      RangeError,
    );
    const socket = await network.bindUdp({ host: "127.0.0.1", port: 0 }, () => undefined);
    const { promise, resolve } = withResolvers<Error>();
    socket.send(new Uint8Array(1), to, resolve);
    expect(await promise).toBeInstanceOf(RangeError);
    await socket.close();
  });

  it("a datagram that is too long is an error", async () => {
    const socket = await network.bindUdp({ host: "127.0.0.1", port: 0 }, () => undefined);
    const { promise, resolve } = withResolvers<Error>();
    socket.send(new Uint8Array(70_000), socket.local, resolve);
    expect(await promise).toMatchObject({ code: "EMSGSIZE" });
    await socket.close();
  });

  it("a peer that does not read is cut off", async () => {
    const { listener, closings } = await echo("127.0.0.1", 1_000_000);
    const deaf = connect({ host: listener.local.host, port: listener.local.port });
    deaf.on("error", () => undefined);
    deaf.pause();
    const feed = (): void => {
      if (!deaf.destroyed) deaf.write(Buffer.alloc(1_000_000), () => setImmediate(feed));
    };
    feed();
    expect(await closings).toMatchObject({
      message: expect.stringMatching(/does not read: \d+ bytes wait$/) as unknown,
    });
    deaf.destroy();
  });

  it("a peer that resets is told from one that closes", async () => {
    const ends: (Error | undefined)[] = [];
    for (const how of ["close", "destroy"] as const) {
      const { listener, closings } = await echo("127.0.0.1");
      const connection = network.connect("tcp", listener.local);
      connection.send(Buffer.from("x"));
      await read(connection, 1);
      connection[how]();
      ends.push(await closings);
    }
    expect(ends).toEqual([undefined, expect.objectContaining({ code: "ECONNRESET" })]);
  });
});

describe("flow control", () => {
  /** More than the kernel keeps for both ends of a connection that nobody reads, less than cuts a deaf peer off. */
  const TOTAL = 15 * 1024 * 1024;

  /** A pair of connected ends. */
  async function pair(): Promise<{ near: Connection; far: Connection }> {
    const { promise, resolve } = withResolvers<Connection>();
    const listener = await network.listen("tcp", { host: "127.0.0.1", port: 0 }, resolve);
    const near = network.connect("tcp", listener.local);
    const far = await promise;
    onTestFinished(async () => {
      near.destroy();
      await listener.close();
    });
    return { near, far };
  }

  it("a sender that waits for its turn moves any amount in little memory", async () => {
    const { near, far } = await pair();
    const piece = new Uint8Array(32 * 1024);
    let sent = 0;
    let most = 0;
    const sendOn = (): void => {
      while (sent < TOTAL && near.queued <= SEND_HIGH_WATER) {
        near.send(piece);
        sent += piece.length;
        most = Math.max(most, near.queued);
      }
    };
    near.onDrain(sendOn);
    sendOn();
    expect((await read(far, TOTAL)).length).toBe(TOTAL);
    expect(most).toBeLessThanOrEqual(SEND_HIGH_WATER + piece.length);
  });

  it("a paused reader holds the sender back, and lets it go on", async () => {
    const { near, far } = await pair();
    let got = 0;
    far.pause();
    far.onData((bytes) => (got += bytes.length));
    near.send(new Uint8Array(TOTAL));
    // The far end answers behind the pause: by then the buffers between are as full as they get.
    far.send(Buffer.from("x"));
    await read(near, 1);
    expect(got).toBe(0);
    expect(near.queued).toBeGreaterThan(0);
    const drained = new Promise<void>((resolve) => near.onDrain(resolve));
    far.resume();
    await drained;
    expect(near.queued).toBe(0);
    const ended = new Promise<Error | undefined>((resolve) => far.onClose(resolve));
    near.close();
    expect(await ended).toBeUndefined();
    expect(got).toBe(TOTAL);
  });
});

describe("the clock", () => {
  it("calls not before its time, and not at all when disarmed", async () => {
    const due = realClock.now() + 12.5;
    let disarmed = false;
    realClock.callAt(realClock.now() + 5, () => (disarmed = true))();
    const at = await new Promise<number>((resolve) => realClock.callAt(due, () => resolve(realClock.now())));
    expect(at).toBeGreaterThanOrEqual(due);
    expect(disarmed).toBe(false);
  });

  it("calls for the past as soon as it can, never while being asked", async () => {
    let called = false;
    const { promise, resolve } = withResolvers<void>();
    realClock.callAt(0, () => {
      called = true;
      resolve();
    });
    expect(called).toBe(false);
    await promise;
  });

  it("tells the time", () => {
    expect(Math.abs(realClock.now() - Date.now())).toBeLessThan(1000);
  });
});

describe("identifiers", () => {
  it("do not come twice", () => {
    const ids = randomIds();
    const tokens = Array.from({ length: 1000 }, () => ids.token(13));
    expect(new Set(tokens).size).toBe(1000);
    expect(tokens.every((token) => /^[0-9a-z]{13}$/.test(token))).toBe(true);
  });
});
