/** Warning headers in the responses that a server gives of its own (clauses 5.6.1 and 5.6.2). */
import type { ScenarioTrace, SipRecord } from "../trace/scenario-trace.ts";
import { WARN_CODE } from "../spec/warning-codes.ts";
import type { Warning } from "../wire/sip/fields.ts";
import { header, headerValues, warningsOf } from "../wire/sip/headers.ts";
import type { SipResponse } from "../wire/sip/message.ts";
import { check } from "./check.ts";
import { expectThat, noted } from "./outcome.ts";
import { ownAnswers } from "./server-answers.ts";

function explained(trace: ScenarioTrace): readonly SipRecord<SipResponse>[] {
  return ownAnswers(trace)
    .map(({ final }) => final)
    .filter(({ message }) => header(message, "Warning") !== undefined);
}

interface Occasion {
  readonly record: SipRecord<SipResponse>;
  readonly warnings: readonly Warning[];
}

/** What can be read as warnings; what cannot is the business of 5.6.1-2a. */
function withWarnings(trace: ScenarioTrace): readonly Occasion[] {
  return explained(trace)
    .map((record) => ({ record, warnings: warningsOf(record.message) }))
    .filter(({ warnings }) => warnings.length > 0);
}

function written(warnings: readonly Warning[]): string {
  return warnings.map(({ code, agent, text }) => `Warning: ${code} ${agent} "${text}"`).join(", ");
}

export const warningText = check("5.6.1-1", {
  trigger: explained,
  judge: (record) =>
    noted(
      "a response may explain itself in words",
      `Warning: ${header(record.message, "Warning") ?? ""}`,
      "MAY",
      record,
    ),
});

export const warningHeaderSyntax = check("5.6.1-2a", {
  trigger: explained,
  judge: (record) =>
    expectThat(
      warningsOf(record.message).length === headerValues(record.message, "Warning").length,
      'Warning: code, agent and text in quotes, as in 399 im.example "127 Service not authorised"',
      `Warning: ${headerValues(record.message, "Warning").join(", ")}`,
      record,
    ),
});

/** RFC 3261 20.43: there may be further warnings, of other codes and by others on the way; one has to be that of the clause. */
export const warningCode399 = check("5.6.1-2b", {
  trigger: withWarnings,
  judge: ({ record, warnings }) =>
    expectThat(
      warnings.some(({ code }) => code === WARN_CODE),
      "warn-code 399",
      written(warnings),
      record,
    ),
});

export const warningAgent = check("5.6.1-2c", {
  trigger: withWarnings,
  judge: ({ record, warnings }) =>
    noted(
      "the warn-agent may be the host name of the server",
      written(warnings),
      "MAY; a pseudonym serves as well",
      record,
    ),
});

export const warningTextCode = check("5.6.2-1", {
  trigger: withWarnings,
  judge: ({ record, warnings }) =>
    expectThat(
      warnings.some(({ text }) => /^\s*\d{3}(?!\d).*\p{L}/su.test(text)),
      "a text that begins with a code of three digits, and explains",
      written(warnings),
      record,
    ),
});
