/** What is wrong with an answer in the light of its offer, and with a later offer in the light of an earlier one (RFC 3264 6 and 8). */
import { answeredDirection } from "./answer.ts";
import type { SdpDescription, SdpSection } from "./description.ts";
import { sdpReadable } from "./error.ts";
import { attributeValue, directionOf, linesOf, mediaLineOf, originOf } from "./lines.ts";
import type { SdpDirection } from "./lines.ts";
import { messageMediaViolations } from "./media-rules.ts";
import { entriesMeet, messageMediaOf } from "./message-media.ts";
import { serializeSdp } from "./serialize.ts";
import type { SdpViolation, SdpViolationCode } from "./violation.ts";

export interface CheckAnswerRules {
  /** Hold the answer to RFC 6135 as well. */
  readonly comedia?: boolean;
}

/** Everything that the answer does wrong, the rules of RFC 4975 for its MSRP media included; empty for a conforming one. Never throws. */
export function checkAnswer(
  offer: SdpDescription,
  answer: SdpDescription,
  rules: CheckAnswerRules = {},
): SdpViolation[] {
  const own = messageMediaViolations(answer, rules.comedia === true ? { comedia: "answer" } : {});
  const media = offer.media.flatMap((section, index) => {
    const answered = answer.media[index];
    return answered === undefined ? [] : mediaViolations(offer, section, answer, answered, index);
  });
  return [...sessionViolations(offer, answer), ...media, ...own];
}

function violation(
  code: SdpViolationCode,
  media: number,
  clause: string,
  message: string,
  section?: SdpSection,
): SdpViolation {
  const offset = section === undefined ? -1 : (section.lines[0]?.offset ?? -1);
  return { code, media, offset, message, clause };
}

function sessionViolations(offer: SdpDescription, answer: SdpDescription): SdpViolation[] {
  const found: SdpViolation[] = [];
  const [offered, answered] = [offer.media.length, answer.media.length];
  if (offered !== answered)
    found.push(violation("media-count", -1, "RFC 3264 6", `expected ${offered} m= lines, got ${answered}`));
  const times = [offer, answer].map((one) =>
    linesOf(one, "t")
      .map(({ value }) => value)
      .join(", "),
  );
  if (times[0] !== times[1])
    found.push(violation("time", -1, "RFC 3264 6", `expected t=${times[0]}, got t=${times[1]}`));
  const [a, b] = [offer, answer].map((one) => linesOf(one, "o")[0]?.value);
  if (a === b && !sameDescription(offer, answer))
    found.push(
      violation("origin", -1, "RFC 3264 6", "expected an o= line of the answerer's own, got the offer's"),
    );
  return found;
}

function sameDescription(a: SdpDescription, b: SdpDescription): boolean {
  return Buffer.compare(serializeSdp(a), serializeSdp(b)) === 0;
}

function mediaViolations(
  offer: SdpDescription,
  offered: SdpSection,
  answer: SdpDescription,
  answered: SdpSection,
  index: number,
): SdpViolation[] {
  const [asked, given] = [sdpReadable(() => mediaLineOf(offered)), sdpReadable(() => mediaLineOf(answered))];
  if (asked === undefined || given === undefined) return [];
  const report = (code: SdpViolationCode, clause: string, message: string): SdpViolation[] => [
    violation(code, index, clause, message, answered),
  ];
  if (asked.media !== given.media)
    return report("media-type", "RFC 3264 6.1", `expected m=${asked.media}, got m=${given.media}`);
  if (asked.protocol.toUpperCase() !== given.protocol.toUpperCase())
    return report(
      "protocol",
      "RFC 3264 6, RFC 4975 8.1",
      `expected ${asked.protocol}, got ${given.protocol}`,
    );
  if (given.port === 0) return [];
  if (asked.port === 0)
    return report("rejected-port", "RFC 3264 8.2", `expected port 0 as in the offer, got ${given.port}`);
  return [
    ...directionViolations(offer, offered, answer, answered, report),
    ...setupViolations(offered, answered, report),
    ...typeViolations(offer, answer, index, report),
    ...fileViolations(offered, answered, report),
  ];
}

/** Undefined also where some attribute cannot be read. */
function valueOf(section: SdpSection, name: string): string | undefined {
  return sdpReadable(() => attributeValue(section, name));
}

type Report = (code: SdpViolationCode, clause: string, message: string) => SdpViolation[];

/** RFC 3264 6.1: the answer may want less than the offer, never more. */
function directionViolations(
  offer: SdpDescription,
  offered: SdpSection,
  answer: SdpDescription,
  answered: SdpSection,
  report: Report,
): SdpViolation[] {
  const asked = sdpReadable(() => directionOf(offer, offered)) ?? "sendrecv";
  const given = sdpReadable(() => directionOf(answer, answered)) ?? "sendrecv";
  const most = answeredDirection(asked, "sendrecv");
  if (answeredDirection(asked, given) === given) return [];
  const less: readonly SdpDirection[] = most === "inactive" ? [] : ["inactive"];
  const expected = [most, ...less].join(" or ");
  return report("direction", "RFC 3264 6.1", `expected ${expected} to an offer of ${asked}, got ${given}`);
}

/** RFC 4145 4.1: what may answer what. */
const SETUP_ANSWERS: Readonly<Record<string, readonly string[]>> = {
  active: ["passive"],
  passive: ["active"],
  actpass: ["active", "passive"],
};

function setupViolations(offered: SdpSection, answered: SdpSection, report: Report): SdpViolation[] {
  const asked = valueOf(offered, "setup");
  const given = valueOf(answered, "setup");
  const allowed = SETUP_ANSWERS[asked ?? ""];
  if (allowed === undefined || given === undefined || given === "holdconn" || allowed.includes(given))
    return [];
  const clause = "RFC 4145 4.1, RFC 6135 4.2.2";
  return report("setup-answer", clause, `expected ${allowed.join(" or ")} to ${asked}, got ${given}`);
}

function typeViolations(
  offer: SdpDescription,
  answer: SdpDescription,
  index: number,
  report: Report,
): SdpViolation[] {
  const [asked, given] = [offer, answer].map((one) =>
    sdpReadable(() => messageMediaOf(one))?.find((media) => media.index === index),
  );
  if (asked === undefined || given === undefined) return [];
  if (asked.acceptTypes.length === 0 || given.acceptTypes.length === 0) return [];
  const common = asked.acceptTypes.some((a) => given.acceptTypes.some((b) => entriesMeet(a, b)));
  const what = `expected port 0, as ${given.acceptTypes.join(" ")} has nothing of ${asked.acceptTypes.join(" ")}`;
  return common ? [] : report("no-common-type", "RFC 3264 6.1, RFC 4975 8.6", what);
}

/** RFC 5547 8.1: the answerer copies the identifier of the transfer. */
function fileViolations(offered: SdpSection, answered: SdpSection, report: Report): SdpViolation[] {
  const asked = valueOf(offered, "file-transfer-id");
  const given = valueOf(answered, "file-transfer-id");
  // An answerer that knows nothing of RFC 5547 answers without any of its attributes.
  if (asked === given || valueOf(answered, "file-selector") === undefined) return [];
  const what = `expected a=file-transfer-id:${asked ?? ""}, got ${given ?? "none"}`;
  return report("file-transfer-id", "RFC 5547 8.1", what);
}

/**
 * What a later offer, or a later answer of the same end, does wrong in the light of the description that this end sent before (RFC 3264 8,
 * RFC 4975 8.4). Never throws.
 */
export function checkUpdate(previous: SdpDescription, next: SdpDescription): SdpViolation[] {
  const found: SdpViolation[] = [];
  const clause = "RFC 3264 8";
  if (next.media.length < previous.media.length) {
    const what = `expected at least ${previous.media.length} m= lines, got ${next.media.length}`;
    found.push(violation("media-count", -1, clause, what));
  }
  const [before, after] = [previous, next].map((one) => sdpReadable(() => originOf(one)));
  if (before === undefined || after === undefined) return found;
  const rest = { ...after, sessionVersion: before.sessionVersion };
  if (JSON.stringify(rest) !== JSON.stringify(before))
    found.push(violation("origin", -1, clause, "expected the o= line of before but for its version"));
  const step = BigInt(after.sessionVersion) - BigInt(before.sessionVersion);
  if (step === 0n && !sameDescription(previous, next))
    found.push(
      violation("origin", -1, clause, "expected the version in o= to be one more, as something changed"),
    );
  if (step !== 0n && step !== 1n)
    found.push(
      violation("origin", -1, clause, `expected the version in o= to be one more, got ${step} more`),
    );
  if (step === 1n && sameBut(previous, next))
    found.push(violation("origin", -1, "RFC 4975 8.4", "expected the o= line of before, as nothing changed"));
  return found;
}

/** Whether two descriptions differ in nothing but o=. */
function sameBut(a: SdpDescription, b: SdpDescription): boolean {
  const strip = (one: SdpDescription): SdpDescription => ({
    ...one,
    lines: one.lines.filter(({ type }) => type !== "o"),
  });
  return sameDescription(strip(a), strip(b));
}
