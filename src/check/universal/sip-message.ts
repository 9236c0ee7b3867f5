/**
 * The universal checks. What the SUT sends is judged, and what Scrim sends by the same rules: there a violation is an error of Scrim's,
 * unless the stimulus said that it would depart from the specification.
 */
import type { ScenarioTrace, SipRecord } from "../../trace/scenario-trace.ts";
import type { Violation, ViolationCode } from "../../wire/sip/validate.ts";
import { header } from "../../wire/sip/headers.ts";
import { check, type Check, type Outcome } from "../check.ts";
import { faultsOf } from "../message-faults.ts";
import { passed } from "../outcome.ts";

const CODES: Readonly<Record<string, readonly ViolationCode[]>> = {
  "SIP-headers": [
    "field-syntax",
    "uri-syntax",
    "duplicate-parameter",
    "utf-8",
    "reason-phrase",
    "status-range",
    "version-case",
    "request-uri",
    "max-forwards-range",
  ],
  "SIP-mandatory": [
    "header-missing",
    "header-repeated",
    "header-forbidden",
    "tag-missing",
    "contact-star",
    "contact-count",
  ],
  "SIP-via": ["branch-cookie", "via-transport"],
  "SIP-cseq": ["cseq-range", "cseq-method"],
  "SIP-body": ["content-length", "content-type-missing", "content-type-boundary", "body-forbidden"],
  "SIP-identity": ["identity-count", "identity-scheme", "privacy-value"],
};

/** By this name the core is known in traces, whoever plays it. */
const CORE_NODE = "core";

/** Messages that the SUT sent, and messages that a node of Scrim's sent (once: what another node of Scrim's received is the same). */
function sentMessages(trace: ScenarioTrace): readonly SipRecord[] {
  return trace.messages.filter((record) => isSuts(record) || record.direction === "out");
}

function isSuts({ peerIsSut, direction }: Pick<SipRecord, "peerIsSut" | "direction">): boolean {
  return peerIsSut && direction === "in";
}

function grammarCheck(statement: string): Check {
  const codes = CODES[statement] ?? [];
  return check(statement, {
    universal: true,
    trigger: (trace) => [sentMessages(trace).filter((record) => !isDeviation(record, trace))],
    judge: (records, trace) => {
      const found = records.flatMap((record) =>
        outcomesFor(
          record,
          faultsOf(record.message).filter(
            (one) => codes.includes(one.code) && !isPassedOn(record, one, trace),
          ),
        ),
      );
      const own = records.filter(isSuts);
      return found.length > 0 || own.length === 0
        ? found
        : [passed("messages without fault", `${own.length} messages, no fault found`, own[0])];
    },
  });
}

function outcomesFor(record: SipRecord, found: readonly Violation[]): readonly Outcome[] {
  return found.map((violation) => ({
    result: "miss" as const,
    expected: violation.clause,
    actual: violation.message,
    evidence: [
      violation.offset < 0
        ? { seq: record.seq }
        : { seq: record.seq, from: violation.offset, to: violation.offset + 1 },
    ],
    ...(isSuts(record) ? {} : { blame: "scrim" as const }),
  }));
}

/** What a node of Scrim's passed on of the SUT's own message, by Call-ID and CSeq: it was the SUT's fault, and is told where the SUT sent it. */
function isPassedOn(record: SipRecord, violation: Violation, trace: ScenarioTrace): boolean {
  return trace.messages.some(
    (other) =>
      other.seq < record.seq &&
      (isSuts(other)
        ? !isSuts(record) && carriesOn(record, other) && hasSame(violation, other)
        : isOfExternalCore(other, trace) && hasSame(violation, other, violation.message)),
  );
}

function carriesOn(record: SipRecord, other: SipRecord): boolean {
  return (
    other.message.kind === record.message.kind &&
    header(other.message, "Call-ID") === header(record.message, "Call-ID") &&
    header(other.message, "CSeq") === header(record.message, "CSeq")
  );
}

/** `words`: of the same value, too. */
function hasSame({ code, header: name }: Violation, { message }: SipRecord, words?: string): boolean {
  return faultsOf(message).some(
    (own) => own.code === code && own.header === name && (words === undefined || own.message === words),
  );
}

/**
 * A core of the lab is not judged: neither Scrim nor the SUT answers for what it said, when they pass it on, copy it into messages of their own
 * or repeat it in a response.
 */
function isOfExternalCore({ peer, direction }: SipRecord, { sutFile }: ScenarioTrace): boolean {
  return sutFile.core.kind === "external" && direction === "in" && peer === CORE_NODE;
}

/** A message that Scrim altered on purpose, or that carries such a message on. */
function isDeviation(record: SipRecord, trace: ScenarioTrace): boolean {
  return trace.stimuli.some(
    (stimulus) =>
      stimulus.deviations.length > 0 && (record.stimulus === stimulus.id || carries(record, stimulus.token)),
  );
}

function carries(record: SipRecord, token: string | undefined): boolean {
  return token !== undefined && new TextDecoder().decode(record.message.body).includes(token);
}

export const headers = grammarCheck("SIP-headers");
export const mandatory = grammarCheck("SIP-mandatory");
export const via = grammarCheck("SIP-via");
export const cseq = grammarCheck("SIP-cseq");
export const body = grammarCheck("SIP-body");
export const identity = grammarCheck("SIP-identity");

export const readable = check("SIP-readable", {
  universal: true,
  trigger: (trace) => [trace.malformed.filter(isSuts)],
  judge: (ruins, trace) => {
    const own = trace.messages.filter(isSuts);
    if (ruins.length === 0)
      return own.length === 0 ? [] : [passed("SIP messages", `${own.length} messages could be read`, own[0])];
    return ruins.map(({ seq, malformed }) => ({
      result: "miss" as const,
      expected: "a SIP message",
      actual: malformed.message,
      evidence: [{ seq, from: malformed.offset, to: malformed.offset + 1 }],
    }));
  },
});
