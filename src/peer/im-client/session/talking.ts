/** Messages that the client sends in a session (clauses 5.7.2, 7.1.3.2, 7.1.3.4). */
import type { SendOptions } from "../../../endpoint/msrp/sending.ts";
import type { MessageSource } from "../../../endpoint/msrp/source.ts";
import type { ActionAnswer, SendInSessionAction } from "../../../spec/actions.ts";
import { formatCpimAddress } from "../../../wire/cpim/address.ts";
import { buildCpim } from "../../../wire/cpim/build.ts";
import { IS_COMPOSING_TYPE, writeIsComposing } from "../../../wire/xml/is-composing.ts";
import { bytesOf } from "../../im/content.ts";
import type { PartDraft } from "../../im/content.ts";
import { mediaTypes } from "../../im/identifiers.ts";
import type { ClientParts } from "../parts.ts";
import type { RequestChanges } from "../requesting.ts";
import { createAnswer, done, failed } from "./answers.ts";
import { sessionNamed } from "./session.ts";
import type { ClientSession, SessionMedia, SessionScript } from "./session.ts";

/** A message before it goes to MSRP, for a tester to change. */
export interface SessionMessage {
  readonly contentType: string;
  readonly body: Uint8Array;
  readonly messageId?: string;
  /** Header fields of the SEND. */
  readonly headers: readonly (readonly [string, string])[];
  readonly successReport: boolean;
  readonly failureReport: "yes" | "no" | "partial" | undefined;
}

export function sendInSession(
  client: ClientParts,
  action: SendInSessionAction,
  changes: RequestChanges = {},
): Promise<ActionAnswer> {
  const session = sessionNamed(client.sessions, action.session);
  const { talking } = client.decisions;
  const isOpen = session?.state === "open" || client.sessions.script.keepsMedia === true;
  if (session?.media === undefined || !isOpen) return Promise.resolve(failed("there is no such session"));
  if (action.to !== undefined && !talking.maySendPrivately(client, session))
    return Promise.resolve(failed("the session takes no Private Messages: the other end is no IM Server"));
  return send(client, session.media, messageOf(client, session, action), action, changes);
}

function messageOf(client: ClientParts, session: ClientSession, action: SendInSessionAction): SessionMessage {
  const { talking } = client.decisions;
  const content = talking.content(client, action);
  const wraps =
    talking.wraps(client, session, content.contentType) || action.report?.includes("final") === true;
  const disposition = talking.disposition(client, action);
  return {
    ...(wraps ? wrapped(client, session, action, content) : plain(content)),
    headers: disposition === undefined ? [] : [["Content-Disposition", disposition]],
    successReport: talking.successReport(client, action),
    failureReport: talking.failureReport(client, action),
  };
}

const plain = ({ contentType, body }: PartDraft): Pick<SessionMessage, "contentType" | "body"> => ({
  contentType,
  body: bytesOf(body),
});

function wrapped(
  client: ClientParts,
  session: ClientSession,
  action: SendInSessionAction,
  content: PartDraft,
): Pick<SessionMessage, "contentType" | "body"> {
  const { talking } = client.decisions;
  const from = client.sessions.script.cpimFrom ?? talking.from(client, session);
  const body = buildCpim({
    headers: [
      ["From", formatCpimAddress({ uri: from })],
      ...talking.to(client, session, action).map((uri) => ["To", formatCpimAddress({ uri })] as const),
      ["DateTime", new Date(client.clock.now()).toISOString()],
      ...talking.finalReportHeaders(client, action),
    ],
    contentType: content.contentType,
    body: content.body,
  });
  return { contentType: mediaTypes.cpim, body };
}

/** Settles when all of it is written and answered, or as soon as it can go no further. */
function send(
  client: ClientParts,
  { msrp }: SessionMedia,
  message: SessionMessage,
  action: SendInSessionAction,
  changes: RequestChanges,
): Promise<ActionAnswer> {
  const { contentType, body, messageId, headers, successReport, failureReport } =
    changes.message?.(message) ?? message;
  const answer = createAnswer();
  const options: SendOptions = {
    contentType,
    headers,
    successReport,
    ...(messageId === undefined ? {} : { messageId }),
    ...(failureReport === undefined ? {} : { failureReport }),
    ...(action.chunkBytes === undefined ? {} : { chunkOctets: action.chunkBytes }),
    ...(changes.stimulus === undefined ? {} : { annotation: { stimulus: changes.stimulus } }),
    onSent: () => answer.settle(done("sent")),
    onDone: (outcome) => {
      const { kind } = outcome;
      const lost = kind === "failed" && outcome.via !== "response" && outcome.via !== "report";
      const says = kind === "failed" ? `${outcome.status} by ${outcome.via}` : kind;
      answer.settle(lost ? failed(says) : done(says));
    },
  };
  const { ends } = action;
  if (ends === undefined) {
    const { writing } = client.sessions.script;
    msrp.send(writing === undefined ? body : slowly(body, writing, client), options);
    return answer.promise;
  }
  const octets = action.afterBytes ?? Math.floor(body.length / 2);
  const sending = msrp.send(
    beginningOf(body, octets, () => {
      answer.settle(done(`${octets} octets were sent`));
      if (ends === "abort") sending.abort();
      else if (ends === "drop-connection") msrp.destroyConnection();
    }),
    options,
  );
  return answer.promise;
}

function slowly(
  body: Uint8Array,
  { octets, pauseMs }: NonNullable<SessionScript["writing"]>,
  { clock }: ClientParts,
): MessageSource {
  let written = 0;
  const next = (): Uint8Array | undefined => {
    const piece = body.subarray(written, written + octets);
    written += piece.length;
    return piece.length === 0 ? undefined : piece;
  };
  return {
    size: body.length,
    read: () =>
      written === 0
        ? next()
        : new Promise((resolve) => void clock.callAt(clock.now() + pauseMs, () => resolve(next()))),
  };
}

/** So many octets of a message, and then nothing. */
function beginningOf(body: Uint8Array, octets: number, then: () => void): MessageSource {
  let pieces: readonly Uint8Array[] = [body.subarray(0, octets)];
  return {
    size: body.length,
    read: () => {
      const [piece] = pieces;
      pieces = [];
      if (piece !== undefined && piece.length > 0) return piece;
      return new Promise(() => then());
    },
  };
}

export function showComposing(
  client: ClientParts,
  name: string | undefined,
  state: "active" | "idle",
  changes: RequestChanges = {},
): Promise<ActionAnswer> {
  const session = sessionNamed(client.sessions, name);
  if (session?.media === undefined || session.state !== "open")
    return Promise.resolve(failed("there is no such session"));
  const action: SendInSessionAction = { action: "send-in-session", text: "" };
  const document = {
    contentType: IS_COMPOSING_TYPE,
    body: writeIsComposing({ state, contentType: "text/plain" }),
  };
  const wraps = client.decisions.talking.wraps(client, session, IS_COMPOSING_TYPE);
  const message: SessionMessage = {
    ...(wraps ? wrapped(client, session, action, document) : plain(document)),
    headers: [],
    successReport: false,
    failureReport: undefined,
  };
  return send(client, session.media, message, action, changes);
}
