/** Values of From, To and cc (RFC 3862 4.1): [ Formal-name ] "<" URI ">". */
import { cpimError } from "./cpim-error.ts";
import { escapeCpim, unescapeCpim } from "./escape.ts";

export interface CpimAddress {
  readonly displayName?: string;
  readonly uri: string;
}

const ADDRESS = /^(?:"((?:[^"\\]|\\.)*)" *|([^"<>]*))<([^<>\s]+)>$/su;

/** Throws CpimError `bad-address`. */
export function parseCpimAddress(value: string): CpimAddress {
  const match = ADDRESS.exec(value);
  const uri = match?.[3];
  if (match === null || uri === undefined) {
    throw cpimError(Buffer.from(value, "utf8"), 0, {
      code: "bad-address",
      expected: "an optional name and a URI in angle brackets",
      clause: "RFC 3862 4.1",
      remedy: "Write the address as Name <im:user@host>.",
    });
  }
  const name = unescapeCpim(match[1] ?? match[2]?.trimEnd() ?? "");
  return name === "" ? { uri } : { displayName: name, uri };
}

/** Quotes the name, so that any text can be one. */
export function formatCpimAddress(address: CpimAddress): string {
  if (address.displayName === undefined) return `<${address.uri}>`;
  return `"${escapeCpim(address.displayName).replaceAll('"', String.raw`\"`)}" <${address.uri}>`;
}
