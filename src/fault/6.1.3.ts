/** Participating functions in the path of the media (clauses 5.7.4, 6.1.1.2.4, 6.1.3). */
import { originatingSession } from "../peer/im-server/participating-session/decisions.ts";
import type { ServerAlteration } from "../peer/im-server/server.ts";
import { msrpHeader } from "../wire/msrp/headers.ts";
import type { MsrpFrame } from "../wire/msrp/message.ts";
import { sessionDescriptionOf } from "../wire/sip/session-description.ts";
import { decide, serverFault, type Fault } from "./fault.ts";

type Send = NonNullable<NonNullable<ServerAlteration["msrp"]>["send"]>;
type Rewritten = ReturnType<Send>;

/** Rewrites SEND requests, REPORTs or responses on their way out. */
function onMsrp(
  kind: "SEND" | "REPORT" | "response",
  rewrite: (frame: MsrpFrame, context: Parameters<Send>[1]) => Rewritten,
): ServerAlteration {
  return {
    msrp: {
      send: (frame, context) => {
        const { head } = frame;
        const isMeant = head.kind === "response" ? kind === "response" : head.method === kind;
        return isMeant ? rewrite(frame, context) : frame;
      },
    },
  };
}

/** A message that has something to say. */
function isMessage({ head }: MsrpFrame): boolean {
  return msrpHeader(head, "Content-Type") !== undefined;
}

function withField(frame: MsrpFrame, name: string, value: string): MsrpFrame {
  const headers = frame.head.headers.map((field) =>
    field.name.toLowerCase() === name.toLowerCase() ? { ...field, value } : field,
  );
  return withHeaders(frame, headers);
}

function withHeaders(frame: MsrpFrame, headers: MsrpFrame["head"]["headers"]): MsrpFrame {
  const { head } = frame;
  return head.kind === "request"
    ? { ...frame, head: { ...head, headers } }
    : { ...frame, head: { ...head, headers } };
}

/** The first message of each session is kept until one of another session goes out, and goes out with that. */
function mixing(): Send {
  let kept: { readonly frame: MsrpFrame; readonly session: string | undefined } | undefined;
  return (frame, { session }) => {
    if (frame.head.kind !== "request" || frame.head.method !== "SEND" || !isMessage(frame)) return frame;
    if (kept === undefined || kept.session === session) {
      kept = { frame, session };
      return frame;
    }
    const [to, from] = ["To-Path", "From-Path"].map((name) => msrpHeader(frame.head, name) ?? "");
    const strange = withField(withField(kept.frame, "To-Path", to ?? ""), "From-Path", from ?? "");
    return [frame, strange];
  };
}

type Body = ReturnType<typeof originatingSession.offer>;

function described(body: Body, rewrite: (text: string) => string): Body {
  return (
    body && { ...body, bytes: Buffer.from(rewrite(Buffer.from(body.bytes).toString("latin1")), "latin1") }
  );
}

/** The first response of each session makes it: it stays. */
function refusingAllButTheFirst(): ServerAlteration {
  const made = new Set<string | undefined>();
  return onMsrp("response", (frame, { session }) => {
    const { head } = frame;
    if (head.kind !== "response" || !made.has(session)) {
      made.add(session);
      return frame;
    }
    return { ...frame, head: { ...head, status: 501, comment: "Not Implemented" } };
  });
}

/** What comes after a change of a session goes to nobody. */
function deafAfterChange(): Fault {
  let isChanged = false;
  return serverFault(
    "6.1.1.2.4-200-2",
    "sends nothing on when a session was changed",
    decide({
      originatingSession: {
        modifiedAnswer: (_turn, body) => {
          isChanged = true;
          return body;
        },
      },
    }),
    onMsrp("SEND", (frame) => (isChanged && isMessage(frame) ? undefined : frame)),
  );
}

export const faults: readonly Fault[] = [
  serverFault(
    "6.1.3-2",
    "leaves the path of its user behind its own, as a relay would",
    decide({
      originatingSession: {
        offer: ({ request }, body) => {
          const received = Buffer.from(sessionDescriptionOf(request)?.bytes ?? []).toString("latin1");
          const path = /a=path:([^\r\n]*)/u.exec(received)?.[1] ?? "";
          return described(body, (text) => text.replace(/a=path:[^\r\n]*/u, `$& ${path}`));
        },
      },
    }),
  ),
  serverFault("6.1.3-3", "sends messages of one session in the other, too", { msrp: { send: mixing() } }),
  serverFault(
    "6.1.3-4",
    "sends nothing on of what comes from its user",
    decide({ originatingSession: { forwardsMessage: (_turn, from) => from !== "upstream" } }),
  ),
  serverFault(
    "6.1.3-5",
    "sends its user nothing of what comes from the far end",
    decide({ originatingSession: { forwardsMessage: (_turn, from) => from !== "downstream" } }),
  ),
  serverFault(
    ["6.1.3-4", "6.1.3-5"],
    "says 501 to each message of a session",
    decide({ originatingSession: { forwardsMessage: () => false } }),
    refusingAllButTheFirst(),
  ),
  deafAfterChange(),
  serverFault(
    "5.7.4-1a",
    "writes a word of what passes in other letters",
    onMsrp("SEND", (frame) =>
      frame.body === undefined
        ? frame
        : {
            ...frame,
            body: Buffer.from(Buffer.from(frame.body).toString("latin1").replace("Hello", "HELLO"), "latin1"),
          },
    ),
  ),
  serverFault(
    "5.7.4-1a",
    "takes the wish for a success report out of what passes",
    onMsrp("SEND", (frame) =>
      withHeaders(
        frame,
        frame.head.headers.filter(({ name }) => name.toLowerCase() !== "success-report"),
      ),
    ),
  ),
  serverFault("5.7.4-1b", "says that all is well where the other end refuses a message", {
    msrp: {
      send: (frame) => {
        const { head } = frame;
        if (head.kind === "request") return head.method === "REPORT" ? undefined : frame;
        return head.status === 200 ? frame : { ...frame, head: { ...head, status: 200, comment: "OK" } };
      },
    },
  }),
  serverFault(
    "5.7.4-1c",
    "keeps reports to itself",
    onMsrp("REPORT", () => undefined),
  ),
];
