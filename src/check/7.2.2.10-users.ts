/** 7.2.2.10, M.1: what a document says of the participants, by what the focus had seen of them before. */
import type { LeasedUser } from "../trace/event.ts";
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import type { ConferenceUser } from "../wire/xml/conference-info.ts";
import { check, type Check, type Outcome } from "./check.ts";
import {
  documentsOf,
  fullDocumentsOf,
  isConnected,
  isGone,
  subjectOf,
  usersOf,
  type Document,
} from "./conference-events.ts";
import { presenceOf, thoseIn, thoseNotOut, type KnownConference, type Span } from "./conference-members.ts";
import { invitesOfFocus, invitesToFocus } from "./conference-invites.ts";
import { originatorOf } from "./grounds.ts";
import { expectThat, missed, noted, passed } from "./outcome.ts";

/** From the SUBSCRIBE on that it answers at the earliest: who was in all the while must be told. */
export function spanOfDocument({ firstMeant, exchange }: Document): Span {
  return { from: firstMeant.request.seq, to: exchange.request.seq };
}

export interface InSession extends Document {
  readonly conference: KnownConference;
}

function ofKnown(documents: readonly Document[]): readonly InSession[] {
  return documents.flatMap((document) => {
    const { conference } = document.watch;
    return conference === undefined ? [] : [{ ...document, conference }];
  });
}

/** The whole state, of sessions whose participants the trace tells. */
export const fullStates = (trace: ScenarioTrace): readonly InSession[] => ofKnown(fullDocumentsOf(trace));

export const entityOfConference = check<InSession>("7.2.2.10-b-1", {
  trigger: (trace) => ofKnown(documentsOf(trace)),
  judge: ({ conference: { groupUri, identity }, info, exchange: { request } }) => {
    const uri = groupUri ?? identity;
    const what = groupUri === undefined ? "the IM Session Identity" : "the IM Group Identity";
    return expectThat(
      sameAddressOfRecord(info.entity, uri),
      `entity of conference-info: ${what}, ${uri}`,
      `entity ${info.entity}`,
      request,
    );
  },
});

/** As many as take part, each once; nobody who is out for certain. */
export const oneUserEach = check<InSession>("7.2.2.10-b-2", {
  trigger: fullStates,
  judge: (document, trace): Outcome => {
    const { conference, exchange } = document;
    const span = spanOfDocument(document);
    const expected = "one user element for each participant";
    const connected = usersOf(document).filter(isConnected);
    const keys = usersOf(document).flatMap(({ entity }) => entity ?? []);
    const twice = keys.find(
      (key, index) => keys.findIndex((other) => sameAddressOfRecord(other, key)) < index,
    );
    if (twice !== undefined) return missed(expected, `${twice} is there twice`, exchange.request);
    const stranger = connected.find((user) => isOutside(user, conference, span, trace));
    if (stranger !== undefined)
      return missed(expected, `${stranger.entity} is there, who takes no part`, exchange.request);
    const certain = thoseIn(conference, span, trace);
    // Of a user without a readable status nothing but the presence counts here.
    const present = usersOf(document).filter((user) => !isGone(user));
    const possible = thoseNotOut(conference, span, trace);
    if (connected.length > possible.length)
      return missed(
        expected,
        `${connected.length} users are connected, of at most ${possible.length} participants`,
        exchange.request,
      );
    const actual = `${present.length} users, of at least ${certain.length} participants`;
    return expectThat(present.length >= certain.length, expected, actual, exchange.request);
  },
});

function isOutside(
  user: ConferenceUser,
  conference: KnownConference,
  span: Span,
  trace: ScenarioTrace,
): boolean {
  const subject = subjectOf(user, trace);
  return subject !== undefined && presenceOf(conference, subject.imAddress, span, trace) === "out";
}

interface OfUser {
  readonly document: Document;
  readonly user: ConferenceUser;
}

function usersIn(trace: ScenarioTrace): readonly OfUser[] {
  return documentsOf(trace).flatMap((document) => usersOf(document).map((user) => ({ document, user })));
}

/** Each document once: the first element that departs from what is expected tells. */
function ofEachUser(
  statement: string,
  expected: string,
  isMeant: (user: ConferenceUser) => boolean,
  departureOf: (user: ConferenceUser) => string | undefined,
): Check {
  return check<Document>(statement, {
    trigger: (trace) => documentsOf(trace).filter((document) => usersOf(document).some(isMeant)),
    judge: (document) => {
      const meant = usersOf(document).filter(isMeant);
      const departure = meant.map(departureOf).find((found) => found !== undefined);
      const actual = departure ?? `${meant.length} users, each so`;
      return expectThat(departure === undefined, expected, actual, document.exchange.request);
    },
  });
}

const nameOf = ({ entity }: ConferenceUser): string => entity ?? "a user without entity";

export const usersHaveEntity = ofEachUser(
  "7.2.2.10-b-2a",
  "each user element has entity",
  () => true,
  ({ entity }) => (entity === undefined || entity === "" ? "a user element without entity" : undefined),
);

/** RFC 4575 4.4: what is deleted has no content, and what is partial has what changed. */
const isWhole = ({ state }: ConferenceUser): boolean => state === "full";
const hasEndpoint = ({ state, endpoints }: ConferenceUser): boolean =>
  state !== "deleted" && endpoints.length > 0;

export const usersHaveOneEndpoint = ofEachUser(
  "7.2.2.10-b-2c",
  "one endpoint in each user element",
  (user) => user.state !== "deleted",
  (user) => {
    const { length } = user.endpoints;
    return length > 1 || (length === 0 && isWhole(user))
      ? `${nameOf(user)} has ${length} endpoints`
      : undefined;
  },
);

export const endpointsHaveEntity = ofEachUser(
  "7.2.2.10-b-2c-i",
  "each endpoint has entity",
  hasEndpoint,
  (user) =>
    user.endpoints.some(({ entity = "" }) => entity === "")
      ? `the endpoint of ${nameOf(user)} has none`
      : undefined,
);

export const endpointsHaveStatus = ofEachUser(
  "7.2.2.10-b-2c-ii",
  "each endpoint has status",
  (user) => hasEndpoint(user) && user.endpoints.some(({ state }) => state === "full"),
  (user) =>
    user.endpoints.some(({ state, status }) => state === "full" && status === undefined)
      ? `the endpoint of ${nameOf(user)} has none`
      : undefined,
);

const STATUSES = ["connected", "disconnected"];

export const usualStatuses = ofEachUser(
  "7.2.2.10-b-2c-iii",
  "status is connected or disconnected",
  (user) => user.endpoints.some(({ status }) => status !== undefined),
  (user) => {
    const other = user.endpoints.find(({ status }) => status !== undefined && !STATUSES.includes(status));
    return other === undefined ? undefined : `${nameOf(user)} is ${other.status}`;
  },
);

interface Certain {
  readonly document: Document;
  readonly user: ConferenceUser;
  readonly subject: LeasedUser;
  readonly presence: "in" | "out";
}

/** Users who took part, or did not, for as long as the function may have looked at it. */
function certainIn(trace: ScenarioTrace): readonly Certain[] {
  return usersIn(trace).flatMap(({ document, user }) => {
    const { conference } = document.watch;
    const subject = subjectOf(user, trace);
    const hasStatus = user.endpoints.some(({ status }) => status !== undefined);
    if (conference === undefined || subject === undefined || !(hasStatus || user.state === "deleted"))
      return [];
    const since = document.previous?.exchange.request.seq ?? spanOfDocument(document).from;
    const span = { from: since, to: document.exchange.request.seq };
    const presence = presenceOf(conference, subject.imAddress, span, trace);
    return presence === "unclear" ? [] : [{ document, user, subject, presence }];
  });
}

const statusOf = ({ state, endpoints: [endpoint] }: ConferenceUser): string =>
  state === "deleted" ? "state deleted" : (endpoint?.status ?? "no status");

export const participantsAreConnected = check<Certain>("7.2.2.10-b-2c-A", {
  trigger: (trace) => certainIn(trace).filter(({ presence }) => presence === "in"),
  judge: ({ user, subject, document }) =>
    expectThat(
      isConnected(user),
      `connected for ${subject.actor}, who takes part`,
      statusOf(user),
      document.exchange.request,
    ),
});

export const leaversAreDisconnected = check<Certain>("7.2.2.10-b-2c-B", {
  trigger: (trace) => leavingsTold(trace),
  judge: ({ user, subject, document }) => {
    const expected = `disconnected for ${subject.actor}, who has left`;
    const { request } = document.exchange;
    if (user.state === "deleted")
      return noted(expected, statusOf(user), "state deleted, as RFC 4575 has it", request);
    return expectThat(
      user.endpoints.some(({ status }) => status === "disconnected"),
      expected,
      statusOf(user),
      request,
    );
  },
});

/**
 * Users who were out when the document was seen. One that tells of changes alone names them because they left; a word that they are connected
 * may be older than the leaving, unless they had been told as connected before, or the document answers a later SUBSCRIBE.
 */
function leavingsTold(trace: ScenarioTrace): readonly Certain[] {
  return usersIn(trace).flatMap(({ document, user }) => {
    const { conference } = document.watch;
    const subject = subjectOf(user, trace);
    if (conference === undefined || subject === undefined) return [];
    const at = document.exchange.request.seq;
    const isOut = (from: number): boolean =>
      presenceOf(conference, subject.imAddress, { from, to: at }, trace) === "out";
    const isFresh = isGone(user) || wasConnected(user, document) || isOut(spanOfDocument(document).from);
    return isOut(at) && isFresh && !isComing(subject, at, trace)
      ? [{ document, user, subject, presence: "out" as const }]
      : [];
  });
}

/** Who comes back is in before the 200 is seen: the NOTIFY goes another way. */
function isComing({ imAddress }: LeasedUser, at: number, trace: ScenarioTrace): boolean {
  return [...invitesToFocus(trace), ...invitesOfFocus(trace)].some(
    ({ exchange, request }) =>
      exchange.request.seq < at &&
      (exchange.final?.seq ?? Infinity) > at &&
      [originatorOf(request), request.uri].some(
        (uri) => uri !== undefined && sameAddressOfRecord(uri, imAddress),
      ),
  );
}

function wasConnected({ entity }: ConferenceUser, { info, previous }: Document): boolean {
  const before = entity === undefined ? undefined : previous?.notification.known?.users.get(entity);
  return info.state === "partial" && before !== undefined && isConnected(before);
}

const isAbout = ({ entity }: ConferenceUser, user: LeasedUser): boolean =>
  entity !== undefined &&
  [user.imAddress, ...(user.tel === undefined ? [] : [user.tel])].some((uri) =>
    sameAddressOfRecord(uri, entity),
  );

interface Own {
  readonly document: Document;
  readonly receiver: LeasedUser;
  readonly own: ConferenceUser | undefined;
}

/** Documents that tell of who receives them, by an address of the receiver's. */
function ownIn(trace: ScenarioTrace): readonly Own[] {
  return documentsOf(trace).flatMap((document) => {
    const receiver = document.watch.user;
    if (receiver === undefined) return [];
    return [{ document, receiver, own: usersOf(document).find((user) => isAbout(user, receiver)) }];
  });
}

export const ownIsMarked = check<Own>("7.2.2.10-b-2a-v", {
  trigger: (trace) => ownIn(trace).filter(({ own }) => own !== undefined && own.state !== "deleted"),
  judge: ({ document, receiver, own }) =>
    expectThat(
      own?.yourOwn === true,
      `yourown on the user element of ${receiver.actor}, who receives the document`,
      own?.yourOwn === undefined ? "no yourown" : `yourown is ${own.yourOwn}`,
      document.exchange.request,
    ),
});

/** Of users who are known by an address of somebody else. */
export const othersAreNotMarked = check<Own>("M.1-p3", {
  trigger: (trace) => ownIn(trace).filter(({ document }) => usersOf(document).length > 0),
  judge: ({ document, receiver, own }, trace) => {
    const expected = `yourown on the user element of ${receiver.actor} alone`;
    const marked = usersOf(document).filter(({ yourOwn }) => yourOwn === true);
    const other = marked.find((user) => user !== own && subjectOf(user, trace) !== undefined);
    if (other !== undefined) return missed(expected, `${nameOf(other)} has it`, document.exchange.request);
    if (marked.length > 1)
      return missed(expected, `${marked.length} user elements have it`, document.exchange.request);
    return passed(expected, `${marked.length} user elements have it`, document.exchange.request);
  },
});

export const yourOwnOnUsersOnly = check<Document>("M.1-p2", {
  trigger: documentsOf,
  judge: ({ info: { misplacedYourOwn }, exchange: { request } }) =>
    expectThat(
      misplacedYourOwn.length === 0,
      "yourown on user elements only",
      misplacedYourOwn.length === 0 ? "it is on no other element" : misplacedYourOwn.join(", "),
      request,
    ),
});
