/**
 * Drives linphonec as an IM Client under test: the trigger `stdio` of a SUT file starts this program, which reads actions as JSON lines and
 * answers each (docs/actions.md). Its argument is JSON: `{"program":"linphonec","user":"alice","password":"secret","domain":"home.example",
 * "transport":"udp","port":5060,"algorithm":"MD5"}`, the port being that of Scrim's core on 127.0.0.1.
 */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import type { ActionAnswer, ClientAction, InboxEntry, MessageAction } from "../src/spec/actions.ts";
import { linphoneArguments, type LinphoneOptions } from "./linphone-home.ts";

interface Settings extends LinphoneOptions {
  readonly program: string;
}

/** A linphonec while it runs. */
interface Client {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<void>;
  printed: string;
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- whoever writes the SUT file answers for it
const settings = JSON.parse(process.argv[2] ?? "{}") as Settings;
const home = mkdtempSync(path.join(tmpdir(), "scrim-linphone-"));
const RECEIVED = /Message received from (\S+?): (.*)/gu;
const ASK_AGAIN_MS = 100;

let client: Client | undefined;
let inbox: InboxEntry[] = [];

const done: ActionAnswer = { version: 1, ok: true };
const unsupported = (says: string): ActionAnswer => ({ version: 1, ok: false, code: "unsupported", says });

function start(): Client {
  const child = spawn(settings.program, linphoneArguments(home, settings), {
    env: { ...process.env, HOME: home },
  });
  const started: Client = {
    child,
    printed: "",
    ended: new Promise((resolve) => void child.once("close", () => resolve())),
  };
  child.stdout.on("data", (chunk: Buffer) => (started.printed += chunk.toString("utf8")));
  child.stderr.resume();
  return started;
}

/** Starts it, and waits until it says that it is registered: it does so of itself. */
async function register(): Promise<ActionAnswer> {
  if (client !== undefined) return unsupported("it is registered, and renews that when it likes");
  client = start();
  while (!client.printed.includes("registered, identity")) {
    client.child.stdin.write("status register\n");
    await pause(ASK_AGAIN_MS);
  }
  return done;
}

async function deregister(): Promise<ActionAnswer> {
  if (client === undefined) return done;
  takeMessages(client);
  client.child.stdin.write("quit\n");
  await client.ended;
  client = undefined;
  return done;
}

function send({ to, toKind, text, ...more }: MessageAction): ActionAnswer {
  const [addressee, ...others] = to;
  if (addressee === undefined || others.length > 0 || toKind !== "user")
    return unsupported("linphonec sends to one user at a time");
  if (more.anonymous === true) return unsupported("linphonec has no anonymous messages");
  if (more.report !== undefined || more.externalContent !== undefined || more.contentType !== undefined)
    return unsupported("linphonec sends plain text");
  if (client === undefined) return { version: 1, ok: false, code: "failed", says: "it is not registered" };
  client.child.stdin.write(`chat ${addressee} ${text}\n`);
  return done;
}

function takeMessages(from: Client): void {
  for (const [, sender = "", text = ""] of from.printed.matchAll(RECEIVED))
    inbox.push({ from: sender, kind: "message", text });
  from.printed = "";
}

/** What linphonec can do, by the words of the vocabulary. */
const DEEDS: ReadonlyMap<string, () => Promise<ActionAnswer>> = new Map([
  ["register", register],
  ["deregister", deregister],
  ["report-inbox", reportInbox],
  ["reset", reset],
]);

function reportInbox(): Promise<ActionAnswer> {
  if (client !== undefined) takeMessages(client);
  return Promise.resolve({ ...done, inbox: inbox.splice(0) });
}

async function reset(): Promise<ActionAnswer> {
  await deregister();
  inbox = [];
  return done;
}

async function perform(action: ClientAction): Promise<ActionAnswer> {
  if (action.action === "send-message") return send(action);
  const deed = DEEDS.get(action.action);
  return deed === undefined ? unsupported(`linphonec cannot ${action.action}`) : deed();
}

for await (const line of createInterface({ input: process.stdin })) {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Scrim writes them
  const answer = await perform(JSON.parse(line) as ClientAction);
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await deregister();
rmSync(home, { recursive: true, force: true });
