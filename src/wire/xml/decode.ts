/** From the bytes of a document to its characters, and past its prolog. */

export interface Decoded {
  /** Without byte order mark, lines ended by LF (XML 1.0, 2.11). */
  readonly text: string;
  readonly encoding: string;
}

// What SIP bodies are found in. Everything else is refused: RFC 4354 7 and RFC 5438 11.1 want UTF-8.
const SUPPORTED = new Set(["utf-8", "us-ascii", "iso-8859-1", "utf-16"]);

/** Undefined: the encoding is not supported, or the bytes are not in it. */
export function decodeXml(bytes: Uint8Array): Decoded | undefined {
  const encoding = encodingOf(bytes);
  if (!SUPPORTED.has(encoding)) return undefined;
  const label = encoding === "utf-16" && bytes[0] === 0xfe ? "utf-16be" : encoding;
  try {
    const text = new TextDecoder(label, { fatal: true }).decode(bytes);
    return { text: text.replaceAll(/\r\n?/gu, "\n"), encoding };
  } catch {
    return undefined;
  }
}

function encodingOf(bytes: Uint8Array): string {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) return "utf-16";
  const head = Buffer.from(bytes.subarray(0, 200)).toString("latin1");
  const declared = /^(?:ï»¿)?<\?xml[^>]*?\bencoding\s*=\s*["']([A-Za-z][\w.-]*)["']/u.exec(head)?.[1];
  return declared?.toLowerCase() ?? "utf-8";
}

/** Offset of a document type declaration in front of the root element, if there is one. */
export function documentTypeAt(text: string): number | undefined {
  let at = 0;
  for (;;) {
    while (at < text.length && " \t\n\r".includes(text.charAt(at))) at += 1;
    const close = text.startsWith("<?", at) ? "?>" : text.startsWith("<!--", at) ? "-->" : undefined;
    if (close === undefined) return text.startsWith("<!DOCTYPE", at) ? at : undefined;
    const end = text.indexOf(close, at + 2);
    if (end === -1) return undefined;
    at = end + close.length;
  }
}
