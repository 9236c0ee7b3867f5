/** Other ways to tell of a conference (RFC 4575, Appendix M), and of what became of a REFER (RFC 3515), than that of the reference. */
import { decide } from "../../fault/fault.ts";
import { bytesOf, textOf } from "../../peer/im/content.ts";
import type { ServerAlteration } from "../../peer/im-server/server.ts";
import { withBody, withHeader } from "../../wire/sip/edit.ts";
import { header } from "../../wire/sip/headers.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import type { ConferenceInfoDraft, ConferenceUser } from "../../wire/xml/conference-info.ts";
import { isPassedOn, ofRequests, ofResponses, onWire, type Change } from "./alterations.ts";

function changed(draft: ConferenceInfoDraft, change: (user: ConferenceUser) => ConferenceUser): ConferenceInfoDraft {
  if (draft.users === undefined) return draft;
  return { ...draft, users: { ...draft.users, list: draft.users.list.map(change) } };
}

const isGone = ({ endpoints }: ConferenceUser): boolean =>
  endpoints.some(({ status }) => status === "disconnected");

/** Who left is an element without content (RFC 4575 4.4). */
const deleted = ({ entity, endpoints, ...user }: ConferenceUser): ConferenceUser =>
  isGone({ endpoints, ...user }) && entity !== undefined
    ? { entity, state: "deleted", endpoints: [] }
    : { ...(entity === undefined ? {} : { entity }), ...user, endpoints };

/** Of who left, what changed and nothing else. */
const inPart = (user: ConferenceUser): ConferenceUser => {
  if (!isGone(user)) return user;
  const { displayText: _name, ...others } = user;
  return { ...others, state: "partial" };
};

/** What RFC 4575 has beside what 7.2.2.10 wants, in its order. */
const described = (draft: ConferenceInfoDraft): ConferenceInfoDraft => ({
  ...draft,
  displayText: "Ein Gespräch & mehr <hier>",
  subject: "“Subject”",
  maximumUserCount: 50,
  active: true,
  locked: false,
});

/** What the document says in other words: elements with a prefix, the mark in no namespace, and elements that others made up. */
function inOtherWords(request: SipRequest, cause: SipRequest | undefined): SipRequest {
  const type = header(request, "Content-Type");
  if (type?.startsWith("application/conference-info+xml") !== true || isPassedOn(request, cause)) return request;
  const text = textOf(request.body);
  if (text.includes("<c:")) return request;
  const written = text
    .replaceAll(/<(\/?)(?=[a-z])/g, "<$1c:")
    .replace(/ xmlns="([^"]*)"/, ' xmlns:c="$1" xmlns:v="urn:vendor:conference" v:node="7"')
    .replaceAll('im:yourown="true"', "yourown='1'")
    .replaceAll(/(<c:user entity="[^"]*")(?=>)/g, '$1 yourown="false"')
    .replaceAll("</c:endpoint>", MORE_OF_ENDPOINT)
    .replaceAll(/(<\/c:endpoint>)(?=\s*<\/c:user>)/g, '$1<v:mood v:of="user">fine</v:mood>')
    .replace(/(?=<c:users)/, "<!-- participants -->\n");
  return withBody(request, 'Application/Conference-Info+XML ; charset="UTF-8"', bytesOf(written));
}

const MORE_OF_ENDPOINT =
  '<c:joining-method>dialed-in</c:joining-method><c:media id="1"><c:display-text>chat</c:display-text>' +
  "<c:type>message</c:type><c:status>sendrecv</c:status></c:media><v:since>today</v:since></c:endpoint>";

/** Notifications say as much in other words. */
const otherStates: Change = ofRequests("NOTIFY", (request, cause) => {
  const state = header(request, "Subscription-State");
  if (state === undefined || isPassedOn(request, cause)) return request;
  return withHeader(
    request,
    "Subscription-State",
    state
      .replace(/^active/, "Active")
      .replace(/^terminated/, "Terminated ")
      .replace(/;/, ";x-node=7 ; "),
  );
});

const SHORT_S = 1200;

/** RFC 6665 4.2.1.1: less time than was asked for. */
const shorter: readonly Change[] = [
  ofResponses("SUBSCRIBE", (response) =>
    response.status === 200
      ? { ...withShorterExpires(response), status: 202, reason: "Accepted" }
      : response,
  ),
  ofRequests("NOTIFY", (request) => {
    const state = header(request, "Subscription-State") ?? "";
    return withHeader(
      request,
      "Subscription-State",
      state.replace(/expires=(\d+)/i, (_all, seconds: string) => `expires=${Math.min(Number(seconds), SHORT_S)}`),
    );
  }),
];

function withShorterExpires<M extends Parameters<typeof header>[0]>(message: M): M {
  const expires = header(message, "Expires");
  return expires === undefined ? message : withHeader(message, "Expires", String(Math.min(Number(expires), SHORT_S)));
}

/** Much of a conference, seldom, and from another first version on. */
export const talkativeConferences: readonly ServerAlteration[] = [
  decide({
    conferenceState: {
      document: (draft: ConferenceInfoDraft) => described(changed(draft, deleted)),
      nextVersion: ({ version }) => (version === 0 ? 4_294_967 : version + 1),
      endpointEntity: ({ entity }) => `${entity};gr=urn:uuid:00000000-0000-1000-8000-aabbccddeeff`,
      endsWhenSubscriberLeaves: () => false,
      paceMs: () => 700,
    },
  }),
  onWire([ofRequests("NOTIFY", inOtherWords), ...shorter, otherStates]),
];

/** No more of a conference than there has to be, and each change at once. */
export const terseConferences: readonly ServerAlteration[] = [
  decide({
    conferenceState: {
      document: (draft: ConferenceInfoDraft) => changed(draft, inPart),
      displayText: () => undefined,
      endpointEntity: ({ id }) => `urn:uuid:${id}`,
    },
  }),
];

const WORDS: Readonly<Record<number, string>> = { 180: "Es klingelt", 200: "Schön", 486: "" };

/** RFC 3420: as much of the response as the server likes. */
export const otherFragments: readonly ServerAlteration[] = [
  decide({
    referral: {
      status: ({ entries }) => (entries === undefined ? 200 : 202),
      supported: () => "replaces, norefersub",
      fragment: (status) =>
        bytesOf(
          `SIP/2.0 ${status} ${WORDS[status] ?? "As It Is"}\r\nServer: IM-serv/OMA1.0\r\nContact: <sip:x@home.example>\r\nX-Note: y\r\n`,
        ),
    },
  }),
  onWire([
    ofRequests("NOTIFY", (request, cause) =>
      header(request, "Content-Type")?.startsWith("message/sipfrag") === true && !isPassedOn(request, cause)
        ? withHeader(request, "Content-Type", 'Message/SipFrag ; version="2.0"')
        : request,
    ),
  ]),
];
