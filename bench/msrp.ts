/**
 * One message of 256 MiB over loopback TCP from one MSRP endpoint to another, against the same bytes written to and read from node's sockets
 * as they are. Sender and receiver are in this process in both cases, take turns run by run, and read the same pieces of memory.
 */
import { randomBytes } from "node:crypto";
import { createServer, connect } from "node:net";
import { createMsrpEndpoint } from "../src/endpoint/msrp/msrp-endpoint.ts";
import type { MessageSource } from "../src/endpoint/msrp/source.ts";
import { randomIds } from "../src/net/real/random-ids.ts";
import { realClock } from "../src/net/real/real-clock.ts";
import { createRealNetwork } from "../src/net/real/real-network.ts";
import type { Benchmark, Measurement } from "./benchmark.ts";

const MIB = 1024 * 1024;
const MESSAGE = 256 * MIB;
const PIECE = 256 * 1024;
const WARM_UP_TURNS = 2;
/** Ends when so many turns brought nothing better on either side; or at the last. */
const IDLE_TURNS = 8;
const TURNS = 40;
const GIB = 1024 * MIB;
/** MiB that memory may grow by while a GiB moves: what buffers on the way hold until they are collected. */
const FLAT = 96;

interface Run {
  /** MiB per second. */
  readonly rate: number;
  /** Growth of memory while the bytes moved, in MiB: the heap with what hangs on it, and the whole process at its peak. */
  readonly heap: number;
  readonly resident: number;
}

/** Pieces of memory with every octet equally often, as files that are large usually are: compressed. */
const PIECES: readonly Uint8Array[] = Array.from({ length: 16 }, () => randomBytes(PIECE));

function* pieces(total: number): Generator<Uint8Array> {
  for (let at = 0, index = 0; at < total; at += PIECE, index += 1)
    yield (PIECES[index % PIECES.length] ?? new Uint8Array(0)).subarray(0, total - at);
}

/** What grew while something moved. */
function watchMemory(): () => { heap: number; resident: number } {
  globalThis.gc?.();
  const before = process.memoryUsage();
  let heap = 0;
  let resident = 0;
  const look = (): void => {
    const now = process.memoryUsage();
    heap = Math.max(heap, now.heapUsed + now.external - before.heapUsed - before.external);
    resident = Math.max(resident, now.rss - before.rss);
  };
  const timer = setInterval(look, 20);
  return () => {
    clearInterval(timer);
    look();
    return { heap: heap / MIB, resident: resident / MIB };
  };
}

export async function moveRaw(total: number): Promise<Run> {
  const server = createServer({ noDelay: true });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const done = new Promise<void>((resolve) => {
    server.once("connection", (socket) => {
      let got = 0;
      socket.on("data", (bytes) => {
        got += bytes.length;
        if (got === total) resolve();
      });
      socket.on("end", () => socket.end());
    });
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const socket = connect({ port: address.port, host: "127.0.0.1", noDelay: true });
  await new Promise<void>((resolve) => socket.once("connect", resolve));
  const memory = watchMemory();
  const start = performance.now();
  const source = pieces(total);
  const pump = (): void => {
    for (let next = source.next(); next.done !== true; next = source.next()) {
      if (!socket.write(next.value)) return void socket.once("drain", pump);
    }
  };
  pump();
  await done;
  const rate = (total / MIB) * (1000 / (performance.now() - start));
  const growth = memory();
  socket.destroy();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return { rate, ...growth };
}

export async function moveMessage(total: number): Promise<Run> {
  const endpoint = (name: string): ReturnType<typeof createMsrpEndpoint> =>
    createMsrpEndpoint({
      name,
      network: createRealNetwork(),
      clock: realClock,
      ids: randomIds(),
      listen: [{ host: "127.0.0.1", port: 0, transport: "tcp" }],
    });
  const [a, b] = [await endpoint("a"), await endpoint("b")];
  const [alice, bob] = [a.session(), b.session()];
  bob.connect(alice.localPath, { role: "passive" });
  const bound = new Promise<void>((resolve) => alice.onBound(resolve));
  alice.connect(bob.localPath);
  await bound;
  let got = 0;
  const done = new Promise<void>((resolve) => {
    bob.onIncoming((incoming) => {
      incoming.onOctets((bytes) => (got += bytes.length));
      incoming.onEnd(() => resolve());
    });
  });
  const source = pieces(total);
  const content: MessageSource = {
    size: total,
    read: () => {
      const next = source.next();
      return next.done === true ? undefined : next.value;
    },
  };
  const memory = watchMemory();
  const start = performance.now();
  const sending = alice.send(content, { contentType: "application/octet-stream" });
  await done;
  const rate = (total / MIB) * (1000 / (performance.now() - start));
  const growth = memory();
  const outcome = await sending.done;
  if (got !== total || outcome.kind !== "sent")
    throw new Error(`${got} octets came, ${JSON.stringify(outcome)}`);
  await Promise.all([a.close(), b.close()]);
  return { rate, ...growth };
}

export const benchmark: Benchmark = {
  about: "one message of 256 MiB over loopback TCP, against the same bytes through node:net",
  run: async (note) => {
    // Below some 8 MiB of heap node collects garbage in another way than in a process that does anything else.
    const ballast = Array.from({ length: 100_000 }, (_, index) => ({ index, text: `${index}` }));
    const measurement = await compare();
    const { heap, resident } = await moveMessage(GIB);
    note(
      `memory while a message of 1 GiB moved: heap +${heap.toFixed(0)} MiB, process +${resident.toFixed(0)} MiB`,
    );
    if (heap > FLAT || resident > FLAT) throw new Error(`memory is not flat: more than ${FLAT} MiB`);
    return ballast.length > 0 ? [measurement] : [];
  },
};

/** By turns, so that a machine that gets slower does so for both; the best turns count, because what else it does makes none faster. */
async function compare(): Promise<Measurement> {
  let [value, peerValue] = [0, 0];
  for (let turn = 0, idle = 0; turn < TURNS && idle < IDLE_TURNS; turn += 1) {
    const [peer, own] = [await moveRaw(MESSAGE), await moveMessage(MESSAGE)];
    if (turn < WARM_UP_TURNS) continue;
    idle = peer.rate > peerValue || own.rate > value ? 0 : idle + 1;
    [value, peerValue] = [Math.max(value, own.rate), Math.max(peerValue, peer.rate)];
  }
  return {
    name: "MSRP, a message of 256 MiB",
    value,
    unit: "MiB/s",
    peer: `node:net of ${process.version}`,
    peerValue,
    ratio: value / peerValue,
  };
}
