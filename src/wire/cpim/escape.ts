/** The escapes of RFC 3862 2.3. */
const SPECIAL: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\r": "\\r",
};
const LETTER: Readonly<Record<string, string>> = { b: "\b", t: "\t", n: "\n", r: "\r" };

/** Escapes what must not stand in a header value: backslash and control characters. */
export function escapeCpim(text: string): string {
  return text.replaceAll(
    // oxlint-disable-next-line no-control-regex -- control characters are what is escaped
    /[\u0000-\u001f\u007f\\]/gu,
    (character) => SPECIAL[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Text of a header value. An unknown escape stands for the character behind the backslash, a backslash at the end for nothing (2.3.1). */
export function unescapeCpim(value: string): string {
  return value.replaceAll(/\\(?:u([0-9A-Fa-f]{4})|(.?))/gsu, (_, hex: string | undefined, letter = "") => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    return LETTER[String(letter)] ?? String(letter);
  });
}
