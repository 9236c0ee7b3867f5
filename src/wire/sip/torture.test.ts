/** The torture messages of RFC 4475 and RFC 5118 (`testdata/README.md`), each whole, in a stream, and cut at every octet. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readOrError, SipParseError } from "./error.ts";
import { createSipFramer } from "./framer.ts";
import * as headers from "./headers.ts";
import type { SipMessage } from "./message.ts";
import { parseSip } from "./parse.ts";
import { serializeSip } from "./serialize.ts";
import { parseSipUri } from "./uri.ts";
import { violations } from "./validate.ts";

interface TortureCase {
  readonly file: string;
  readonly title: string;
  readonly section: string;
  readonly outcome: "conforming" | "departs" | "refused";
  readonly violations?: readonly string[];
  readonly error?: string;
  readonly stream: "message" | "two-messages" | "error-then-on" | "error-and-lost" | "waits";
  readonly reason: string;
  readonly latitude?: string;
}

const TESTDATA = new URL("testdata/", import.meta.url);
const octets = (path: string): Buffer => readFileSync(new URL(path, TESTDATA));
const filesOf = (folder: string): string[] =>
  readdirSync(new URL(folder, TESTDATA)).filter((name) => name.endsWith(".dat"));

function casesOf(folder: string): readonly TortureCase[] {
  const file: { readonly cases: readonly TortureCase[] } = JSON.parse(
    octets(`${folder}cases.json`).toString(),
  );
  return file.cases;
}

/** What came of a message, in words that a case can be compared with. */
function outcomeOf(result: SipMessage | SipParseError): string {
  if (result instanceof SipParseError) return `refused ${result.code}`;
  const codes = violations(result).map(({ code }) => code);
  return codes.length === 0 ? "conforming" : `departs ${codes.sort().join(" ")}`;
}

function expectedOutcome(torture: TortureCase): string {
  const codes = torture.error ?? [...(torture.violations ?? [])].sort().join(" ");
  return codes === "" ? torture.outcome : `${torture.outcome} ${codes}`;
}

const AFTER = Buffer.from("OPTIONS sip:after@example.com SIP/2.0\r\nContent-Length: 0\r\n\r\n");

/** What a stream gives for the octets and a message behind them, in pieces of `size` octets. */
function streamed(bytes: Uint8Array, size: number): { results: string[]; lost: boolean; at: string } {
  const framer = createSipFramer();
  const results: (SipMessage | SipParseError)[] = [];
  for (let at = 0; at < bytes.length; at += size) results.push(...framer.push(bytes.subarray(at, at + size)));
  const end = framer.end();
  const shown = results.map((result) =>
    result instanceof SipParseError ? outcomeOf(result) : (headers.callIdOf(result) ?? "after"),
  );
  return { results: shown, lost: framer.broken !== undefined, at: end === undefined ? "" : outcomeOf(end) };
}

function expectedStream(torture: TortureCase, bytes: Uint8Array): ReturnType<typeof streamed> {
  const refusal = `refused ${torture.error ?? "content-length-missing"}`;
  const message = readOrError(() => parseSip(bytes));
  const id = message instanceof SipParseError ? "" : (headers.callIdOf(message) ?? "after");
  const expected: Record<TortureCase["stream"], ReturnType<typeof streamed>> = {
    message: { results: [id, "after"], lost: false, at: "" },
    // Five octets are left over behind the second: no start line.
    "two-messages": { results: [id, SECOND_IN_DBLREQ, "refused start-line"], lost: true, at: "" },
    "error-then-on": { results: [refusal, "after"], lost: false, at: "" },
    "error-and-lost": { results: [refusal], lost: true, at: "" },
    waits: { results: [], lost: false, at: refusal },
  };
  return expected[torture.stream];
}

const SECOND_IN_DBLREQ = "dblreq.0ha0isnda977644900765@192.0.2.15";

describe.each([
  ["rfc4475/", 49],
  ["rfc5118/", 12],
])("%s", (folder, count) => {
  const cases = casesOf(folder);

  test(`has a case for each of the ${count} messages`, () => {
    expect(cases.map(({ file }) => file).sort()).toEqual(filesOf(folder).sort());
    expect(cases).toHaveLength(count);
    expect(cases.filter(({ reason, section }) => reason === "" || section === "")).toEqual([]);
  });

  test.each(cases.map((torture) => [torture.file, torture.title, torture] as const))(
    "%s: %s",
    (file, _title, torture) => {
      const bytes = octets(`${folder}${file}`);
      const result = readOrError(() => parseSip(bytes));
      expect(outcomeOf(result)).toBe(expectedOutcome(torture));
      const written = result instanceof SipParseError ? bytes : serializeSip(result);
      expect(Buffer.compare(written, bytes)).toBe(0);
    },
  );

  test.each(cases.map((torture) => [torture.stream, torture.file, torture] as const))(
    "in a stream, whole and octet by octet, %s: %s",
    (_stream, file, torture) => {
      const bytes = octets(`${folder}${file}`);
      // Nothing follows what waits for more: the next message would be taken for it.
      const input = torture.stream === "waits" ? bytes : Buffer.concat([bytes, AFTER]);
      for (const size of [input.length, 1, 7]) {
        expect(streamed(input, size), `pieces of ${size}`).toEqual(expectedStream(torture, bytes));
      }
    },
  );

  test.each(cases.map(({ file }) => [file]))(
    "cut at every octet, %s gives a message or a typed error",
    (file) => {
      const bytes = octets(`${folder}${file}`);
      for (let end = 0; end < bytes.length; end += 1) {
        const prefix = bytes.subarray(0, end);
        const result = readOrError(() => parseSip(prefix));
        const offsets =
          result instanceof SipParseError ? [result.offset] : violations(result).map(({ offset }) => offset);
        expect(Math.max(0, ...offsets)).toBeLessThanOrEqual(end);
      }
    },
  );
});

test.each(filesOf("rfc5118/archive/"))("the archived octets of %s have no CRLF, and are refused", (file) => {
  const result = readOrError(() => parseSip(octets(`rfc5118/archive/${file}`)));
  expect(outcomeOf(result)).toBe("refused line-end");
});

test("baddn with the empty line that its archive lacks has two display names that need quotes", () => {
  const bytes = Buffer.concat([octets("rfc4475/baddn.dat"), Buffer.from("\r\n")]);
  const found = violations(parseSip(bytes));
  expect(found.map(({ code, header }) => `${code} ${header}`)).toEqual([
    "field-syntax From",
    "field-syntax To",
  ]);
});

/** What the documents say a reader must make of a message, beyond accepting it. */
describe("read as the documents say", () => {
  const parsed = (path: string): SipMessage => parseSip(octets(path));
  const uriOf = (path: string): string => {
    const message = parsed(path);
    return message.kind === "request" ? message.uri : "";
  };

  test.each<[string, unknown, unknown]>([
    ["wsinv: three Vias in two fields", headers.vias(parsed("rfc4475/wsinv.dat")).length, 3],
    ["wsinv: leading zeros", headers.cseqOf(parsed("rfc4475/wsinv.dat")), { number: 9, method: "INVITE" }],
    ["wsinv: folded To", headers.toOf(parsed("rfc4475/wsinv.dat"))?.tag, "1918181833n"],
    [
      "intmeth: % in the method",
      headers.cseqOf(parsed("rfc4475/intmeth.dat"))?.method,
      "!interesting-Method0123456789_*+`.%indeed'~",
    ],
    [
      "intmeth: display name",
      headers.toOf(parsed("rfc4475/intmeth.dat"))?.displayName,
      "BEL:\x07 NUL:\x00 DEL:\x7f",
    ],
    ["esc02: two Contacts", headers.contactsOf(parsed("rfc4475/esc02.dat")).length, 2],
    [
      "escnull: two Contacts",
      headers.contactsOf(parsed("rfc4475/escnull.dat")).map(({ uri }) => uri),
      ["sip:%00@host5.example.com", "sip:%00%00@host5.example.com"],
    ],
    ["longreq: every Via", headers.vias(parsed("rfc4475/longreq.dat")).length, 34],
    ["dblreq: no body", parsed("rfc4475/dblreq.dat").body.length, 0],
    ["semiuri: user part", parseSipUri(uriOf("rfc4475/semiuri.dat")).user, "user;par=u%40example.net"],
    [
      "transports: every transport",
      headers.vias(parsed("rfc4475/transports.dat")).map(({ transport }) => transport),
      ["UDP", "SCTP", "TLS", "UNKNOWN", "TCP"],
    ],
    ["mpart01: body with NULs", parsed("rfc4475/mpart01.dat").body.length, 553],
    [
      "cparam01: the field's parameter",
      headers.contactsOf(parsed("rfc4475/cparam01.dat"))[0]?.params.has("unknownparam"),
      true,
    ],
    [
      "cparam02: the URI's parameter",
      headers.contactsOf(parsed("rfc4475/cparam02.dat"))[0]?.params.has("unknownparam"),
      false,
    ],
    ["port-ambiguous: no port", parseSipUri(uriOf("rfc5118/port-ambiguous.dat")).port, undefined],
    ["port-unambiguous: a port", parseSipUri(uriOf("rfc5118/port-unambiguous.dat")).port, 5070],
    [
      "received with brackets",
      headers.viaOf(parsed("rfc5118/via-received-param-with-delim.dat"))?.params.get("received"),
      "[2001:db8::9:255]",
    ],
    [
      "received without brackets",
      headers.viaOf(parsed("rfc5118/via-received-param-no-delim.dat"))?.params.get("received"),
      "2001:db8::9:255",
    ],
    ["mapped address in Via", headers.viaOf(parsed("rfc5118/ipv4-mapped-ipv6.dat"))?.port, 19823],
  ])("%s", (_what, actual, wanted) => {
    expect(actual).toEqual(wanted);
  });
});
