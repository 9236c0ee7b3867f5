/**
 * Well-formedness as libxml2 judges it, names of namespaces included. Document type declarations are refused before libxml2 sees them: no
 * document of this enabler has one, and entities are what expansion attacks are made of.
 */
import { ParseOption, XmlDocument, XmlLibError } from "libxml2-wasm";
import { decodeXml, documentTypeAt } from "./decode.ts";
import type { XmlViolation } from "./xml-error.ts";

export interface XmlLimits {
  /** Bytes of a document; 1 MiB unless told. */
  readonly maxBytes?: number;
  /** Elements within each other; 256 unless told, and never more: that is where libxml2 stops. */
  readonly maxDepth?: number;
}

export const DEFAULT_XML_LIMITS: Required<XmlLimits> = { maxBytes: 1_048_576, maxDepth: 256 };

const OPTIONS = ParseOption.XML_PARSE_NO_XXE | ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_BIG_LINES;
const XML = "XML 1.0, 2.1";

/** Every reason why these bytes are no namespace-well-formed document; empty: they are. Never throws. */
export function wellFormedness(bytes: Uint8Array, limits: XmlLimits = {}): readonly XmlViolation[] {
  return withDocument(bytes, limits, () => []);
}

/** Hands the parsed document to `use`, and disposes of it. Where the document is not well-formed, the reasons are the result. */
export function withDocument(
  bytes: Uint8Array,
  limits: XmlLimits,
  use: (document: XmlDocument) => readonly XmlViolation[],
): readonly XmlViolation[] {
  const refused = refuse(bytes, limits);
  if (refused !== undefined) return [refused];
  let document: XmlDocument;
  try {
    document = XmlDocument.fromBuffer(bytes, { option: OPTIONS });
  } catch (error) {
    return parseViolations(error);
  }
  try {
    const depth = tooDeep(document, limits);
    return depth === undefined ? use(document) : [depth];
  } finally {
    document.dispose();
  }
}

function refuse(bytes: Uint8Array, limits: XmlLimits): XmlViolation | undefined {
  const maxBytes = limits.maxBytes ?? DEFAULT_XML_LIMITS.maxBytes;
  if (bytes.length > maxBytes) {
    const message = `the document has ${bytes.length} bytes, more than the limit of ${maxBytes}`;
    return { code: "too-large", line: 1, column: 1, message, clause: "limit of this reader" };
  }
  const decoded = decodeXml(bytes);
  if (decoded === undefined) {
    const message =
      "the document is not in UTF-8, US-ASCII, ISO-8859-1 or UTF-16, or not in the encoding that it declares";
    return { code: "unsupported-encoding", line: 1, column: 1, message, clause: "XML 1.0, 4.3.3" };
  }
  const at = documentTypeAt(decoded.text);
  if (at === undefined) return undefined;
  return {
    code: "document-type",
    line: decoded.text.slice(0, at).split("\n").length,
    column: at - decoded.text.lastIndexOf("\n", at),
    message:
      "the document has a document type declaration, which this reader refuses: send it without DOCTYPE",
    clause: "RFC 3470 4.5",
  };
}

function tooDeep(
  document: XmlDocument,
  { maxDepth = DEFAULT_XML_LIMITS.maxDepth }: XmlLimits,
): XmlViolation | undefined {
  if (maxDepth >= DEFAULT_XML_LIMITS.maxDepth) return undefined;
  const beyond = document.get("/*".repeat(maxDepth + 1));
  if (beyond === null) return undefined;
  const message = `elements are nested more than ${maxDepth} deep`;
  return { code: "too-deep", line: beyond.line, column: 0, message, clause: "limit of this reader" };
}

function parseViolations(error: unknown): readonly XmlViolation[] {
  if (!(error instanceof XmlLibError)) throw error;
  const details = error.details.length > 0 ? error.details : [{ message: error.message, line: 1, col: 0 }];
  return details.map(({ message, line, col }) => ({
    code: message.includes("Excessive depth") ? ("too-deep" as const) : ("not-well-formed" as const),
    line,
    column: col,
    message: message.trim(),
    clause: XML,
  }));
}
