/** Composing indications: application/im-iscomposing+xml (RFC 3994). */
import { childOf, countOf, requiredChild, textOfChild, tokenOf } from "./access.ts";
import { elementError, readXml } from "./tree.ts";
import type { XmlElement } from "./tree.ts";
import type { XmlLimits } from "./well-formed.ts";
import { element, textElement, writeXml } from "./write.ts";

export interface IsComposing {
  readonly state: "active" | "idle";
  /** When the user last added or edited content: xs:dateTime, as it stands in the document. */
  readonly lastActive?: string;
  /** A type such as `text`, or a type with subtype such as `text/html`. */
  readonly contentType?: string;
  /** Seconds between two indications of `active`. */
  readonly refreshS?: number;
}

export const IS_COMPOSING_TYPE = "application/im-iscomposing+xml";
export const IS_COMPOSING_NAMESPACE = "urn:ietf:params:xml:ns:im-iscomposing";

/** RFC 3994 3.3: how long `active` holds where the document does not say so. Seconds. */
export const DEFAULT_REFRESH_S = 120;

const NS = IS_COMPOSING_NAMESPACE;
const CLAUSE = "RFC 3994 6";

/** Throws XmlReadError. A state that RFC 3994 does not name is read as `idle` (3.5). */
export function readIsComposing(bytes: Uint8Array, limits: XmlLimits = {}): IsComposing {
  const root = readXml(bytes, { name: "isComposing", namespace: NS }, limits);
  const contentType = textOfChild(root, NS, "contenttype");
  const refresh = childOf(root, NS, "refresh");
  const lastActive = childOf(root, NS, "lastactive");
  return {
    state: tokenOf(requiredChild(root, NS, "state", CLAUSE)) === "active" ? "active" : "idle",
    ...(lastActive === undefined ? {} : { lastActive: dateTimeOf(lastActive) }),
    ...(contentType === undefined ? {} : { contentType }),
    ...(refresh === undefined ? {} : { refreshS: positiveOf(refresh) }),
  };
}

/** XML Schema Part 2, 3.2.7, without the ranges of its fields: the schema looks at those. */
const DATE_TIME = /^-?\d{4,9}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?$/u;

function dateTimeOf(given: XmlElement): string {
  const text = tokenOf(given);
  if (DATE_TIME.test(text)) return text;
  throw elementError(given, {
    code: "bad-value",
    expected: "a time such as 2003-01-27T10:43:00Z",
    found: JSON.stringify(text.slice(0, 40)),
    clause: CLAUSE,
  });
}

function positiveOf(given: XmlElement): number {
  const seconds = countOf(given, given.text, CLAUSE);
  if (seconds > 0) return seconds;
  throw elementError(given, {
    code: "bad-value",
    expected: "at least one second",
    found: String(seconds),
    clause: CLAUSE,
  });
}

export function writeIsComposing(indication: IsComposing): Uint8Array {
  return writeXml(
    element(
      "isComposing",
      { xmlns: NS },
      textElement("state", indication.state),
      textElement("lastactive", indication.lastActive),
      textElement("contenttype", indication.contentType),
      textElement("refresh", indication.refreshS),
    ),
  );
}
