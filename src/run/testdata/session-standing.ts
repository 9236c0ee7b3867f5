/** Other ways to stand in a session than those of the reference: what participating functions and the focus write where clauses leave it to them. */
import { decide } from "../../fault/fault.ts";
import type { ServerAlteration } from "../../peer/im-server/server.ts";
import { sessionAnswer } from "../../peer/im-server/focus/decisions/session-answer.ts";
import { responses } from "../../peer/im-server/decisions/responses.ts";
import type { Turn } from "../../peer/im-server/turn.ts";
import { appendHeader, prependHeader, withHeader } from "../../wire/sip/edit.ts";
import { header } from "../../wire/sip/headers.ts";
import type { SipMessage } from "../../wire/sip/message.ts";
import { ofRequests, ofResponses, onWire, type Change } from "./alterations.ts";

const RELEASE = "im-serv/oma1.0 Vendor-IMS/7.2.1 (build 4711)";

/** A Contact of a B2BUA: its own, whatever else stands in it. */
const otherContact = (_turn: Turn, usual: string): string => `${usual};x-leg=7`;

/** Feature parameters in another order, with a value, beside others (RFC 3840 9). */
const withMoreFeatures: Change = (message) => {
  const contact = header(message, "Contact");
  return contact === undefined || /x-beside/.test(contact) || !contact.includes("+g.oma.sip-im")
    ? message
    : withHeader(message, "Contact", contact.replace(";+g.oma", ";x-beside=1;+sip.instance=\"<urn:uuid:1>\";q=0.9;+g.oma"));
};

const reversed = (usual: string | undefined): string | undefined =>
  usual === undefined ? undefined : [...usual.split(",").map((one) => one.trim()), "INFO"].reverse().join(",");

const common = {
  inviteAllow: reversed,
  okAllow: reversed,
  inviteContactUri: otherContact,
  okContactUri: otherContact,
  server: () => RELEASE,
  acceptContact: (_turn: Turn, usual: string | undefined) =>
    usual === undefined ? undefined : `${usual}, *;text;methods="INVITE"`,
} as const;

/** RFC 4028: Session-Expires of a 200 and of INVITE with parameters that nobody knows. */
const extendedTimer = <M extends SipMessage>(message: M): M => {
  const expires = header(message, "Session-Expires");
  return expires === undefined || expires.includes("x=") ? message : withHeader(message, "Session-Expires", `${expires};x=1`);
};

const more = <M extends SipMessage>(message: M): M =>
  header(message, "X-Vendor") === undefined ? appendHeader(message, "X-Vendor", "in a session") : message;

export const otherB2bua: readonly ServerAlteration[] = [
  decide({
    originatingSession: common,
    terminatingSession: { ...common, inviteUserAgent: () => RELEASE },
    focusRelease: {
      userAgent: ({ method }) => (method === "ACK" ? undefined : RELEASE),
      server: () => RELEASE,
    },
    sessionAnswer: {
      failureStatus: (focus, statuses: readonly number[]) =>
        statuses.length === 0 ? sessionAnswer.failureStatus(focus, statuses) : Math.max(...statuses),
      passesAlerting: () => false,
    },
  }),
  onWire([
    withMoreFeatures,
    ...["INVITE", "UPDATE", "REFER", "SUBSCRIBE", "BYE"].flatMap((method) => [
      ofRequests(method, (request) => more(extendedTimer(request))),
      ofResponses(method, (response) => more(extendedTimer(response))),
    ]),
  ]),
];

/** Its refusals in sessions, in other words and by other codes where the text has two. */
export const otherRefusals: readonly ServerAlteration[] = [
  decide({
    responses: {
      warning: (turn, text) =>
        `307 10.0.0.1:5070 "Not understood", ${responses.warning(turn, text)?.replace(/^399 \S+/, "399 sbc-7.home.example:5060") ?? ""}`,
    },
    refusals: {
      sessionEnded: () => ({ status: 404 }),
      focusAssigned: () => ({ status: 403, warning: "105 IsFocus is Assigned already", headers: [["P-Refused-URI-List", "<cid:1@home.example>"]] }),
      invitedUnreadable: () => ({ status: 488, reason: "No List" }),
      sessionMedia: () => ({ status: 488, warning: "304 media type not available" }),
    },
  }),
  onWire([
    ofResponses("INVITE", (response) =>
      response.status === 100 ? prependHeader(response, "Timestamp", "54") : response,
    ),
  ]),
];
