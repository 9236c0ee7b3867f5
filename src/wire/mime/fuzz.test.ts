/** Multipart bodies and the values of their fields, mutated. */
import { describeBadInput } from "../../testdata/bad-input.ts";
import { formatContentType, parseContentType, parseDisposition } from "./content-type.ts";
import { MimeError } from "./mime-error.ts";
import { parseMultipart } from "./multipart.ts";
import { buildMultipart } from "./multipart-build.ts";

const type = { type: "multipart/mixed", params: { boundary: "b1" } };
const CORPUS = [
  buildMultipart(
    [
      { contentType: "text/plain", body: "hello" },
      { contentType: "application/resource-lists+xml", disposition: "recipient-list", body: "<a/>" },
    ],
    { boundary: "b1" },
  ).body,
  Buffer.from(
    'preamble\r\n--b1\r\nContent-Type: text/plain;\r\n charset="utf-8"\r\nContent-ID: <1@h>\r\n\r\nx\r\n--b1 \r\n\r\ny\r\n--b1--\r\nepilogue',
  ),
];

function read(bytes: Buffer): string | undefined {
  const parts = parseMultipart(bytes, type, { limits: { parts: 1_000_000, headerBytes: 4_194_304 } });
  const total = parts.reduce((sum, { body }) => sum + body.length, 0);
  const inside = parts.every(
    ({ offset, bodyOffset, body }) => offset <= bodyOffset && bodyOffset + body.length <= bytes.length,
  );
  return inside && total <= bytes.length ? undefined : "a part outside";
}

describeBadInput(
  "a multipart body",
  {
    corpus: CORPUS,
    morsels: ["--b1", "--b1--", "\r\n--b1\r\n", "--", "Content-Type: "],
    errors: [MimeError],
    read,
  },
  {
    around: [
      ["", ""],
      ["--b1\r\n", "\r\n--b1--\r\n"],
      ["--b1\r\n\r\n", "\r\n--b1--\r\n"],
      ["--b1\r\nContent-Type: a/b;", "\r\n\r\n\r\n--b1--\r\n"],
    ],
    repeated: ["--b1\r\n", "\r\n--b1\r\n", "--b", "\r\n--b", "a: b\r\n", "\r\n--b1\r\n\r\n"],
    bytes: 60_000,
  },
);

describeBadInput(
  "a Content-Type",
  {
    corpus: ["text/plain", 'multipart/mixed;boundary="a b\\"";charset = utf-8', "a/b;x=[::1]"],
    errors: [MimeError],
    read(bytes) {
      const text = bytes.toString("latin1");
      parseDisposition(text);
      const once = parseContentType(text);
      return formatContentType(parseContentType(formatContentType(once))) === formatContentType(once)
        ? undefined
        : "read otherwise than it was written";
    },
  },
  {
    around: [
      ["", ""],
      ["a/b;", ""],
      ['a/b;c="', ""],
    ],
  },
);
