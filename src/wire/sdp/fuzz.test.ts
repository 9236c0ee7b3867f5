/** Session descriptions, mutated: parser, list of departures, writer, and the views of media over MSRP. */
import { describe } from "vitest";
import { describeBadInput } from "../../testdata/bad-input.ts";
import { parseFileRange, parseFileSelector } from "./file-attributes.ts";
import { readOrSdpError, SdpParseError } from "./error.ts";
import { attributesOf, connectionOf, directionOf, mediaLineOf, originOf } from "./lines.ts";
import { messageMediaViolations } from "./media-rules.ts";
import { messageMediaOf, parseFormatList, parseMaxSize, parsePath, parseSetup } from "./message-media.ts";
import { parseSdp, sdpErrors } from "./parse.ts";
import { serializeSdp } from "./serialize.ts";
import { answerLines, offerLines, OFFER_MEDIA, sdpBytes } from "./testdata.ts";

const FILE_MEDIA = [
  ...OFFER_MEDIA,
  "a=setup:actpass",
  "a=max-size:100000",
  "a=accept-wrapped-types:text/plain",
  "a=sendonly",
  'a=file-selector:name:"My cool picture.jpg" type:image/jpeg size:32349 hash:sha-1:72:24:5F:E8:65:3D:DA:F3:71:36:2F:86:D4:71:91:3E:E4:A2:CE:2E',
  "a=file-transfer-id:vBnG916bdberum2fFEABR1FR3ExZMUrd",
  "a=file-disposition:attachment",
  'a=file-date:creation:"Mon, 15 May 2006 15:01:31 +0300"',
  "a=file-icon:cid:id2@alicepc.example.com",
  "a=file-range:1-32349",
];
const CORPUS = [
  offerLines(),
  answerLines(),
  offerLines(FILE_MEDIA),
  offerLines([...OFFER_MEDIA, ...FILE_MEDIA]),
].map(sdpBytes);
/** Above what the defaults let through, so that time is the parser's and not the limit's. */
const limits = { bytes: 4_194_304, lines: 4096 };

function read(bytes: Buffer): string | undefined {
  const errors = sdpErrors(bytes, limits);
  if (errors.some(({ offset }) => offset > bytes.length)) return "an offset outside";
  const description = readOrSdpError(() => parseSdp(bytes, { limits }));
  if (description instanceof SdpParseError)
    return errors.length > 0 ? undefined : "refused without a departure";
  if (errors.length > 0) return "read in spite of departures";
  originOf(description);
  connectionOf(description);
  for (const section of description.media) {
    mediaLineOf(section);
    attributesOf(section);
    directionOf(description, section);
  }
  messageMediaOf(description, { lenient: true });
  messageMediaViolations(description);
  return Buffer.compare(serializeSdp(description), bytes) === 0 ? undefined : "not lossless";
}

describeBadInput(
  "a session description",
  {
    corpus: CORPUS,
    morsels: ["m=", "a=", "a=path:msrp://", ";tcp", "IN IP6", "0 0"],
    errors: [SdpParseError],
    read,
  },
  {
    around: [
      ["", "\r\n"],
      ["v=0\r\n", ""],
      [Buffer.from(sdpBytes(offerLines())).toString("latin1"), "\r\n"],
      [`${Buffer.from(sdpBytes(offerLines())).toString("latin1")}a=file-selector:`, "\r\n"],
      [`${Buffer.from(sdpBytes(offerLines([]))).toString("latin1")}m=message 1 `, "\r\n"],
    ],
    repeated: ["a=b\r\n", "m=message 1 TCP/MSRP *\r\n", "a/b ", "msrp://a:1/b;tcp "],
  },
);

const VALUES: readonly (readonly [string, (text: string) => unknown, string])[] = [
  ["path", parsePath, "msrp://alice.example.com:7394/2s93i93idj;tcp msrps://[::1]:1/a;tcp;x=y"],
  ["accept-types", parseFormatList, "message/cpim text/plain text/* *"],
  ["max-size", parseMaxSize, "1000"],
  ["setup", parseSetup, "actpass"],
  ["file-selector", parseFileSelector, 'name:"a b.jpg" type:image/jpeg size:3 hash:sha-1:72:24:5F:E8'],
  ["file-range", parseFileRange, "1-*"],
];
describe.each(VALUES)("the value of %s", (name, parse, right) => {
  describeBadInput(
    name,
    { corpus: [right], errors: [SdpParseError], read: (bytes) => void parse(bytes.toString("latin1")) },
    {
      rounds: 300,
      around: [
        ["", ""],
        [right, ""],
        ['name:"', ""],
      ],
    },
  );
});
