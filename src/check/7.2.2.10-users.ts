/** 7.2.2.10, steps 1 and 2: the conference that a document names, and its elements for the participants. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { privacyOf } from "../wire/sip/headers.ts";
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
import {
  isSameUser,
  presenceOf,
  thoseIn,
  thoseNotOut,
  type Attendance,
  type KnownConference,
  type Span,
} from "./conference-members.ts";
import { expectThat, missed } from "./outcome.ts";
import { readable } from "./pager-message.ts";

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
    const left = certain.find((uri) => mustBeNamed(uri, conference, trace) && !isNamed(uri, document, trace));
    if (left !== undefined) return missed(expected, `${left} takes part, and is not there`, exchange.request);
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

/** One of the users of the scenario, who asked for no privacy of any kind whenever it came. */
function mustBeNamed(uri: string, { attendances }: KnownConference, trace: ScenarioTrace): boolean {
  const own = attendances.filter((one) => isSameUser(one.uri, uri, trace) && one.accepted !== undefined);
  const isOpen = ({ way, request, accepted }: Attendance): boolean => {
    const message = way === "to-sut" ? request : accepted?.message;
    const values = message === undefined ? ["unknown"] : readable(() => privacyOf(message), ["unreadable"]);
    return values.every((value) => value === "none");
  };
  return trace.userOf(uri) !== undefined && own.length > 0 && own.every(isOpen);
}

const isNamed = (uri: string, document: Document, trace: ScenarioTrace): boolean =>
  usersOf(document).some(({ entity }) => entity !== undefined && isSameUser(entity, uri, trace));

function isOutside(
  user: ConferenceUser,
  conference: KnownConference,
  span: Span,
  trace: ScenarioTrace,
): boolean {
  const subject = subjectOf(user, trace);
  return subject !== undefined && presenceOf(conference, subject.imAddress, span, trace) === "out";
}

export interface OfUser {
  readonly document: Document;
  readonly user: ConferenceUser;
}

export function usersIn(trace: ScenarioTrace): readonly OfUser[] {
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

export const nameOf = ({ entity }: ConferenceUser): string => entity ?? "a user without entity";

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
