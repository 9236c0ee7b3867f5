/** An authoritative name server for Scrim's zones, over UDP and TCP (RFC 1035 4.2): how a SUT finds its core by name. */
import type { Address, Connection, Network } from "../../net/network.ts";
import {
  DnsFormatError,
  type DnsMessage,
  forDnsStream,
  parseDns,
  RCODE,
  serializeDns,
  splitDnsStream,
} from "../../wire/dns/message.ts";
import type { Zone } from "../../spec/zones.ts";
import { answerFrom } from "./answer.ts";

export interface DnsPeerOptions {
  readonly network: Network;
  /** UDP and TCP of the same port; port 0 for a free one. */
  readonly listen: Address;
  readonly zones: readonly Zone[];
  /** Told of each question that was answered, with the RCODE. */
  readonly onAnswer?: (question: { readonly name: string; readonly type: string }, rcode: number) => void;
}

export interface DnsPeer {
  readonly local: Address;
  close(): Promise<void>;
}

/** Fails with `PortInUseError`. */
export async function createDnsPeer(options: DnsPeerOptions): Promise<DnsPeer> {
  const { network, listen } = options;
  const socket = await network.bindUdp(listen, (bytes, from) => {
    const answer = answerTo(bytes, options);
    if (answer !== undefined) socket.send(fitted(answer.message, answer.limit), from);
  });
  const open = new Set<Connection>();
  try {
    const listener = await network.listen("tcp", socket.local, (connection) => {
      open.add(connection);
      serve(connection, options, () => open.delete(connection));
    });
    return {
      local: socket.local,
      close: async () => {
        for (const connection of open) connection.close();
        await Promise.all([socket.close(), listener.close()]);
      },
    };
  } catch (error) {
    await socket.close();
    throw error;
  }
}

function serve(connection: Connection, options: DnsPeerOptions, ended: () => void): void {
  let got: Uint8Array = new Uint8Array(0);
  connection.onClose(ended);
  connection.onData((bytes) => {
    const { messages, rest } = splitDnsStream(Buffer.concat([got, bytes]));
    got = rest;
    for (const message of messages) {
      const answer = answerTo(message, options);
      // Whoever sends what is no message on a stream cannot be expected to go on with one.
      if (answer === undefined) return connection.close();
      connection.send(forDnsStream(serializeDns(answer.message)));
    }
  });
}

/** Undefined: it is not a query; nobody is to be answered then, lest two servers talk to each other for ever. */
function answerTo(
  bytes: Uint8Array,
  { zones, onAnswer }: DnsPeerOptions,
): { readonly message: DnsMessage; readonly limit: number } | undefined {
  try {
    const query = parseDns(bytes);
    if (query.kind !== "query") return undefined;
    const message = answerFrom(zones, query);
    const [question] = query.questions;
    if (question !== undefined) onAnswer?.(question, message.rcode);
    return { message, limit: query.udpPayload };
  } catch (error) {
    if (error instanceof DnsFormatError) return formatError(bytes);
    throw error;
  }
}

/** RFC 1035 4.1.1: with the identifier of the question, if that much of it can be read. */
function formatError(
  bytes: Uint8Array,
): { readonly message: DnsMessage; readonly limit: number } | undefined {
  const [high, low, flags] = bytes;
  if (high === undefined || low === undefined || flags === undefined || (flags & 0x80) !== 0)
    return undefined;
  const message: DnsMessage = {
    id: (high << 8) | low,
    kind: "response",
    opcode: (flags >> 3) & 0x0f,
    rcode: RCODE.formatError,
    authoritative: false,
    truncated: false,
    recursionDesired: false,
    questions: [],
    answers: [],
    authorities: [],
    additionals: [],
    udpPayload: 512,
  };
  return { message, limit: 512 };
}

/** RFC 2181 9: additional records may be left out; an answer that does not fit is cut, and the asker comes over TCP. */
function fitted(message: DnsMessage, limit: number): Uint8Array {
  const whole = serializeDns(message);
  if (whole.length <= limit) return whole;
  const without = serializeDns({ ...message, additionals: [] });
  if (without.length <= limit) return without;
  return serializeDns({ ...message, answers: [], authorities: [], additionals: [], truncated: true });
}
