/** Octet strings as text: hexadecimal in configuration, base64 in header fields. */
import { AkaError } from "./error.ts";

/** @throws AkaError `encoding`, `length` */
export function octetsFromHex(name: string, text: string, bytes: number): Uint8Array {
  if (!/^(?:[0-9A-Fa-f]{2})*$/.test(text))
    throw new AkaError("encoding", `${name} in hexadecimal digits`, JSON.stringify(text));
  if (text.length !== bytes * 2)
    throw new AkaError("length", `${name} of ${bytes * 2} hexadecimal digits`, `${text.length}`);
  return new Uint8Array(Buffer.from(text, "hex"));
}

export function hexOf(octets: Uint8Array): string {
  return Buffer.from(octets).toString("hex");
}

/** @throws AkaError `encoding` */
export function octetsFromBase64(name: string, text: string): Uint8Array {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/.test(text))
    throw new AkaError("encoding", `${name} in base64`, JSON.stringify(text));
  return new Uint8Array(Buffer.from(text, "base64"));
}

export function base64Of(octets: Uint8Array): string {
  return Buffer.from(octets).toString("base64");
}

export function sameOctets(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((octet, index) => octet === b[index]);
}
