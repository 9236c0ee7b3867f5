/**
 * Text that came from a SUT, made fit to be read: nothing in it may act on a terminal, a parser or the direction of writing. What cannot be
 * seen is shown by its name, so that a reader sees that it was there.
 */

// oxlint-disable-next-line no-control-regex -- finding control characters is its purpose
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
const DIRECTION = /[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** All that the three above look for, and half characters beside whole ones: most text has none of it, which is asked first. */
const SUSPECT =
  // oxlint-disable-next-line no-control-regex -- as above
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]/;

/** Control characters become control pictures, marks of direction their code points. Tab and line feed stay. */
export function visible(text: string): string {
  if (!SUSPECT.test(text)) return text;
  return text.replace(LONE_SURROGATE, "\ufffd").replace(CONTROL, pictureOf).replace(DIRECTION, codePointOf);
}

/** The same in one line. */
export function visibleLine(text: string): string {
  return visible(text).replaceAll("\n", "␊").replaceAll("\t", " ");
}

function pictureOf(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? "␡" : codePointOf(character);
}

function codePointOf(character: string): string {
  return `⟨U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`;
}
