/** The release of the system under test, in the messages for which a clause asks it to tell it (F.1). */
import type { ScenarioTrace, SipRecord } from "../trace/scenario-trace.ts";
import { parseReleaseToken, type ReleaseToken } from "../spec/release-token.ts";
import { cseqOf, header } from "../wire/sip/headers.ts";
import { arrivals } from "./terminating-message.ts";
import { ownAnswers } from "./server-answers.ts";
import { systemMessages } from "./system-messages.ts";

/** A message that tells the release, or should, and the header fields in which it may. */
export interface Telling {
  readonly record: SipRecord;
  readonly fields: readonly { readonly name: string; readonly value: string }[];
}

const NAMES = ["User-Agent", "Server"] as const;

export function tellings(trace: ScenarioTrace): readonly Telling[] {
  return trace.opened.sut === "client"
    ? ofClient(trace)
    : [...ofServer(trace), ...onwardMessages(trace)].filter(({ fields }) => fields.length > 0);
}

/** Responses other than 200 (6.1.1.1) and system messages (5.4): these must tell it. */
export function ofServer(trace: ScenarioTrace): readonly Telling[] {
  const answers = ownAnswers(trace, "originating")
    .map(({ final }) => final)
    .filter(({ message }) => message.status !== 200);
  const requests = systemMessages(trace).flatMap(({ sent }) => sent.map(({ request }) => request));
  return [...answers, ...requests].map((record) => telling(record, NAMES));
}

/** 6.1.2.3.1: what the server adds on the way to the client; what was there before is the sender's. */
function onwardMessages(trace: ScenarioTrace): readonly Telling[] {
  return arrivals(trace).flatMap((exchange) => {
    const onward = trace.onwardOf(exchange)?.request;
    const isAdded =
      onward !== undefined &&
      header(onward.message, "Server") !== undefined &&
      header(exchange.request.message, "Server") === undefined;
    return isAdded ? [telling(onward, ["Server"])] : [];
  });
}

/** User-Agent of requests; User-Agent or Server of responses to MESSAGE. */
function ofClient(trace: ScenarioTrace): readonly Telling[] {
  // A SUT file may have a server too, which answers for itself.
  const node = trace.sutFile.client?.node;
  return trace.messages
    .filter(({ peer, direction, message }) => {
      const method = message.kind === "request" ? message.method : cseqOf(message)?.method;
      const methods = message.kind === "request" ? ["REGISTER", "PUBLISH", "MESSAGE"] : ["MESSAGE"];
      return peer === node && direction === "in" && method !== undefined && methods.includes(method);
    })
    .map((record) => telling(record, record.message.kind === "request" ? ["User-Agent"] : NAMES))
    .filter(({ fields }) => fields.length > 0);
}

function telling(record: SipRecord, names: readonly string[]): Telling {
  const fields = names.flatMap((name) => {
    const value = header(record.message, name);
    return value === undefined ? [] : [{ name, value }];
  });
  return { record, fields };
}

/** The first products that have the form of F.1; SLASH of RFC 3261 allows white space around it. */
export function tokensOf({ fields }: Telling): readonly ReleaseToken[] {
  return fields.flatMap(({ value }) => parseReleaseToken(value.replace(/\s*\/\s*/u, "/")) ?? []);
}

export function written({ fields }: Telling): string {
  return fields.length === 0
    ? "neither User-Agent nor Server"
    : fields.map(({ name, value }) => `${name}: ${value}`).join(", ");
}
