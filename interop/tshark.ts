/** tshark as a second reader: what it finds in a capture, message by message. */
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { peer } from "./peers.ts";
import { scratchFolder } from "./processes.ts";
import { FIELDS, PROTOCOLS, type Reading } from "./reading.ts";

/** Where the ends of a packet stand: in IP and transport, or in the tags of an exported PDU. */
const END_FIELDS = {
  from: ["ip.src", "ipv6.src", "exported_pdu.ipv4_src", "exported_pdu.ipv6_src"],
  fromPort: ["udp.srcport", "tcp.srcport", "exported_pdu.src_port"],
  to: ["ip.dst", "ipv6.dst", "exported_pdu.ipv4_dst", "exported_pdu.ipv6_dst"],
  toPort: ["udp.dstport", "tcp.dstport", "exported_pdu.dst_port"],
} as const;

/** A free port may be one that another protocol has by custom: what the bytes look like comes first. */
const WHATEVER_THE_PORT = ["-o", "udp.try_heuristic_first:TRUE", "-o", "tcp.try_heuristic_first:TRUE"];

type Layers = Readonly<Record<string, readonly string[]>>;

/** Everything in the capture that tshark takes for SIP, MSRP or HTTP, in the order of the file. */
export async function readingsOfTshark(capture: Uint8Array): Promise<Reading[]> {
  const file = path.join(scratchFolder(), "run.pcapng");
  writeFileSync(file, capture);
  const fields = ["frame.protocols", ...Object.values(END_FIELDS).flat(), ...Object.values(FIELDS).flat()];
  const text = await printed([
    ...WHATEVER_THE_PORT,
    "-n",
    "-r",
    file,
    "-T",
    "json",
    ...fields.flatMap((field) => ["-e", field]),
  ]);
  const packets: readonly { readonly _source: { readonly layers: Layers } }[] = JSON.parse(text);
  return packets.map(({ _source: { layers } }) => readingOf(layers));
}

function readingOf(layers: Layers): Reading {
  const [stack = ""] = layers["frame.protocols"] ?? [];
  const protocol = PROTOCOLS.find((one) => stack.split(":").includes(one));
  if (protocol === undefined) return { protocol: stack, ends: endsIn(layers), fields: {} };
  const found = FIELDS[protocol].flatMap((field) => {
    const values = layers[field];
    return values === undefined ? [] : [[field, valuesOf(field, values)] as const];
  });
  return { protocol, ends: endsIn(layers), fields: Object.fromEntries(found) };
}

/** tshark tells the transaction twice, of the first line and of the end-line. */
function valuesOf(field: string, values: readonly string[]): readonly string[] {
  return field === "msrp.transaction.id" ? [...new Set(values)] : values;
}

function endsIn(layers: Layers): string {
  const first = (fields: readonly string[]): string =>
    fields.flatMap((field) => layers[field] ?? [])[0] ?? "?";
  const { from, fromPort, to, toPort } = END_FIELDS;
  return `${first(from)} ${first(fromPort)} > ${first(to)} ${first(toPort)}`;
}

async function printed(args: readonly string[]): Promise<string> {
  const child = spawn(peer("tshark").program, args, { stdio: ["ignore", "pipe", "pipe"], timeout: 180_000 });
  const chunks: Buffer[] = [];
  let complaint = "";
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => (complaint += chunk.toString("utf8")));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (status !== 0) throw new Error(`tshark ended with ${String(status)}: ${complaint}`);
  return Buffer.concat(chunks).toString("utf8");
}
