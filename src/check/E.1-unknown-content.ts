/** Content of unknown namespaces in published settings is ignored, and the rest applies (Appendix E.1). */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { eventOf } from "../wire/sip/headers.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { IM_SETTINGS_NAMESPACE, POC_SETTINGS_NAMESPACE, type ImSettings } from "../wire/xml/settings.ts";
import { readTree, type XmlElement } from "../wire/xml/tree.ts";
import { check, type Check, type Outcome } from "./check.ts";
import { groundsForRefusal } from "./grounds.ts";
import { memo } from "./memo.ts";
import { endOf, missed, passed } from "./outcome.ts";
import { readable, settingsOf } from "./pager-message.ts";
import { refusable, sentOn } from "./terminating-message.ts";

interface Publication {
  readonly publish: Exchange;
  /** Messages that came while these settings were in force, and that only the barring in them speaks against. */
  readonly barred: readonly Exchange[];
}

function ignoresUnknown(statement: string, element: string): Check {
  return check(statement, {
    trigger: (trace) =>
      settingsPublished(trace)
        .filter((publish) => hasUnknownContent(publish, element))
        .map((publish) => ({ publish, barred: barredUnder(publish, trace) }))
        .filter(({ publish, barred }) => barred.length > 0 || !isAccepted(publish)),
    judge: (publication, trace) => outcomeOf(publication, element, trace),
  });
}

export const deferredSettingsUnknownIgnored = ignoresUnknown("E.1-def-ign", "deferred-settings");
export const visSettingsUnknownIgnored = ignoresUnknown("E.1-vis-ign", "vis-settings");
export const histSettingsUnknownIgnored = ignoresUnknown("E.1-hist-ign", "hist-settings");

/** Readable settings of a user who may publish them. What RFC 3903 refuses for other reasons (412, 423) shows nothing of the document. */
function settingsPublished(trace: ScenarioTrace): readonly Exchange[] {
  return trace.exchanges({ method: "PUBLISH", way: "to-sut", function: "originating" }).filter((exchange) => {
    const { request, final } = exchange;
    const { message } = request;
    return (
      message.body.length > 0 &&
      final !== undefined &&
      ![412, 423].includes(final.message.status) &&
      readable(() => eventOf(message)?.type, undefined) === "poc-settings" &&
      groundsForRefusal(exchange, trace).length === 0 &&
      trace.userOf(message.uri)?.properties.includes("not-authorised-to-publish") === false &&
      settingsIn(exchange) !== undefined
    );
  });
}

function settingsIn({ request }: Exchange): ImSettings | undefined {
  return settingsOf(request.message);
}

function hasUnknownContent({ request }: Exchange, name: string): boolean {
  const root = treeOf(request.message);
  return (
    root !== undefined &&
    descendantsOf(root)
      .filter((one) => one.name === name && one.namespace === IM_SETTINGS_NAMESPACE)
      .some((settings) => descendantsOf(settings).some(isOrHasUnknown))
  );
}

const treeOf = memo((message: SipRequest) => readable(() => readTree(message.body), undefined));

/** The element itself, and all that is in it. */
function descendantsOf(element: XmlElement): readonly XmlElement[] {
  return [element, ...element.children.flatMap(descendantsOf)];
}

const KNOWN: readonly string[] = [
  "",
  POC_SETTINGS_NAMESPACE,
  IM_SETTINGS_NAMESPACE,
  "http://www.w3.org/2000/xmlns/",
  "http://www.w3.org/XML/1998/namespace",
];

function isOrHasUnknown({ namespace, attributes }: XmlElement): boolean {
  return !KNOWN.includes(namespace) || attributes.some((attribute) => !KNOWN.includes(attribute.namespace));
}

function isAccepted({ final }: Exchange): boolean {
  return final !== undefined && final.message.status < 300;
}

function barredUnder(publish: Exchange, trace: ScenarioTrace): readonly Exchange[] {
  if (settingsIn(publish)?.barMessages !== true) return [];
  const user = publish.request.message.uri;
  const next = trace
    .exchanges({ method: "PUBLISH", way: "to-sut" })
    .find(
      ({ request }) => request.seq > publish.request.seq && sameAddressOfRecord(request.message.uri, user),
    );
  return refusable(trace, "barred").filter(
    ({ request, final }) =>
      final !== undefined &&
      sameAddressOfRecord(request.message.uri, user) &&
      request.seq > (publish.final?.seq ?? Infinity) &&
      request.seq < (next?.request.seq ?? Infinity),
  );
}

function outcomeOf({ publish, barred }: Publication, element: string, trace: ScenarioTrace): Outcome {
  const expected = `unknown content in ${element} is ignored: the settings are taken, and messages are barred as they say`;
  if (!isAccepted(publish)) return missed(expected, `the settings were answered ${endOf(publish)}`, publish);
  const through = barred.find((exchange) => sentOn(exchange, trace) !== undefined || isAccepted(exchange));
  return through === undefined
    ? passed(expected, "the settings were taken, and messages are barred", publish, ...barred)
    : missed(expected, "the settings were taken, but a message was let through", publish, through);
}
