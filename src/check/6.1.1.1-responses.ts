/** Responses that the originating participating function gives of its own, other than 200 (clause 6.1.1.1, second list). */
import type { ScenarioTrace, SipRecord } from "../trace/scenario-trace.ts";
import { tagOfTo } from "../trace/session/journeys.ts";
import { callIdIdentity, fromTag } from "../trace/sip-identity.ts";
import { isRelease1, parseReleaseToken } from "../spec/release-token.ts";
import { header, headerValues, toOf } from "../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../wire/sip/message.ts";
import { check, type Outcome } from "./check.ts";
import { expectThat, missed, passed } from "./outcome.ts";
import { readable } from "./pager-message.ts";
import { ownAnswers, type OwnAnswer } from "./server-answers.ts";

function otherThan200(trace: ScenarioTrace): readonly OwnAnswer[] {
  return ownAnswers(trace, "originating").filter(({ final }) => final.message.status !== 200);
}

/** RFC 3261 8.2.6.2: what a response repeats of its request. */
const REPEATED = ["Via", "From", "Call-ID", "CSeq"] as const;

export const originatingResponseSyntax = check("6.1.1.1-oth-1", {
  trigger: otherThan200,
  judge: ({ exchange, final }): Outcome => {
    const request = exchange.request.message;
    const expected = `${REPEATED.join(", ")} of the request, and its To with a tag (RFC 3261 8.2.6.2)`;
    const changed = [
      ...REPEATED.filter((name) => !isRepeated(name, request, final.message)),
      ...(hasToWithTag(request, final.message) ? [] : ["To"]),
    ];
    return changed.length === 0
      ? passed(expected, "so it is", exchange.request, final)
      : missed(
          expected,
          changed.map((name) => `${name}: ${header(final.message, name) ?? "none"}`).join("; "),
          exchange.request,
          final,
        );
  },
});

/** Parameters are added to Via on the way (received, rport), and white space is free. */
function isRepeated(name: string, request: SipRequest, response: SipResponse): boolean {
  if (name === "Via") return headerValues(response, name).length === headerValues(request, name).length;
  return bare(header(response, name)) === bare(header(request, name));
}

function bare(value: string | undefined): string {
  return (value ?? "").replaceAll(/\s+/gu, "").toLowerCase();
}

function hasToWithTag(request: SipRequest, response: SipResponse): boolean {
  const asked = readable(() => toOf(request), undefined);
  const given = readable(() => toOf(response), undefined);
  if (given?.tag === undefined) return false;
  return (
    asked === undefined || (asked.uri === given.uri && (asked.tag === undefined || asked.tag === given.tag))
  );
}

/** Of what begins something: in a dialog the release was told, and what answers CANCEL is of one hop. */
const begins = ({ exchange: { request } }: OwnAnswer): boolean =>
  request.message.method !== "CANCEL" && tagOfTo(request.message) === "";

export const originatingResponseServer = check("6.1.1.1-oth-2", {
  trigger: (trace) => otherThan200(trace).filter(begins),
  judge: ({ final }, trace) => {
    const given = productsIn(final.message);
    const expected = "Server with the IM release, IM-serv/OMA1.0, unless a response of the dialog had it";
    const earlier = given.some(tellsRelease1) ? undefined : toldBefore(final, trace);
    return earlier === undefined
      ? expectThat(
          given.some(tellsRelease1),
          expected,
          given.length === 0 ? "no Server header" : given.join(", "),
          final,
        )
      : passed(expected, "it was told before", earlier, final);
  },
});

function productsIn(response: SipResponse): readonly string[] {
  return ["Server", "User-Agent"].flatMap((name) => {
    const value = header(response, name);
    return value === undefined ? [] : [`${name}: ${value}`];
  });
}

/** An earlier response of the server in the same dialog, whichever end asked. */
function toldBefore(final: SipRecord<SipResponse>, trace: ScenarioTrace): SipRecord | undefined {
  const dialog = dialogOf(final.message);
  return trace.messages.find(
    ({ seq, peerIsSut, direction, message }) =>
      seq < final.seq &&
      peerIsSut &&
      direction === "in" &&
      message.kind === "response" &&
      dialogOf(message) === dialog &&
      productsIn(message).some(tellsRelease1),
  );
}

function dialogOf(response: SipResponse): string {
  return [callIdIdentity(response), ...[fromTag(response), tagOfTo(response)].sort()].join(" ");
}

function tellsRelease1(field: string): boolean {
  const token = parseReleaseToken(field.replace(/^[\w-]+: /u, ""));
  return token !== undefined && isRelease1(token);
}
