/**
 * Group advertisement: application/vnd.poc.group-advertisement+xml, which tells users that a group exists and how to reach it. The type is
 * registered with IANA; its schema is in the PoC Control Plane specification and was not at hand, so the reader takes the element by its
 * name in any namespace, and no schema is applied.
 */
import { childrenOf, requiredChild, textOfChild, tokenOf } from "./access.ts";
import { elementError, readTree } from "./tree.ts";
import type { XmlElement } from "./tree.ts";
import type { XmlLimits } from "./well-formed.ts";
import { element, textElement, writeXml } from "./write.ts";

export interface AdvertisedGroup {
  /** Identity to send to, or to join. */
  readonly uri: string;
  readonly displayName?: string;
}

export interface GroupAdvertisement {
  readonly note?: string;
  readonly groups: readonly AdvertisedGroup[];
}

export const GROUP_ADVERTISEMENT_TYPE = "application/vnd.poc.group-advertisement+xml";
export const GROUP_ADVERTISEMENT_NAMESPACE = "urn:oma:params:xml:ns:poc:group-advertisement";

const CLAUSE = "OMA-TS-SIMPLE_IM 8.2.1";

/** Throws XmlReadError. */
export function readGroupAdvertisement(bytes: Uint8Array, limits: XmlLimits = {}): GroupAdvertisement {
  const root = readTree(bytes, limits);
  if (root.name !== "group-advertisement") throw wrongRoot(root);
  const note = textOfChild(root, root.namespace, "note");
  return {
    ...(note === undefined ? {} : { note }),
    groups: childrenOf(root, root.namespace, "group").map((group) => {
      const displayName = textOfChild(group, root.namespace, "display-name");
      return {
        uri: tokenOf(requiredChild(group, root.namespace, "uri", CLAUSE)),
        ...(displayName === undefined ? {} : { displayName }),
      };
    }),
  };
}

function wrongRoot(root: XmlElement): Error {
  return elementError(root, {
    code: "wrong-root",
    expected: "a document <group-advertisement>",
    found: `<${root.name}>`,
    clause: CLAUSE,
  });
}

export function writeGroupAdvertisement(advertisement: GroupAdvertisement): Uint8Array {
  return writeXml(
    element(
      "group-advertisement",
      { xmlns: GROUP_ADVERTISEMENT_NAMESPACE },
      textElement("note", advertisement.note),
      ...advertisement.groups.map(({ uri, displayName }) =>
        element("group", {}, textElement("display-name", displayName), textElement("uri", uri)),
      ),
    ),
  );
}
