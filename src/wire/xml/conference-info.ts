/** The state of a conference: application/conference-info+xml (RFC 4575), with the mark of Appendix M on the receiver's own user. */
import {
  attributeOf,
  booleanOf,
  childOf,
  childrenOf,
  countOf,
  oneOf,
  requiredAttribute,
  textOfChild,
} from "./access.ts";
import { readXml } from "./tree.ts";
import type { XmlElement } from "./tree.ts";
import type { XmlLimits } from "./well-formed.ts";
import { element, textElement, writeXml } from "./write.ts";
import type { XmlDraft } from "./write.ts";

/** RFC 4575 4.4: what an element tells of its part of the state. */
export type ElementState = "full" | "partial" | "deleted";

export interface ConferenceInfo {
  /** The conference's URI. */
  readonly entity: string;
  readonly state: ElementState;
  /** RFC 4575 5.2 demands it; its schema does not. */
  readonly version?: number;
  readonly displayText?: string;
  readonly subject?: string;
  readonly maximumUserCount?: number;
  readonly userCount?: number;
  readonly active?: boolean;
  readonly locked?: boolean;
  /** Absent where the document has no users element. */
  readonly users?: { readonly state: ElementState; readonly list: readonly ConferenceUser[] };
  /** Paths of elements other than user that carry `yourown`. */
  readonly misplacedYourOwn: readonly string[];
}

export interface ConferenceUser {
  /** RFC 4575 5.6 demands it; its schema does not. */
  readonly entity?: string;
  readonly state: ElementState;
  readonly displayText?: string;
  /** Appendix M: the receiver of the document. The namespace of the attribute is printed nowhere, so any is taken. */
  readonly yourOwn?: boolean;
  readonly endpoints: readonly ConferenceEndpoint[];
}

export interface ConferenceEndpoint {
  readonly entity?: string;
  readonly state: ElementState;
  readonly displayText?: string;
  readonly status?: EndpointStatus;
  readonly joiningMethod?: JoiningMethod;
  readonly disconnectionMethod?: DisconnectionMethod;
}

const STATES = ["full", "partial", "deleted"] as const;
const ENDPOINT_STATUSES = [
  "pending",
  "dialing-out",
  "dialing-in",
  "alerting",
  "on-hold",
  "connected",
  "muted-via-focus",
  "disconnecting",
  "disconnected",
] as const;
const JOINING_METHODS = ["dialed-in", "dialed-out", "focus-owner"] as const;
const DISCONNECTION_METHODS = ["departed", "booted", "failed", "busy"] as const;

export type EndpointStatus = (typeof ENDPOINT_STATUSES)[number];
export type JoiningMethod = (typeof JOINING_METHODS)[number];
export type DisconnectionMethod = (typeof DISCONNECTION_METHODS)[number];

export const CONFERENCE_INFO_TYPE = "application/conference-info+xml";
export const CONFERENCE_INFO_NAMESPACE = "urn:ietf:params:xml:ns:conference-info";

/** What Scrim writes the mark with; the document of Appendix M lost the name. */
export const YOUR_OWN_NAMESPACE = "urn:oma:xml:im:conference-info-extension";

const NS = CONFERENCE_INFO_NAMESPACE;
const CLAUSE = "RFC 4575 6";

/** Throws XmlReadError. What the rest of RFC 4575 has, such as roles and sidebars, is passed over. */
export function readConferenceInfo(bytes: Uint8Array, limits: XmlLimits = {}): ConferenceInfo {
  const root = readXml(bytes, { name: "conference-info", namespace: NS }, limits);
  const version = attributeOf(root, "version");
  const description = childOf(root, NS, "conference-description");
  const state = childOf(root, NS, "conference-state");
  const users = childOf(root, NS, "users");
  return {
    entity: requiredAttribute(root, "entity", CLAUSE),
    state: stateOf(root),
    ...(version === undefined ? {} : { version: countOf(root, version, CLAUSE) }),
    ...(description === undefined ? {} : descriptionIn(description)),
    ...(state === undefined ? {} : conferenceStateIn(state)),
    ...(users === undefined
      ? {}
      : { users: { state: stateOf(users), list: childrenOf(users, NS, "user").map(readUser) } }),
    misplacedYourOwn: misplacedIn(root),
  };
}

function descriptionIn(
  description: XmlElement,
): Pick<ConferenceInfo, "displayText" | "subject" | "maximumUserCount"> {
  const displayText = textOfChild(description, NS, "display-text");
  const subject = textOfChild(description, NS, "subject");
  const maximum = childOf(description, NS, "maximum-user-count");
  return {
    ...(displayText === undefined ? {} : { displayText }),
    ...(subject === undefined ? {} : { subject }),
    ...(maximum === undefined ? {} : { maximumUserCount: countOf(maximum, maximum.text, CLAUSE) }),
  };
}

function conferenceStateIn(state: XmlElement): Pick<ConferenceInfo, "userCount" | "active" | "locked"> {
  const count = childOf(state, NS, "user-count");
  const active = childOf(state, NS, "active");
  const locked = childOf(state, NS, "locked");
  return {
    ...(count === undefined ? {} : { userCount: countOf(count, count.text, CLAUSE) }),
    ...(active === undefined ? {} : { active: booleanOf(active, active.text, CLAUSE) }),
    ...(locked === undefined ? {} : { locked: booleanOf(locked, locked.text, CLAUSE) }),
  };
}

function readUser(user: XmlElement): ConferenceUser {
  const entity = attributeOf(user, "entity");
  const displayText = textOfChild(user, NS, "display-text");
  const yourOwn = yourOwnOf(user);
  return {
    ...(entity === undefined ? {} : { entity }),
    state: stateOf(user),
    ...(displayText === undefined ? {} : { displayText }),
    ...(yourOwn === undefined ? {} : { yourOwn: booleanOf(user, yourOwn, "OMA-TS-SIMPLE_IM M.1") }),
    endpoints: childrenOf(user, NS, "endpoint").map(readEndpoint),
  };
}

function readEndpoint(endpoint: XmlElement): ConferenceEndpoint {
  const entity = attributeOf(endpoint, "entity");
  const displayText = textOfChild(endpoint, NS, "display-text");
  const wordOf = <Word extends string>(name: string, words: readonly Word[]): Word | undefined => {
    const text = textOfChild(endpoint, NS, name);
    return text === undefined ? undefined : oneOf(endpoint, text, words, CLAUSE);
  };
  const status = wordOf("status", ENDPOINT_STATUSES);
  const joiningMethod = wordOf("joining-method", JOINING_METHODS);
  const disconnectionMethod = wordOf("disconnection-method", DISCONNECTION_METHODS);
  return {
    ...(entity === undefined ? {} : { entity }),
    state: stateOf(endpoint),
    ...(displayText === undefined ? {} : { displayText }),
    ...(status === undefined ? {} : { status }),
    ...(joiningMethod === undefined ? {} : { joiningMethod }),
    ...(disconnectionMethod === undefined ? {} : { disconnectionMethod }),
  };
}

/** RFC 4575 4.4: an element without `state` is full. */
function stateOf(given: XmlElement): ElementState {
  const state = attributeOf(given, "state");
  return state === undefined ? "full" : oneOf(given, state, STATES, "RFC 4575 4.4");
}

function yourOwnOf(given: XmlElement): string | undefined {
  return given.attributes.find(({ name }) => name === "yourown")?.value;
}

function misplacedIn(given: XmlElement): readonly string[] {
  const isUser = given.name === "user" && given.namespace === NS;
  const here = !isUser && yourOwnOf(given) !== undefined ? [given.path] : [];
  return [...here, ...given.children.flatMap(misplacedIn)];
}

/** What to write; `state` is left out where it is full, as RFC 4575 allows, unless the root's. */
export type ConferenceInfoDraft = Omit<ConferenceInfo, "misplacedYourOwn">;

export function writeConferenceInfo(draft: ConferenceInfoDraft): Uint8Array {
  const { displayText, subject, maximumUserCount, userCount, active, locked, users } = draft;
  const marked = users?.list.some(({ yourOwn }) => yourOwn !== undefined) === true;
  return writeXml(
    element(
      "conference-info",
      {
        xmlns: NS,
        ...(marked ? { "xmlns:im": YOUR_OWN_NAMESPACE } : {}),
        entity: draft.entity,
        state: draft.state,
        version: draft.version?.toString(),
      },
      groupOf("conference-description", [
        textElement("display-text", displayText),
        textElement("subject", subject),
        textElement("maximum-user-count", maximumUserCount),
      ]),
      groupOf("conference-state", [
        textElement("user-count", userCount),
        textElement("active", active?.toString()),
        textElement("locked", locked?.toString()),
      ]),
      users === undefined
        ? undefined
        : element("users", { state: unlessFull(users.state) }, ...users.list.map(userElement)),
    ),
  );
}

function groupOf(name: string, parts: readonly (XmlDraft | undefined)[]): XmlDraft | undefined {
  return parts.every((part) => part === undefined) ? undefined : element(name, {}, ...parts);
}

function unlessFull(state: ElementState): ElementState | undefined {
  return state === "full" ? undefined : state;
}

function userElement(user: ConferenceUser): XmlDraft {
  return element(
    "user",
    { entity: user.entity, state: unlessFull(user.state), "im:yourown": user.yourOwn?.toString() },
    textElement("display-text", user.displayText),
    ...user.endpoints.map((endpoint) =>
      element(
        "endpoint",
        { entity: endpoint.entity, state: unlessFull(endpoint.state) },
        textElement("display-text", endpoint.displayText),
        textElement("status", endpoint.status),
        textElement("joining-method", endpoint.joiningMethod),
        textElement("disconnection-method", endpoint.disconnectionMethod),
      ),
    ),
  );
}
