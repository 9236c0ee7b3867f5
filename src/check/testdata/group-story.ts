/** A message of Alice's to the group Friends, at the controlling function of a server under test: what tests of readers and checks look at. */
import { readSutFile } from "../../spec/sut-file-reader.ts";
import type { UnplacedEvent } from "../../trace/recorder.ts";
import { readScenarioTrace } from "../../trace/scenario-trace-reader.ts";
import type { ScenarioTrace } from "../../trace/scenario-trace.ts";
import {
  closing,
  crossed,
  opening,
  requestText,
  responseText,
  runOpened,
  traceEvents,
  type RequestParts,
} from "../../trace/testdata/events.ts";
import { buildCpim } from "../../wire/cpim/build.ts";
import { IMDN_DECLARATION } from "../../wire/cpim/imdn-headers.ts";
import { parseContentType } from "../../wire/mime/content-type.ts";
import { writeImdn } from "../../wire/xml/imdn.ts";

export const sutFile = readSutFile("scenarios/sut/reference.yaml");
/** Ts2 of that file. */
export const TS2_MS = sutFile.server?.timers.ts2Ms ?? 0;
export const alice = "sip:alice@home.test";
export const bob = "sip:bob@home.test";
export const ted = "sip:ted@home.test";
export const friends = "sip:friends@home.test";

const TOKEN = "token-of-the-message";
const controlling = { serverFunction: "controlling" } as const;

/** When it happens, in milliseconds after the message. */
export type Moment = readonly [at: number, event: UnplacedEvent];

/** `moments` in any order; the message is given to the server at 0. */
export function groupStory(asked: string, ...moments: readonly Moment[]): ScenarioTrace {
  const body = cpim(["imdn.Message-ID", "m1"], ...(asked === "" ? [] : [["imdn.Disposition-Notification", asked] as const]));
  const message = { branches: ["z9hG4bK-m"], callId: "m", uri: friends, type: "message/cpim", body };
  const arranged: readonly Moment[] = [
    ...[runOpened, ...opening()].map((event): Moment => [-10, event]),
    [-10, { type: "provisioned", scenario: "s1", item: { kind: "group", uri: friends, members: [alice, bob, ted], allowAnonymity: true, supportsIm: true } }],
    [-5, { type: "stimulated", scenario: "s1", id: "x1", actor: "Alice", action: "send-message", intent: {}, token: TOKEN, deviations: [] }],
    [0, toServer(message)],
    [1, crossed("server", "core", "core", responseText("202 Accepted", message), controlling)],
  ];
  const story = [...arranged, ...moments, [10 * TS2_MS, closing()] as const].sort(([a], [b]) => a - b);
  const events = traceEvents(story.map(([, event]) => event));
  return readScenarioTrace(
    events.map((event, index) => ({ ...event, at: 10_000 + (story[index]?.[0] ?? 0) })),
    sutFile,
  );
}

/** A copy, and how it ends. */
export function copyFor(recipient: string, at: number, end: readonly [at: number, status: string], to = recipient): readonly Moment[] {
  const copy = { branches: [`z9hG4bK-${to}`], callId: to, uri: recipient, to, type: "message/cpim", body: cpim(["imdn.Message-ID", "m1"]) };
  return [
    [at, crossed("server", "core", "core", requestText({ ...copy, headers: [`P-Asserted-Identity: <${friends}>`] }), controlling)],
    [end[0], crossed("core", "server", "core", responseText(end[1], copy), controlling)],
  ];
}

/** A notification of a recipient, as it is given to the server. */
export function notificationOf(recipient: string, at: number): Moment {
  return [at, toServer({ ...notice(`n-${recipient}`, friends, [recipient]), headers: [`P-Asserted-Identity: <${recipient}>`] })];
}

/** What the server sends to Alice about recipients. */
export function notified(about: readonly string[], at: number, status: "delivered" | "failed" = "delivered"): Moment {
  return [at, crossed("server", "core", "core", requestText(notice(`a-${at}`, alice, about, status)), controlling)];
}

function toServer(parts: RequestParts): UnplacedEvent {
  const headers = parts.headers ?? [`P-Asserted-Identity: <${alice}>`];
  return crossed("core", "server", "core", requestText({ ...parts, headers }), controlling);
}

function notice(callId: string, uri: string, about: readonly string[], status: "delivered" | "failed" = "delivered"): RequestParts {
  const parts = about.map((recipientUri) => {
    const document = writeImdn({ messageId: "m1", dateTime: "2026-01-01T00:00:00Z", recipientUri, kind: "delivery", status });
    return ["--b", "Content-Type: message/imdn+xml", "", new TextDecoder().decode(document)].join("\r\n");
  });
  const body = [...parts, "--b--", ""].join("\r\n");
  return { branches: [`z9hG4bK-${callId}`], callId, uri, type: "multipart/mixed;boundary=b", body };
}

function cpim(...headers: readonly (readonly [string, string])[]): string {
  const bytes = buildCpim({
    headers: [["From", `<${alice}>`], ["To", `<${friends}>`], ["DateTime", "2026-01-01T00:00:00Z"], ["NS", IMDN_DECLARATION], ...headers],
    contentType: parseContentType("text/plain"),
    body: TOKEN,
  });
  return new TextDecoder().decode(bytes);
}
