/** Participants change the parameters of MSRP by re-INVITE (clause 7.2.1.6). */
import type { MediaTerms, Participant } from "../peer/im-server/focus/conference.ts";
import { relay } from "../peer/im-server/switch/decisions/relay.ts";
import type { ServerAlteration } from "../peer/im-server/server.ts";
import { withBody } from "../wire/sip/edit.ts";
import { header } from "../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../wire/sip/message.ts";
import { decide, onResponse, serverFault, type Fault } from "./fault.ts";

/** A re-INVITE to a session of the focus. */
function isModification(request: SipRequest | undefined): boolean {
  return (
    request?.method === "INVITE" &&
    request.uri.includes("im-session-") &&
    header(request, "To")?.includes("tag=") === true
  );
}

/** Its answer, rewritten at the edge. */
function inAnswer(
  statuses: "success" | "refusal",
  rewrite: (response: SipResponse) => SipResponse,
): ServerAlteration {
  return onResponse(
    "INVITE",
    rewrite,
    ({ status }, request) =>
      isModification(request) && (statuses === "success" ? status === 200 : status === 488),
  );
}

function answeredWith(statuses: "success" | "refusal", status: number, reason: string): ServerAlteration {
  return inAnswer(statuses, ({ received: _received, ...response }) => ({ ...response, status, reason }));
}

export const faults: readonly Fault[] = [
  serverFault(
    "7.2.1.6-1a",
    "finds every new offer unacceptable",
    answeredWith("success", 488, "Not Acceptable Here"),
  ),
  serverFault(
    "7.2.1.6-1b",
    "refuses new media that it cannot accept with 403",
    answeredWith("refusal", 403, "Forbidden"),
  ),
  serverFault(
    "7.2.1.6-2",
    "goes on with the old parameters",
    decide({ sessionMedia: { modifiedTerms: (_terms: MediaTerms, before: MediaTerms) => before } }),
  ),
  serverFault(
    "7.2.1.6-2",
    "sends nothing more to who has changed its session",
    decide({
      relay: {
        recipients: (turn: Parameters<typeof relay.recipients>[0]) =>
          relay.recipients(turn).filter(({ maxSize }) => maxSize !== 1000),
      },
    }),
  ),
  serverFault("7.2.1.6-3", "takes new parameters with 202", answeredWith("success", 202, "Accepted")),
  serverFault(
    "7.2.1.6-3b",
    "sends 500 to who changes its session",
    answeredWith("success", 500, "Server Internal Error"),
  ),
  serverFault(
    "7.2.1.6-3a-1",
    "takes new parameters without a session description",
    inAnswer("success", (response) => withBody(response, "text/plain", Buffer.from("Agreed"))),
  ),
  serverFault(
    "7.2.1.6-n",
    "takes a file and offers it to nobody",
    inAnswer("success", (response) => {
      const sdp = Buffer.from(response.body).toString("utf8");
      const path = /^a=path:.*$/mu.exec(sdp)?.[0] ?? "";
      const taken = sdp.replace(
        /^m=message 0 (.*)$/mu,
        (_line, rest: string) => `m=message 2855 ${rest}\r\n${path}`,
      );
      return withBody(response, "application/sdp", Buffer.from(taken));
    }),
  ),
  serverFault(
    "7.2.1.6-n",
    "takes a file and offers it to the originator alone",
    decide({
      sessionMedia: { takesFile: () => true, modifies: ({ how }: Participant) => how === "originator" },
    }),
  ),
  serverFault(
    "7.2.1.6-3a-2",
    "answers a new offer with a type that is not in it",
    decide({ sessionMedia: { modifiedTypes: (offered: readonly string[]) => [...offered, "image/png"] } }),
  ),
];
