/** A lab with Kamailio as its core: the SUT file of the reference on free ports, and Kamailio started with what that file says. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { readSutFileText } from "../../src/spec/sut-file-reader.ts";
import type { SutFile } from "../../src/spec/sut-file.ts";
import { peer } from "../peers.ts";
import { freePort, listening } from "../ports.ts";
import { scratchFolder, startForTest, type RunningProcess } from "../processes.ts";
import { kamailioCore } from "./core.cfg.ts";

export const HOST = "127.0.0.1";
const REFERENCE = path.join(import.meta.dirname, "..", "..", "scenarios", "sut", "reference.yaml");
const GUARDS =
  "guards: { responseMs: 10000, quietMs: 250, actionMs: 8000, notifyMs: 5000, scenarioMs: 60000 }";

export interface KamailioLab {
  readonly folder: string;
  /** The SUT file, on disk and as it was read. */
  readonly sut: string;
  readonly sutFile: SutFile;
  readonly kamailio: RunningProcess;
  readonly port: number;
}

/** Kamailio is stopped when the test is finished, at the latest after `limitMs`. */
export async function kamailioLab(limitMs: number): Promise<KamailioLab> {
  const folder = scratchFolder();
  const port = await freePort(HOST);
  const sut = path.join(folder, "sut.yaml");
  const text = await sutFileText(port);
  writeFileSync(sut, text);
  const sutFile = readSutFileText(text, sut);
  const file = path.join(folder, "core.cfg");
  writeFileSync(file, kamailioCore(sutFile, { host: HOST, port, secret: "only-known-here" }));
  const args = ["-f", file, "-m", "512", "-DD", "-E"];
  const kamailio = startForTest(peer("kamailio").program, { args, cwd: folder, limitMs });
  await Promise.race([Promise.all([listening("udp", port), listening("tcp", port)]), endedEarly(kamailio)]);
  return { folder, sut, sutFile, kamailio, port };
}

/** The reference on ports of this test, behind Kamailio. */
async function sutFileText(kamailio: number): Promise<string> {
  const reference = readFileSync(REFERENCE, "utf8");
  const moved = new Map<string, number>();
  for (const port of new Set(reference.match(/\b150\d\d\b/gu))) moved.set(port, await freePort(HOST));
  return (
    reference
      .replaceAll(/\b150\d\d\b/gu, (port) => String(moved.get(port)))
      .replace("core:\n", `core:\n  kind: external\n  address: sip:${HOST}:${kamailio}\n`)
      // Several times what the reference needs: other processes may keep the machine busy, and all goes by way of Kamailio.
      .replace("{ ts1Ms: 400, ts2Ms: 800 }", "{ ts1Ms: 4000, ts2Ms: 2400 }")
      .replace(/guards: .*/u, GUARDS)
  );
}

async function endedEarly(running: RunningProcess): Promise<never> {
  const status = await running.ended;
  throw new Error(`kamailio ended with ${status}:\n${running.output}`);
}
