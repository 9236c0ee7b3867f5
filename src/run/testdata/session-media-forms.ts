/** Other ways to describe MSRP sessions (RFC 4975 8, RFC 6135) and to speak in them than those of the reference. */
import { decide } from "../../fault/fault.ts";
import { sameAddress } from "../../peer/im/address.ts";
import type { ServerAlteration } from "../../peer/im-server/server.ts";
import { byteRangeOf, formatByteRange, msrpHeader } from "../../wire/msrp/headers.ts";
import type { MsrpFrame, MsrpHeader } from "../../wire/msrp/message.ts";
import type { SdpDescription, SdpLine, SdpSection } from "../../wire/sdp/description.ts";
import { bytesOf } from "../../peer/im/content.ts";
import type { FinalReport } from "../../wire/xml/final-report.ts";

const line = (type: string, value: string): SdpLine => ({ type, value, offset: -1 });

/** Media types in other letters (RFC 2045 5.1). */
function inOtherLetters(given: SdpLine): SdpLine {
  return /^accept-(?:wrapped-)?types:/.test(given.value)
    ? { ...given, value: given.value.replaceAll(/[a-z]+\/(?=[a-z])/g, (type) => type.toUpperCase()) }
    : given;
}

/** Attributes in another order, and lines that RFC 4566 has besides, in theirs. */
function otherLines(section: SdpSection): SdpSection {
  const { lines } = section;
  const attributes = lines.filter(({ type }) => type === "a").map(inOtherLetters);
  const others = lines.filter(({ type }) => type !== "a");
  return {
    lines: [
      ...others.filter(({ type }) => type === "m"),
      line("i", "chat – a medium"),
      ...others.filter(({ type }) => type === "c"),
      line("b", "AS:64"),
      line("a", "x-vendor:1 2 3"),
      ...attributes.reverse(),
      line("a", "label:10"),
    ],
  };
}

function otherDescription({ lines, media }: SdpDescription): SdpDescription {
  const named = lines.flatMap((given) => {
    if (given.type === "o") return [{ ...given, value: given.value.replace(/^\S+/, "focus.7") }];
    if (given.type === "s") return [line("s", "A session of “many”"), line("i", "free of charge")];
    return given.type === "t" ? [line("b", "CT:128"), line("t", "0 0"), line("a", "tool:vendor 1")] : [given];
  });
  return { lines: named, media: media.map(otherLines) };
}

/** As long as an identifier may be, with all that may stand in it (RFC 4975 9). */
function longTransactionId(number: number): string {
  return `${String(number).padStart(6, "0")}.-+%=ABCDEFGHIJKLMNOPQRSTUVWXYZ`.slice(0, 32);
}

function withFields(frame: MsrpFrame, change: (field: MsrpHeader) => MsrpHeader): MsrpFrame {
  return { ...frame, head: { ...frame.head, headers: frame.head.headers.map(change) } };
}

const field = (name: string, value: string): MsrpHeader => ({ name, value, separator: " ", offset: -1 });

function replaced(frame: MsrpFrame, name: string, value: string): MsrpFrame {
  return withFields(frame, (one) => (one.name.toLowerCase() === name.toLowerCase() ? { ...one, value } : one));
}

/** Octets of a chunk: few enough to take headers of Message/CPIM apart. */
const FEW = 45;

/** A chunk as several; the last has the transaction of the one that it was, whose response is waited for. */
function inPieces(nextId: () => string): (frame: MsrpFrame) => readonly MsrpFrame[] {
  return (frame) => {
    const { head, body } = frame;
    const range = byteRangeOf(head);
    if (head.kind !== "request" || body === undefined || body.length <= FEW || range === undefined) return [frame];
    const size = Math.max(FEW, Math.ceil(body.length / 5));
    const starts = Array.from({ length: Math.ceil(body.length / size) }, (_, index) => index * size);
    return starts.map((from) => {
      const piece = body.subarray(from, from + size);
      const isLast = from + size >= body.length;
      const start = range.start + from;
      const ranged = replaced(
        { ...frame, body: piece, bodyBytes: piece.length },
        "Byte-Range",
        formatByteRange({ start, end: isLast ? range.end : "*", total: range.total }),
      );
      return isLast ? ranged : { ...ranged, flag: "+", head: { ...ranged.head, transactionId: nextId() } };
    });
  };
}

const isReport = ({ head }: MsrpFrame): boolean => head.kind === "request" && head.method === "REPORT";

/** The first two have their places (RFC 4975 7.1); the others not, but for those of MIME. */
function inOtherOrder(frame: MsrpFrame): MsrpFrame {
  const { headers } = frame.head;
  const mime = headers.filter(({ name }) => /^content-/i.test(name));
  const others = headers.slice(2).filter((one) => !mime.includes(one));
  const own = isReport(frame) ? [field("X-Vendor", "a; b=“c”")] : [];
  return { ...frame, head: { ...frame.head, headers: [...headers.slice(0, 2), ...others.reverse(), ...own, ...mime] } };
}

/** What holds anyway, said (RFC 4975 7.1.1). */
function explicit(frame: MsrpFrame): MsrpFrame {
  const said = (name: string, value: string): readonly MsrpHeader[] =>
    msrpHeader(frame.head, name) === undefined ? [field(name, value)] : [];
  const [to, from, ...others] = frame.head.headers;
  if (to === undefined || from === undefined) return frame;
  const more = [...said("Success-Report", "no"), ...said("Failure-Report", "yes")];
  return { ...frame, head: { ...frame.head, headers: [to, from, ...more, ...others] } };
}

function otherFrames(): NonNullable<NonNullable<ServerAlteration["msrp"]>["send"]> {
  let sent = 0;
  const cut = inPieces(() => longTransactionId((sent += 1)));
  return (frame) => {
    const { head } = frame;
    if (head.kind === "response")
      return head.status === 200 ? { ...frame, head: { ...head, comment: "Alles „gut“" } } : frame;
    if (head.method === "SEND") return cut(inOtherOrder(explicit(frame)));
    const status = msrpHeader(head, "Status");
    return status === undefined
      ? frame
      : inOtherOrder(replaced(frame, "Status", `${status.slice(0, 7)} so it is`));
  };
}

/** Many small chunks; descriptions with more in them, in another order. */
export const otherMedia: readonly ServerAlteration[] = [
  decide({
    sessionMedia: {
      described: (description: SdpDescription) => otherDescription(description),
      answerTypes: (offered: readonly string[]) => [...offered].reverse(),
      // RFC 4975 alone: whoever offers connects; and the focus connects where it may choose.
      offeredSetup: () => "none",
      answeredSetup: () => "active",
    },
  }),
  { msrp: { send: otherFrames() } },
];

/** Reports one by one, in other words; aliases, announcements. */
export const otherSwitch: readonly ServerAlteration[] = [
  decide({
    finalReport: {
      tellsOfRecipient: () => false,
      contentType: () => "Application/vnd.oma.Final-Report+XML;charset=utf-8",
      series: (_turn, legs) => legs.map((leg) => [leg]),
      body: (document: FinalReport) => bytesOf(reportInOtherWords(document)),
    },
    alias: {
      unique: (wanted, taken) => {
        const isTaken = taken.some(
          ({ displayName, uri }) => displayName === wanted.displayName || sameAddress(uri, wanted.uri),
        );
        const number = taken.length + 1;
        return isTaken
          ? { displayName: `Guest no. ${number}`, uri: `sip:guest.${number}@anonymous.invalid` }
          : wanted;
      },
    },
    announcement: {
      content: ({ text = "", externalContent }) => ({
        contentType: externalContent === undefined ? "text/html" : `message/external-body; access-type="url"; url="${externalContent}"`,
        body: externalContent === undefined ? `<p>${text}</p>` : "Content-Type: image/png\r\n\r\n",
      }),
    },
    privateMessage: { strangerStatus: () => 403 },
  }),
];

function reportInOtherWords({ messageId, last, legs }: FinalReport): string {
  const each = legs.map(
    ({ uri, status, maxSize }) =>
      `<f:leg ${status === undefined ? "" : `status='${status}' `}${maxSize === undefined ? "" : `max-size='${maxSize}' `}uri="${uri.replaceAll("&", "&#38;")}"></f:leg>`,
  );
  const about = messageId === undefined ? "" : ` Message-ID="${messageId}"`;
  return `<?xml version='1.0'?>\n<f:final xmlns:f="urn:oma:xml:poc:final-report"${about}${last === true ? ' last="1"' : ""}>\n<!-- legs -->${each.join("\n")}</f:final>\n`;
}
