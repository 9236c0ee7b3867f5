/** Asks name servers over a {@link Network}: UDP, TCP where the answer does not fit, the next server when one is silent (RFC 1035 4.2, 7). */
import type { Clock } from "../../net/clock.ts";
import type { Ids } from "../../net/ids.ts";
import type { Address, Network } from "../../net/network.ts";
import {
  DnsFormatError,
  type DnsMessage,
  dnsQuery,
  type DnsRecord,
  type DnsType,
  forDnsStream,
  parseDns,
  RCODE,
  serializeDns,
  splitDnsStream,
} from "../../wire/dns/message.ts";

export interface DnsClientOptions {
  readonly network: Network;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Asked in this order. */
  readonly servers: readonly Address[];
  /** How long each server may take each time, in milliseconds. Default 2000. */
  readonly timeoutMs?: number;
  /** How often each is asked. Default 2. */
  readonly attempts?: number;
}

export interface DnsClient {
  /** None: the name, or records of that type, do not exist. Fails with {@link DnsFailure}. */
  ask(name: string, type: DnsType): Promise<readonly DnsRecord[]>;
}

/** No server gave an answer that says something. */
export class DnsFailure extends Error {
  readonly code = "dns-failure";
  constructor(name: string, type: string, why: string) {
    super(`no answer to ${type} of ${name}: ${why}`);
    this.name = "DnsFailure";
  }
}

const TIMEOUT_MS = 2000;
const ATTEMPTS = 2;

export function createDnsClient(options: DnsClientOptions): DnsClient {
  const { servers, attempts = ATTEMPTS, clock } = options;
  const known = new Map<string, { readonly until: number; readonly records: readonly DnsRecord[] }>();

  const askServers = async (name: string, type: DnsType): Promise<readonly DnsRecord[]> => {
    let why = "no name server is known";
    for (let attempt = 0; attempt < attempts; attempt++) {
      for (const server of servers) {
        const answer = await exchange(server, name, type, options);
        if (answer instanceof Error) why = answer.message;
        else if (answer.rcode === RCODE.noError || answer.rcode === RCODE.nameError)
          return recordsFor(answer, name, type);
        else why = `${server.host}:${server.port} says RCODE ${answer.rcode}`;
      }
    }
    throw new DnsFailure(name, type, why);
  };

  return {
    ask: async (name, type) => {
      const key = `${type} ${name.toLowerCase()}`;
      const held = known.get(key);
      if (held !== undefined && held.until > clock.now()) return held.records;
      const records = await askServers(name, type);
      const ttl = Math.min(...records.map((record) => record.ttl));
      if (records.length > 0) known.set(key, { until: clock.now() + ttl * 1000, records });
      return records;
    },
  };
}

async function exchange(
  server: Address,
  name: string,
  type: DnsType,
  options: DnsClientOptions,
): Promise<DnsMessage | Error> {
  // 16 bits of what an Ids gives; the answer is matched to question and source too.
  const id = Number.parseInt(options.ids.token(4), 36) & 0xffff;
  const query = dnsQuery(id, name, type);
  const answer = await overUdp(server, query, options);
  return answer instanceof Error || !answer.truncated ? answer : overTcp(server, query, options);
}

async function overUdp(
  server: Address,
  query: DnsMessage,
  { network, ...options }: DnsClientOptions,
): Promise<DnsMessage | Error> {
  const everywhere = server.host.includes(":") ? "::" : "0.0.0.0";
  let heard: (bytes: Uint8Array) => void = () => undefined;
  const socket = await network.bindUdp({ host: everywhere, port: 0 }, (bytes, from) => {
    if (from.port === server.port) heard(bytes);
  });
  try {
    return await within(options, server, (settle) => {
      heard = (bytes) => takeAnswer(bytes, query, settle);
      socket.send(serializeDns(query), server, settle);
    });
  } finally {
    await socket.close();
  }
}

async function overTcp(
  server: Address,
  query: DnsMessage,
  { network, ...options }: DnsClientOptions,
): Promise<DnsMessage | Error> {
  const connection = network.connect("tcp", server);
  let got: Uint8Array = new Uint8Array(0);
  const answer = await within(options, server, (settle) => {
    connection.onData((bytes) => {
      const { messages, rest } = splitDnsStream(Buffer.concat([got, bytes]));
      got = rest;
      for (const message of messages) takeAnswer(message, query, settle);
    });
    connection.onClose((error) => settle(error ?? new Error("the connection was closed without an answer")));
    connection.send(forDnsStream(serializeDns(query)));
  });
  connection.close();
  return answer;
}

type Settle = (outcome: DnsMessage | Error) => void;

function within(
  { clock, timeoutMs = TIMEOUT_MS }: Pick<DnsClientOptions, "clock" | "timeoutMs">,
  server: Address,
  start: (settle: Settle) => void,
): Promise<DnsMessage | Error> {
  return new Promise((resolve) => {
    const disarm = clock.callAt(clock.now() + timeoutMs, () =>
      resolve(new Error(`${server.host}:${server.port} is silent`)),
    );
    start((outcome) => {
      disarm();
      resolve(outcome);
    });
  });
}

/** Whatever is no answer to this question is passed over: anybody can send to a UDP port. */
function takeAnswer(bytes: Uint8Array, query: DnsMessage, settle: Settle): void {
  try {
    const answer = parseDns(bytes);
    if (answer.kind === "response" && answer.id === query.id && sameQuestion(answer, query)) settle(answer);
  } catch (error) {
    if (!(error instanceof DnsFormatError)) throw error;
  }
}

/** A server that could not read the question may leave it out. */
function sameQuestion(answer: DnsMessage, query: DnsMessage): boolean {
  const [[asked], [echoed]] = [query.questions, answer.questions];
  if (asked === undefined || echoed === undefined) return answer.rcode !== RCODE.noError;
  return asked.type === echoed.type && asked.name.toLowerCase() === echoed.name.toLowerCase();
}

/** Those of the name itself, or of the name that it is an alias of. */
function recordsFor({ answers }: DnsMessage, name: string, type: DnsType): readonly DnsRecord[] {
  let owner = name.toLowerCase();
  // Aliases can lead in a circle: no more of them are followed than there are.
  for (let left = answers.length; left > 0; left--) {
    const alias = answers.find((record) => record.type === "CNAME" && record.name.toLowerCase() === owner);
    if (alias?.type !== "CNAME") break;
    owner = alias.data.toLowerCase();
  }
  return answers.filter((record) => record.type === type && record.name.toLowerCase() === owner);
}
