/** baresip, driven over its TCP control interface (`ctrl_tcp`: JSON in netstrings), with a configuration of its own. */
import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import path from "node:path";
import { onTestFinished } from "vitest";
import type { Transport } from "../src/net/network.ts";
import { peer } from "./peers.ts";
import { freePort, listening } from "./ports.ts";
import { type RunningProcess, scratchFolder, startForTest } from "./processes.ts";

export interface BaresipOptions {
  readonly user: string;
  readonly password: string;
  readonly domain: string;
  readonly transport: Transport;
  /** Of the core, on 127.0.0.1. */
  readonly port: number;
  /** PEM file of the authority that it believes. */
  readonly authority: string;
  /** URI of the one whom it sends messages to. */
  readonly contact: string;
}

export interface Baresip {
  readonly process: RunningProcess;
  /** Sends text to the contact. */
  message(text: string): void;
  /** Takes its registration back and ends. */
  quit(): Promise<void>;
}

/** Starts it; it registers by itself, and takes commands when this settles. */
export async function startBaresip(options: BaresipOptions): Promise<Baresip> {
  const folder = scratchFolder();
  const control = await freePort();
  const write = (name: string, lines: readonly string[]): void =>
    writeFileSync(path.join(folder, name), `${lines.join("\n")}\n`);
  write("config", settings(options, control));
  write("accounts", [account(options)]);
  write("contacts", [`<${options.contact}>`]);
  const process = startForTest(peer("baresip").program, { args: ["-4", "-f", folder], limitMs: 55_000 });
  await Promise.race([listening("tcp", control), process.ended]);
  const socket = connect(control, "127.0.0.1");
  socket.on("error", () => undefined);
  onTestFinished(() => void socket.destroy());
  const command = (name: string, params = ""): void => {
    const json = JSON.stringify({ command: name, params });
    socket.write(`${Buffer.byteLength(json)}:${json},`);
  };
  return {
    process,
    message: (text) => command("message", text),
    quit: async () => {
      command("quit");
      await process.ended;
    },
  };
}

function settings({ authority }: BaresipOptions, control: number): readonly string[] {
  const prefix = path.dirname(path.dirname(peer("baresip").program));
  return [
    `module_path ${path.join(prefix, "lib", "baresip", "modules")}`,
    "sip_listen 127.0.0.1:0",
    `sip_cafile ${authority}`,
    "module_tmp uuid.so",
    "module_tmp account.so",
    // Without a codec it has no account.
    "module g711.so",
    // Prints what arrives.
    "module stdio.so",
    "module_app contact.so",
    "module_app menu.so",
    "module_app ctrl_tcp.so",
    `ctrl_tcp_listen 127.0.0.1:${control}`,
  ];
}

function account({ user, password, domain, transport, port }: BaresipOptions): string {
  const address = `<sip:${user}@${domain};transport=${transport}>`;
  const proof = `auth_user=${user}@${domain};auth_pass=${password}`;
  return `${address};${proof};outbound="sip:127.0.0.1:${port};transport=${transport}";regint=600`;
}
