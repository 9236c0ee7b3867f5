/** Disposition notifications: message/imdn+xml (RFC 5438 11). */
import { childOf, requiredChild, textOfChild, tokenOf } from "./access.ts";
import { elementError, readXml } from "./tree.ts";
import type { XmlElement } from "./tree.ts";
import type { XmlLimits } from "./well-formed.ts";
import { element, textElement, writeXml } from "./write.ts";

export type ImdnNotification =
  | { readonly kind: "delivery"; readonly status: "delivered" | "failed" | "forbidden" | "error" }
  | { readonly kind: "processing"; readonly status: "processed" | "stored" | "forbidden" | "error" }
  | { readonly kind: "display"; readonly status: "displayed" | "forbidden" | "error" };

export type Imdn = ImdnNotification & {
  /** imdn.Message-ID of the message that is reported on. */
  readonly messageId: string;
  /** DateTime of that message, as it stood there. */
  readonly dateTime: string;
  /** The schema knows the two URIs only together. */
  readonly recipientUri?: string;
  readonly originalRecipientUri?: string;
  readonly subject?: string;
};

export const IMDN_TYPE = "message/imdn+xml";
export const IMDN_XML_NAMESPACE = "urn:ietf:params:xml:ns:imdn";

const NS = IMDN_XML_NAMESPACE;
const CLAUSE = "RFC 5438 11.1";

/** Every notification that the schema knows. */
const NOTIFICATIONS: readonly ImdnNotification[] = [
  { kind: "delivery", status: "delivered" },
  { kind: "delivery", status: "failed" },
  { kind: "delivery", status: "forbidden" },
  { kind: "delivery", status: "error" },
  { kind: "processing", status: "processed" },
  { kind: "processing", status: "stored" },
  { kind: "processing", status: "forbidden" },
  { kind: "processing", status: "error" },
  { kind: "display", status: "displayed" },
  { kind: "display", status: "forbidden" },
  { kind: "display", status: "error" },
];

/** Throws XmlReadError. A URI that stands alone is read nevertheless: the schema is what complains of it. */
export function readImdn(bytes: Uint8Array, limits: XmlLimits = {}): Imdn {
  const root = readXml(bytes, { name: "imdn", namespace: NS }, limits);
  const recipientUri = textOfChild(root, NS, "recipient-uri");
  const originalRecipientUri = textOfChild(root, NS, "original-recipient-uri");
  const subject = childOf(root, NS, "subject")?.text;
  return {
    messageId: tokenOf(requiredChild(root, NS, "message-id", CLAUSE)),
    dateTime: tokenOf(requiredChild(root, NS, "datetime", CLAUSE)),
    ...(recipientUri === undefined ? {} : { recipientUri }),
    ...(originalRecipientUri === undefined ? {} : { originalRecipientUri }),
    ...(subject === undefined ? {} : { subject }),
    ...readNotification(root),
  };
}

function readNotification(root: XmlElement): ImdnNotification {
  const found = NOTIFICATIONS.find(({ kind, status }) => {
    const given = childOf(root, NS, `${kind}-notification`);
    const states = given === undefined ? undefined : childOf(given, NS, "status");
    return states !== undefined && childOf(states, NS, status) !== undefined;
  });
  if (found !== undefined) return found;
  throw elementError(root, {
    code: "missing-element",
    expected: "a delivery-, display- or processing-notification with a status that belongs to it",
    found: root.children.map((child) => `<${child.name}>`).join(" "),
    clause: CLAUSE,
  });
}

/** The one URI stands for both where only one is given, since the schema wants both or none. */
export function writeImdn(imdn: Imdn): Uint8Array {
  const recipient = imdn.recipientUri ?? imdn.originalRecipientUri;
  const original = imdn.originalRecipientUri ?? imdn.recipientUri;
  return writeXml(
    element(
      "imdn",
      { xmlns: NS },
      textElement("message-id", imdn.messageId),
      textElement("datetime", imdn.dateTime),
      textElement("recipient-uri", recipient),
      textElement("original-recipient-uri", original),
      textElement("subject", imdn.subject),
      element(`${imdn.kind}-notification`, {}, element("status", {}, element(imdn.status))),
    ),
  );
}
