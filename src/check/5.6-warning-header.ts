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
  readonly warning: Warning;
}

/** What can be read as a warning; what cannot is the business of 5.6.1-2a. */
function warnings(trace: ScenarioTrace): readonly Occasion[] {
  return explained(trace).flatMap((record) =>
    warningsOf(record.message).map((warning) => ({ record, warning })),
  );
}

function written({ code, agent, text }: Warning): string {
  return `Warning: ${code} ${agent} "${text}"`;
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

export const warningCode399 = check("5.6.1-2b", {
  trigger: warnings,
  judge: ({ record, warning }) =>
    expectThat(warning.code === WARN_CODE, "warn-code 399", written(warning), record),
});

export const warningAgent = check("5.6.1-2c", {
  trigger: warnings,
  judge: ({ record, warning }) =>
    noted(
      "the warn-agent may be the host name of the server",
      written(warning),
      "MAY; a pseudonym serves as well",
      record,
    ),
});

export const warningTextCode = check("5.6.2-1", {
  trigger: warnings,
  judge: ({ record, warning }) =>
    expectThat(
      /^\s*\d{3}(?!\d).*\p{L}/su.test(warning.text),
      "a text that begins with a code of three digits, and explains",
      written(warning),
      record,
    ),
});
