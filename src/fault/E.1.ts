/** Settings with content of unknown namespaces (Appendix E.1). */
import type { Turn } from "../peer/im-server/turn.ts";
import { readSettings } from "../wire/xml/settings.ts";
import type { ImSettings } from "../wire/xml/settings.ts";
import { readTree } from "../wire/xml/tree.ts";
import type { XmlElement } from "../wire/xml/tree.ts";
import { decide, serverFault } from "./fault.ts";
import type { Fault } from "./fault.ts";

const STRANGE = "urn:example:";

function hasStrange({ namespace, attributes, children }: XmlElement): boolean {
  return (
    namespace.startsWith(STRANGE) ||
    attributes.some((attribute) => attribute.namespace.startsWith(STRANGE)) ||
    children.some(hasStrange)
  );
}

/** Whether the element of that name has content that the server does not know. */
function hasStrangeIn(name: string, element: XmlElement): boolean {
  return (
    (element.name === name && hasStrange(element)) ||
    element.children.some((child) => hasStrangeIn(name, child))
  );
}

/** Reads settings as `otherwise` where the element has unknown content. */
function stumblingOver(name: string, otherwise: ImSettings | undefined) {
  const read = (turn: Turn): ImSettings | undefined => {
    const { body } = turn.request;
    return hasStrangeIn(name, readTree(body)) ? otherwise : readSettings(body).settings;
  };
  return decide({ publishing: { read } });
}

export const faults: readonly Fault[] = ["deferred-settings", "vis-settings", "hist-settings"].flatMap(
  (name) => {
    const statement = `E.1-${name.slice(0, name === "hist-settings" ? 4 : 3)}-ign`;
    return [
      serverFault(statement, `unknown content in ${name} is an error`, stumblingOver(name, undefined)),
      serverFault(
        statement,
        `unknown content in ${name} makes the rest be overlooked`,
        stumblingOver(name, {}),
      ),
    ];
  },
);
