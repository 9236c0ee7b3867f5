/** One message header line (RFC 3862 3.6): Header-name ":" *( ";" Parameter ) SP Header-value CRLF. */
import { cpimError } from "./cpim-error.ts";
import type { CpimHeader } from "./cpim.ts";

// NAMECHAR = %x21 / %x23-27 / %x2a-2b / %x2d / %x5e-60 / %x7c / %x7e / ALPHA / DIGIT
const NAME = "[!#$%&'*+\\-^_`|~A-Za-z0-9]+";
const PARAMETER = `;${NAME}=(?:"(?:[^"\\\\]|\\\\.)*"|[^\\s;"]+)`;
const LINE = new RegExp(`^((?:${NAME}\\.)?(${NAME})):((?:${PARAMETER})*) (.*)$`, "su");
// oxlint-disable-next-line no-control-regex -- RFC 3862 2.2: no control characters
const CONTROL = /[\u0000-\u001f\u007f]/u;

/** Reads the line from `at` to `lineEnd` (without CRLF). Its namespace is not resolved yet. Throws CpimError. */
export function parseMessageHeader(bytes: Uint8Array, at: number, lineEnd: number): CpimHeader {
  const line = decode(bytes, at, lineEnd);
  refuseControls(bytes, at, line);
  const match = LINE.exec(line);
  const value = match?.[4];
  if (match === null || value === undefined || value !== value.trim()) {
    throw cpimError(bytes, at, {
      code: "bad-header",
      expected: "name, colon, exactly one space, value without white space around it",
      clause: "RFC 3862 2.2",
      remedy: "Write each header on one line, not folded, as Name: value.",
    });
  }
  return {
    name: match[1] ?? "",
    localName: match[2] ?? "",
    value,
    params: parseParameters(match[3] ?? ""),
    offset: at,
  };
}

function parseParameters(text: string): Readonly<Record<string, string>> {
  const params: Record<string, string> = Object.create(null);
  for (const [, name, quoted, token] of text.matchAll(
    new RegExp(`;(${NAME})=(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s;"]+))`, "gu"),
  )) {
    if (name !== undefined) params[name] = quoted ?? token ?? "";
  }
  return params;
}

function refuseControls(bytes: Uint8Array, at: number, line: string): void {
  const index = line.search(CONTROL);
  if (index === -1) return;
  throw cpimError(bytes, at + Buffer.byteLength(line.slice(0, index), "utf8"), {
    code: "control-character",
    expected: "no control character in a header",
    clause: "RFC 3862 2.2",
    remedy: "Escape it: \\t, \\n or \\uxxxx (RFC 3862 2.3).",
  });
}

function decode(bytes: Uint8Array, at: number, lineEnd: number): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes.subarray(at, lineEnd));
  } catch {
    throw cpimError(bytes, at, {
      code: "not-utf8",
      expected: "UTF-8",
      clause: "RFC 3862 2.2",
      remedy: "Encode headers in UTF-8.",
    });
  }
}
