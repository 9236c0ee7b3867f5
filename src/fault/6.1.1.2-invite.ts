/** INVITEs at the originating participating function, as B2BUA and as proxy (clauses 6.1.1.1, 6.1.1.2.1, 6.1.1.2.2). */
import { originatingSession } from "../peer/im-server/participating-session/decisions.ts";
import { appendHeader, withHeader, withoutHeader, withRequestUri } from "../wire/sip/edit.ts";
import { header, headerValues, toOf } from "../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../wire/sip/message.ts";
import { decide, inSet, onRequest, onResponse, serverFault, type Fault } from "./fault.ts";
import { isFromClient } from "./originating-side.ts";

type Offer = ReturnType<typeof originatingSession.offer>;

/** The text of a description, rewritten. */
function described(body: Offer, rewrite: (text: string) => string): Offer {
  return (
    body && { ...body, bytes: Buffer.from(rewrite(Buffer.from(body.bytes).toString("latin1")), "latin1") }
  );
}

const isInitial = (request: SipRequest): boolean => toOf(request)?.tag === undefined;

const isOkToClient = (response: SipResponse, request: SipRequest | undefined): boolean =>
  response.status === 200 && isFromClient(request);

/** As a proxy would: in the dialog of who sent it, with the way back in Via. */
function asForwarded(request: SipRequest, cause: SipRequest | undefined): SipRequest {
  if (cause === undefined) return request;
  const inDialog = ["Call-ID", "From", "To", "CSeq"].reduce(
    (written, name) => withHeader(written, name, header(cause, name) ?? ""),
    request,
  );
  return headerValues(cause, "Via").reduce((written, via) => appendHeader(written, "Via", via), inDialog);
}

/** As a B2BUA would: nothing leads back to who sent it. */
function asItsOwn(request: SipRequest): SipRequest {
  const [own = ""] = headerValues(request, "Via");
  return withHeader(request, "Via", own);
}

const ofB2bua: readonly Fault[] = [
  serverFault(
    "6.1.1.2.2-1d",
    "makes nothing of an INVITE",
    onRequest(
      "INVITE",
      () => undefined,
      (request, cause) => isInitial(request) && isFromClient(cause),
    ),
  ),
  serverFault(
    "6.1.1.2.2-1e",
    "tells no methods in the INVITE",
    decide({ originatingSession: { inviteAllow: () => undefined } }),
  ),
  serverFault(
    "6.1.1.2.2-1f-1",
    "shows the Contact of its user",
    decide({
      originatingSession: {
        inviteContactUri: ({ request }, usual) =>
          /<([^>]*)>/u.exec(header(request, "Contact") ?? "")?.[1] ?? usual,
      },
    }),
  ),
  serverFault(
    "6.1.1.2.2-1f-2",
    "shows a Contact without the feature tag of IM",
    decide({ originatingSession: { inviteContactTag: () => undefined } }),
  ),
  serverFault(
    "6.1.1.2.2-1g",
    "offers a type that its user does not take",
    decide({
      originatingSession: {
        offer: (_turn, body) =>
          described(body, (text) => text.replace(/a=accept-types:[^\r\n]*/u, "$& application/x-more")),
      },
    }),
  ),
  serverFault(
    "6.1.1.2.2-1f-1",
    "shows the address of the core",
    decide({ originatingSession: { inviteContactUri: () => "sip:session@127.0.0.1:15060" } }),
  ),
  serverFault(
    "6.1.1.2.2-1g",
    "offers no medium that is open",
    decide({
      originatingSession: {
        offer: (_turn, body) => described(body, (text) => text.replace(/m=message \d+/u, "m=message 0")),
      },
    }),
  ),
  serverFault(
    "6.1.1.2.2-1g",
    "sends an INVITE without the offer",
    decide({ originatingSession: { offer: () => undefined } }),
  ),
  serverFault(
    "6.1.1.2.2-1h",
    "leaves the Route of the core out",
    onRequest(
      "INVITE",
      (request) => withoutHeader(request, "Route"),
      (request, cause) => isInitial(request) && isFromClient(cause),
    ),
  ),
  serverFault(
    "6.1.1.2.2-1c",
    "passes a re-INVITE on as a proxy does it",
    onRequest("INVITE", asForwarded, (request, cause) => !isInitial(request) && cause !== undefined),
  ),
  serverFault(
    ["6.1.1.2.1-1", "6.1.1.2.1-1b"],
    "asks for a large message where its user asks for a session",
    decide({
      originatingSession: { inviteContactTag: () => "+g.oma.sip-im.large-message" },
    }),
  ),
  serverFault(
    ["6.1.1.2.1-1", "6.1.1.2.1-1a"],
    "asks for a session where its user sends a large message",
    decide({ originatingSession: { acceptContact: () => "*;+g.oma.sip-im" } }),
  ),
];

const ofAnswers: readonly Fault[] = [
  serverFault(
    "6.1.1.2.2-200-2",
    "addresses what it sends in the dialog to whom it invited",
    onRequest("BYE", (request) => withRequestUri(request, toOf(request)?.uri ?? request.uri)),
  ),
  serverFault(
    "6.1.1.2.2-200-3",
    "answers its user with 202",
    onResponse("INVITE", (response) => ({ ...response, status: 202, reason: "Accepted" }), isOkToClient),
  ),
  serverFault(
    "6.1.1.2.2-200-4",
    "answers its user without a description",
    decide({ originatingSession: { answer: () => undefined } }),
  ),
  serverFault(
    "6.1.1.2.2-200-4",
    "closes the medium that the far end has taken",
    decide({
      originatingSession: {
        answer: (_turn, body) => described(body, (text) => text.replace(/m=message \d+/u, "m=message 0")),
      },
    }),
  ),
  serverFault(
    "6.1.1.2.2-200-4",
    "answers its user with a type that the far end does not take",
    decide({
      originatingSession: {
        answer: (_turn, body) =>
          described(body, (text) => text.replace(/a=accept-types:[^\r\n]*/u, "$& application/x-more")),
      },
    }),
  ),
  serverFault(
    "6.1.1.2.2-200-5",
    "shows its user a Contact that is no SIP URI",
    decide({ originatingSession: { okContactUri: () => "mailto:session@home.example" } }),
  ),
  serverFault(
    "6.1.1.2.2-200-6",
    "keeps the 200 from its user",
    onResponse("INVITE", () => undefined, isOkToClient),
  ),
  serverFault(
    "6.1.1.2.2-fin-1",
    "makes 480 of each refusal",
    decide({ originatingSession: { finalStatus: () => 480 } }),
  ),
  serverFault(
    "6.1.1.1-200-1",
    "answers its user without a tag in To",
    onResponse(
      "INVITE",
      (response) => withHeader(response, "To", `<${toOf(response)?.uri ?? ""}>`),
      isOkToClient,
    ),
  ),
  serverFault(
    "6.1.1.1-200-2",
    "answers its user without its release",
    decide({
      originatingSession: {
        server: (turn, status) =>
          status === 200 ? "Otherserver/1.0" : originatingSession.server(turn, status),
      },
    }),
  ),
  serverFault(
    "6.1.1.1-200-3",
    "tells its user no methods in the 200",
    decide({ originatingSession: { okAllow: () => undefined } }),
  ),
];

const ofPolicies: readonly Fault[] = [
  serverFault(
    "6.1.1.1-4b-1",
    "refuses sessions of its users with messages in CPIM",
    decide({
      originatingSession: {
        offerAllowed: (turn, offer) =>
          originatingSession.offerAllowed(turn, offer) &&
          (offer === undefined || !Buffer.from(offer.bytes).includes("message/cpim")),
      },
    }),
  ),
  serverFault(
    ["6.1.1.1-4b-1", "6.1.1.1-4b-2"],
    "lets any offer of its users pass",
    decide({ originatingSession: { offerAllowed: () => true } }),
  ),
  serverFault(
    "6.1.1.1-4b-2",
    "answers an offer against the policies with 406",
    onResponse(
      "INVITE",
      (response) => ({ ...response, status: 406, reason: "Not Acceptable" }),
      (response, request) => response.status === 488 && isFromClient(request),
    ),
  ),
  serverFault(
    "6.1.1.1-4b-3",
    "does not say what would be supported",
    decide({ originatingSession: { supportedDescription: () => undefined } }),
  ),
];

const ofProxy: readonly Fault[] = [
  inSet(
    "proxy-mode",
    serverFault(
      ["6.1.1.2.2-2a", "6.1.1.2.2-prx-2"],
      "sends a BYE of its own where it is a proxy",
      onRequest("BYE", asItsOwn),
    ),
  ),
  inSet(
    "proxy-mode",
    serverFault(
      "6.1.1.2.2-2b",
      "does not record its route",
      decide({ originatingSession: { recordRoute: () => undefined } }),
    ),
  ),
  inSet(
    "proxy-mode",
    serverFault(
      "6.1.1.2.2-2b",
      "records the route of the core for its own",
      decide({ originatingSession: { recordRoute: () => "<sip:127.0.0.1:15060;lr>" } }),
    ),
  ),
  inSet(
    "proxy-mode",
    serverFault(
      "6.1.1.2.2-2c",
      "counts no hop",
      decide({
        originatingSession: {
          forwarded: (_turn, request) =>
            withHeader(request, "Max-Forwards", String(Number(header(request, "Max-Forwards") ?? "70") + 1)),
        },
      }),
    ),
  ),
  inSet(
    "proxy-mode",
    serverFault(
      "6.1.1.2.2-2c",
      "changes the description where it is a proxy",
      onRequest(
        "INVITE",
        (request) => ({
          ...request,
          body: Buffer.from(Buffer.from(request.body).toString("latin1").replace("s= ", "s=-"), "latin1"),
        }),
        (request, cause) => isInitial(request) && isFromClient(cause),
      ),
    ),
  ),
  inSet(
    "proxy-mode",
    serverFault(
      "6.1.1.2.2-prx-1",
      "keeps the 200 from its user, as a proxy",
      onResponse("INVITE", () => undefined, isOkToClient),
    ),
  ),
];

export const faults: readonly Fault[] = [...ofB2bua, ...ofAnswers, ...ofPolicies, ...ofProxy];
