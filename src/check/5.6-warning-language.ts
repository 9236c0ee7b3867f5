/** The language of warning texts (clause 5.6.1): that which the client prefers in its INVITE. */
import { WARN_CODE, WARNING_TEXTS } from "../spec/warning-codes.ts";
import type { ScenarioTrace, SipRecord } from "../trace/scenario-trace.ts";
import { headerValues, warningsOf } from "../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../wire/sip/message.ts";
import { check } from "./check.ts";
import { expectThat, missed, passed } from "./outcome.ts";
import { readable } from "./pager-message.ts";
import { ownAnswers } from "./server-answers.ts";

interface Worded {
  readonly request: SipRecord<SipRequest>;
  readonly refusal: SipRecord<SipResponse>;
  readonly text: string;
  readonly languages: string;
}

/** Refusals of the server's own that explain themselves to clients that do not ask for English. */
function worded(trace: ScenarioTrace): readonly Worded[] {
  return ownAnswers(trace).flatMap(({ exchange: { request }, final }) => {
    const languages = request.message.method === "INVITE" ? languagesIn(request.message) : [];
    if (languages.length === 0 || languages.some(isEnglish) || final.message.status < 300) return [];
    return readable(() => warningsOf(final.message), [])
      .filter(({ code }) => code === WARN_CODE)
      .map(({ text }) => ({ request, refusal: final, text: text.trim(), languages: languages.join(", ") }));
  });
}

/** With the weight that they have in it; those that have none are not wanted (RFC 2616 14.4). */
function languagesIn(request: SipRequest): readonly string[] {
  return headerValues(request, "Accept-Language")
    .map((value) => value.trim())
    .filter((value) => value !== "" && !/;\s*q\s*=\s*0(?:\.0*)?\s*$/u.test(value));
}

/** Any language at all may be English. */
function isEnglish(range: string): boolean {
  return /^(?:en(?:-|;|\s|$)|\*)/iu.test(range);
}

/** The words of the specification itself, which spells them in more than one way. */
function isOfSpecification(text: string): boolean {
  const plain = (words: string): string => words.toLowerCase().replaceAll("z", "s");
  return Object.values(WARNING_TEXTS).some(({ text: words }) => plain(text).includes(plain(words)));
}

export const warningInPreferredLanguage = check<Worded>("5.6.1-4", {
  trigger: worded,
  judge: ({ request, refusal, text, languages }) => {
    const expected = `an explanation in the language that the client prefers: ${languages}`;
    if (isOfSpecification(text)) return missed(expected, `English: ${text}`, request, refusal);
    const note = "it is not English; which language it is, no check can tell";
    return { ...passed(expected, text, request, refusal), note };
  },
});

/** There may be further warnings: one of a refusal has to have the code. Which codes there are, OMA-POC-CP says and not this enabler. */
export const codeIsNotTranslated = check<readonly Worded[]>("5.6.1-5", {
  trigger: (trace) => {
    const translated = worded(trace).filter(({ text }) => !isOfSpecification(text));
    const refusals = [...new Set(translated.map(({ refusal }) => refusal))];
    return refusals.map((one) => translated.filter(({ refusal }) => refusal === one));
  },
  judge: (texts) =>
    expectThat(
      texts.some(({ text }) => /^\d{3}(?!\d)/u.test(text)),
      "a translated text that begins with the code of three digits",
      texts.map(({ text }) => text).join("; "),
      texts[0]?.refusal,
    ),
});
