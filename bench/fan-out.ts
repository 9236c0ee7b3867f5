/**
 * What a message costs for each participant that it is delivered to by the MSRP switch: one sends, 1, 9, 99 and 499 receive. Against the
 * floor: the same bytes written to as many sockets as they are. Participants are sockets of node in this process that write bytes
 * made before and count what comes, in both cases; the sender wants no responses, because the floor has none.
 */
import { connect, createServer, type Socket } from "node:net";
import { createMsrpEndpoint, type MsrpEndpoint } from "../src/endpoint/msrp/msrp-endpoint.ts";
import { randomIds } from "../src/net/real/random-ids.ts";
import { realClock } from "../src/net/real/real-clock.ts";
import { createRealNetwork } from "../src/net/real/real-network.ts";
import { createSwitch, SWITCH_SESSION, type ConferenceSwitch } from "../src/peer/im-server/switch/switch.ts";
import type { Benchmark, Measurement } from "./benchmark.ts";

const PARTICIPANTS = [2, 10, 100, 500];
/** Deliveries in one turn, whatever the number of participants. */
const DELIVERIES = 20_000;
const BODY = "x".repeat(1000);
const WARM_UP_TURNS = 1;
const TURNS = 5;
/**
 * What a delivery takes may grow so many times as much as the floor's from 10 participants to 500: were each delivery to cost the more the more
 * participants there are, it would grow fifty times as much. More sockets cost the floor more, too.
 */
const LINEAR = 2;
const ADDRESS = "sip:session@127.0.0.1";
const SENDER = "sip:sender@127.0.0.1";
/** Of MSRP: what the last chunk of a message ends with, and what stands nowhere else in what is sent here. */
const END = "$".charCodeAt(0);

/** A socket that says what it is told to, and counts the messages that come. */
class RawEnd {
  readonly socket: Socket;
  #octets = 0;
  #messages = 0;
  #wanted = Infinity;
  #reached: (octets: number) => void = () => undefined;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on("data", (bytes) => {
      this.#octets += bytes.length;
      for (let at = bytes.indexOf(END); at !== -1; at = bytes.indexOf(END, at + 1)) this.#messages += 1;
      if (this.#messages === this.#wanted) this.#reached(this.#octets);
    });
  }

  static async to(port: number): Promise<RawEnd> {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject));
    return new RawEnd(socket);
  }

  /** Settles with their octets when so many more messages are there. */
  more(messages: number): Promise<number> {
    this.#octets = 0;
    this.#messages = 0;
    this.#wanted = messages;
    return new Promise((resolve) => (this.#reached = resolve));
  }
}

/** One message after the other, to each of the sockets. */
async function write(sockets: readonly Socket[], messages: readonly Uint8Array[]): Promise<void> {
  for (const message of messages) {
    const full = sockets.filter((socket) => !socket.write(message));
    await Promise.all(full.map((socket) => new Promise((resolve) => socket.once("drain", resolve))));
  }
}

interface Side {
  /** Sends so many messages to everybody; gives milliseconds. */
  turn(messages: number): Promise<number>;
  close(): Promise<void>;
}

async function timed(
  receivers: readonly RawEnd[],
  messages: number,
  send: () => Promise<void>,
): Promise<number> {
  const arrived = receivers.map((receiver) => receiver.more(messages));
  const start = performance.now();
  await Promise.all([send(), ...arrived]);
  return performance.now() - start;
}

/** Messages of so many octets from sockets to sockets. */
async function floor(connections: number, octets: number): Promise<Side> {
  const server = createServer({ noDelay: true });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const writing: Socket[] = [];
  const receivers: RawEnd[] = [];
  for (let index = 0; index < connections; index += 1) {
    const accepted = new Promise<Socket>((resolve) => server.once("connection", resolve));
    receivers.push(await RawEnd.to(address.port));
    writing.push(await accepted);
  }
  const message = Buffer.alloc(octets, "x");
  message[octets - 3] = END;
  return {
    turn: (messages) =>
      timed(receivers, messages, () =>
        write(
          writing,
          Array.from({ length: messages }, () => message),
        ),
      ),
    close: async () => {
      for (const { socket } of receivers) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** A conference with the switch; its participants are sockets. */
async function conference(participants: number): Promise<Side & { readonly octets: number }> {
  const endpoint = await createMsrpEndpoint({
    name: "switch",
    network: createRealNetwork(),
    clock: realClock,
    ids: randomIds(),
    listen: [{ host: "127.0.0.1", port: 0, transport: "tcp" }],
  });
  const hub = createSwitch({ conference: { sessionIdentity: ADDRESS }, clock: realClock });
  const ends: { readonly end: RawEnd; readonly paths: string }[] = [];
  for (let index = 0; index < participants; index += 1) ends.push(await join(endpoint, hub, index));
  const [sender, ...others] = ends;
  if (sender === undefined) throw new Error("nobody sends");
  const receivers = others.map(({ end }) => end);
  let sent = 0;
  const next = (): Buffer => sendFrame(sender.paths, (sent += 1));
  const first = receivers.map((receiver) => receiver.more(1));
  sender.end.socket.write(next());
  const octets = Math.max(...(await Promise.all(first)));
  return {
    octets,
    turn: (messages) => {
      const frames = Array.from({ length: messages }, next);
      return timed(receivers, messages, () => write([sender.end.socket], frames));
    },
    close: async () => {
      for (const { end } of ends) end.socket.destroy();
      hub.close();
      await endpoint.close();
    },
  };
}

async function join(
  endpoint: MsrpEndpoint,
  hub: ConferenceSwitch,
  index: number,
): Promise<{ readonly end: RawEnd; readonly paths: string }> {
  const session = endpoint.session(SWITCH_SESSION);
  const path = `msrp://127.0.0.1:9/participant${String(index).padStart(4, "0")};tcp`;
  session.connect(path, { role: "passive" });
  const address = index === 0 ? SENDER : `sip:participant-${index}@127.0.0.1`;
  hub.join({ id: String(index), address, session, knowsPrivateMessages: true, mayWritePrivately: true });
  const end = await RawEnd.to(endpoint.hops[0]?.port ?? 0);
  const paths = `To-Path: ${session.uri}\r\nFrom-Path: ${path}\r\n`;
  const answered = end.more(1);
  end.socket.write(
    `MSRP hello0001 SEND\r\n${paths}Message-ID: hello0001\r\nByte-Range: 1-0/0\r\n-------hello0001$\r\n`,
  );
  await answered;
  return { end, paths };
}

function sendFrame(paths: string, number: number): Buffer {
  const id = `message${String(number).padStart(9, "0")}`;
  const body = `From: <${SENDER}>\r\nTo: <${ADDRESS}>\r\n\r\nContent-Type: text/plain\r\n\r\n${BODY}`;
  const range = `1-${body.length}/${body.length}`;
  return Buffer.from(
    `MSRP ${id} SEND\r\n${paths}Message-ID: ${id}\r\nByte-Range: ${range}\r\nFailure-Report: no\r\n` +
      `Content-Type: message/cpim\r\n\r\n${body}\r\n-------${id}$\r\n`,
  );
}

/** By turns; the best count, because what else the machine does makes none faster. */
async function compare(participants: number): Promise<{ readonly own: number; readonly peer: number }> {
  const scrim = await conference(participants);
  const raw = await floor(participants - 1, scrim.octets);
  const messages = Math.ceil(DELIVERIES / (participants - 1));
  const deliveries = messages * (participants - 1);
  let [own, peer] = [Infinity, Infinity];
  for (let turn = 0; turn < WARM_UP_TURNS + TURNS; turn += 1) {
    const times = [await raw.turn(messages), await scrim.turn(messages)] as const;
    if (turn < WARM_UP_TURNS) continue;
    peer = Math.min(peer, times[0] / deliveries);
    own = Math.min(own, times[1] / deliveries);
  }
  await Promise.all([scrim.close(), raw.close()]);
  return { own, peer };
}

export const benchmark: Benchmark = {
  about:
    "what the MSRP switch needs to deliver a message of 1000 octets, against the same bytes written to as many sockets of node",
  run: async (note) => {
    const measurements: Measurement[] = [];
    const [times, peers]: [number[], number[]] = [[], []];
    for (const participants of PARTICIPANTS) {
      const { own, peer } = await compare(participants);
      times.push(own);
      peers.push(peer);
      const ratio = peer / own;
      note(
        `${participants} participants: ${micro(own)} for each message delivered, floor ${micro(peer)}, ${(own / peer).toFixed(2)} times the floor`,
      );
      const name = `MSRP fan-out, ${participants} participants`;
      measurements.push({
        name,
        value: 1000 / own,
        unit: "deliveries/s",
        peer: `node:net of ${process.version}`,
        peerValue: 1000 / peer,
        ratio,
      });
    }
    const grown = (of: readonly number[]): number => (of.at(-1) ?? Infinity) / (of[1] ?? 1);
    const [own, floors] = [grown(times), grown(peers)];
    note(
      `a delivery among 500 takes ${own.toFixed(2)} times as long as one among 10; floor ${floors.toFixed(2)}`,
    );
    if (own / floors > LINEAR) throw new Error("growth is not linear");
    return measurements;
  },
};

const micro = (milliseconds: number): string => `${(milliseconds * 1000).toFixed(1)} µs`;
