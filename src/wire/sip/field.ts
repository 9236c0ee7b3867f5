/** Header fields that Scrim makes. */
import { excerpt, SipParseError } from "./error.ts";
import { headerName } from "./header-names.ts";
import type { HeaderField } from "./message.ts";

// eslint-disable-next-line no-control-regex -- these are the characters that would break the frame
const BREAKS_THE_FRAME = /[\r\n\0]/;

/**
 * A field that cannot break the frame of the message it is put into: the name is a token, the value has no line end.
 *
 * @throws SipParseError (`header-name`, `header-value`)
 */
export function checkedField(name: string, value: string): HeaderField {
  if (!headerName(name).isToken) throw fault("header-name", "a header name (token)", name, 0);
  if (BREAKS_THE_FRAME.test(value)) {
    const bad = value.search(BREAKS_THE_FRAME);
    throw fault("header-value", `no line end or NUL in ${name}`, value, bad);
  }
  return { name, value, offset: -1 };
}

function fault(
  code: "header-name" | "header-value",
  expected: string,
  text: string,
  offset: number,
): SipParseError {
  return new SipParseError(code, {
    offset,
    line: 1,
    column: offset + 1,
    clause: "RFC 3261 7.3.1 message-header",
    expected,
    actual: excerpt(text.slice(offset)),
    advice: "send bytes instead of a message where the frame is to be broken on purpose",
  });
}
