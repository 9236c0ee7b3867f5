/** The rigs that are open in this process, by name: cucumber hands its steps words, not objects. */
import type { Rig } from "./rig.ts";

const open = new Map<string, Rig>();

export function enterRig(name: string, rig: Rig): void {
  open.set(name, rig);
}

export function leaveRig(name: string): void {
  open.delete(name);
}

export function rigNamed(name: string): Rig {
  const rig = open.get(name);
  if (rig === undefined)
    throw new Error(`no rig named "${name}" is open; scenarios run through scrim run, or npm start`);
  return rig;
}
