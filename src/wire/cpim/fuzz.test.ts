/** Message/CPIM objects and the values of their headers, mutated. */
import { describeBadInput } from "../../testdata/bad-input.ts";
import { parseCpimAddress } from "./address.ts";
import { CpimError } from "./cpim-error.ts";
import { escapeCpim, unescapeCpim } from "./escape.ts";
import { imdnHeadersOf } from "./imdn-headers.ts";
import { parseCpim } from "./parse.ts";

const CORPUS = [
  "From: MR SANDERS <im:piglet@100akerwood.com>\r\nTo: Depressed Donkey <im:eeyore@100akerwood.com>\r\n" +
    "DateTime: 2000-12-13T13:40:00-08:00\r\nSubject: the weather will be fine today\r\n" +
    "Subject:;lang=fr beau temps prevu pour aujourd'hui\r\nNS: MyFeatures <mid:MessageFeatures@id.foo.com>\r\n" +
    "Require: MyFeatures.VitalMessageOption\r\nMyFeatures.VitalMessageOption: Confirmation-requested\r\n\r\n" +
    "Content-type: text/xml; charset=utf-8\r\nContent-ID: <1234567890@foo.com>\r\n\r\n<body>\r\nhi\r\n</body>",
  'From: "A\\"" <sip:a@h>\r\nNS: imdn <urn:ietf:params:imdn>\r\nimdn.Message-ID: 34jk324j\r\n' +
    "imdn.Disposition-Notification: positive-delivery, negative-delivery\r\nimdn.Original-To: <im:b@h>\r\n\r\n" +
    "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi",
];

/** Above the default, so that time is the parser's and not the limit's. */
const limits = { headerBytes: 4_194_304 };

function read(bytes: Buffer): string | undefined {
  parseLeniently(bytes);
  const { bodyOffset, body, headers } = parseCpim(bytes, { limits });
  if (bodyOffset + body.length > bytes.length) return "a body outside";
  return headers.some(({ offset }) => offset > bytes.length) ? "a header outside" : undefined;
}

function parseLeniently(bytes: Buffer): void {
  const message = parseCpim(bytes, { acceptMissingBlankLine: true, acceptUndeclaredPrefix: true, limits });
  imdnHeadersOf(message);
}

describeBadInput(
  "a Message/CPIM object",
  {
    corpus: CORPUS,
    morsels: ["NS: ", "imdn.", "Content-Type: ", "<urn:x>", ";lang=", "From: "],
    errors: [CpimError],
    read,
  },
  {
    around: [
      ["", ""],
      ["a: ", "\r\n\r\nContent-Type: a/b\r\n\r\n"],
      ["a:;", "\r\n\r\nContent-Type: a/b\r\n\r\n"],
      ["\r\nContent-Type: a/b;", "\r\n\r\n"],
      ["\r\nContent-Type: a/b\r\n\r\n", ""],
      ["NS: ", "\r\n\r\nContent-Type: a/b\r\n\r\n"],
    ],
    repeated: ["a: b\r\n", "NS: a <b:c>\r\n", ";a=b", "\\u0041"],
  },
);

describeBadInput(
  "an address",
  {
    corpus: ['"A\\"" <sip:a@h>', "A B <im:a@h>", "<im:a@h>"],
    errors: [CpimError],
    read: (bytes) => void parseCpimAddress(bytes.toString("latin1")),
  },
  {
    around: [
      ["", ""],
      ['"', ""],
      ["A <", ""],
    ],
  },
);

describeBadInput("an escaped text", {
  corpus: ["a\\tb\\u0041\\\\", "\\n"],
  read(bytes) {
    const text = bytes.toString("latin1");
    unescapeCpim(text);
    return unescapeCpim(escapeCpim(text)) === text ? undefined : "not the same again";
  },
});
