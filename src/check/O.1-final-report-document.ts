/** Appendix O: the document of a Final Report. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { decodeXml } from "../wire/xml/decode.ts";
import { FINAL_REPORT_NAMESPACE, TOO_LARGE_STATUS } from "../wire/xml/final-report.ts";
import { validateXml } from "../wire/xml/validate.ts";
import { withDocument } from "../wire/xml/well-formed.ts";
import { check, type Outcome } from "./check.ts";
import {
  askedReports,
  isLegOf,
  isOverdue,
  statusesAgree,
  type Asked,
  type Fate,
  type SentReport,
} from "./final-reports.ts";
import { isHidden } from "./switch-messages.ts";

interface Sent {
  readonly asked: Asked;
  readonly report: SentReport;
}

const sent = (trace: ScenarioTrace): readonly Sent[] =>
  askedReports(trace).flatMap((asked) => asked.reports.map((report) => ({ asked, report })));

const documents = (trace: ScenarioTrace): readonly Sent[] =>
  sent(trace).filter(({ report }) => report.document !== undefined);

/** Those that are meant to be one by their type: what is in them is looked at, whatever it is. */
const typed = (trace: ScenarioTrace): readonly Sent[] => sent(trace).filter(({ report }) => report.isTyped);

function told({ report }: Sent, holds: boolean, expected: string, actual: string): Outcome {
  return { result: holds ? "pass" : "miss", expected, actual, evidence: [{ seq: report.record.seq }] };
}

interface Root {
  readonly name: string;
  readonly namespace: string;
}

/** Undefined, with why: it is no document of XML. */
function rootOf(bytes: Uint8Array): { readonly root?: Root; readonly why?: string } {
  let root: Root | undefined;
  const [violation] = withDocument(bytes, {}, (document) => {
    root = { name: document.root.name, namespace: document.root.namespaceUri };
    return [];
  });
  return root === undefined ? { why: violation?.message ?? "it cannot be read" } : { root };
}

export const reportIsXml = check<Sent>("O.1-p1", {
  trigger: typed,
  judge: (one) => {
    const { root, why = "" } = rootOf(one.report.body);
    const expected = `well-formed XML in UTF-8, in the namespace ${FINAL_REPORT_NAMESPACE}`;
    if (root === undefined) return told(one, false, expected, why);
    const encoding = decodeXml(one.report.body)?.encoding ?? "an encoding that is not known";
    // US-ASCII is a part of UTF-8.
    const isUtf8 = encoding === "utf-8" || encoding === "us-ascii";
    const holds = isUtf8 && root.namespace === FINAL_REPORT_NAMESPACE;
    return told(one, holds, expected, `${encoding}, namespace ${root.namespace || "none"}`);
  },
});

export const rootIsFinal = check<Sent>("O.1-p2", {
  trigger: (trace) => typed(trace).filter(({ report }) => rootOf(report.body).root !== undefined),
  judge: (one) => {
    const name = rootOf(one.report.body).root?.name ?? "";
    return told(one, name === "final", "the root element <final>", `<${name}>`);
  },
});

export const finalHasLegs = check<Sent>("O.1-p3a", {
  trigger: documents,
  judge: (one) => {
    const { length } = one.report.document?.legs ?? [];
    return told(one, length > 0, "<leg> elements within <final>", `${length}`);
  },
});

/** Of one report alone that attribute tells nothing that its legs do not; of several, when there is nothing more to tell. */
function mustTellLast({ reports, fates }: Asked, trace: ScenarioTrace): boolean {
  const legs = reports.flatMap(({ document }) => document?.legs ?? []);
  const isAll = fates.every((fate) => legs.some((leg) => isLegOf(leg, fate, trace)));
  return reports.filter(({ document }) => document !== undefined).length > 1 && isAll;
}

export const lastIsTold = check<Asked>("O.1-p3b", {
  trigger: (trace) =>
    askedReports(trace).filter(
      (asked) =>
        asked.reports.some(({ document }) => document?.last === true) ||
        (mustTellLast(asked, trace) && isOverdue(asked, trace)),
    ),
  judge: ({ reports }) => {
    const last = reports.map(({ document }) => document?.last === true);
    const holds = last.indexOf(true) === last.length - 1;
    const expected = "last in the last report, and in no other";
    const evidence = reports.map(({ record }) => ({ seq: record.seq }));
    const actual = `it is in ${last.filter(Boolean).length} of ${last.length}`;
    return {
      result: holds ? "pass" : "miss",
      expected,
      actual,
      evidence,
    };
  },
});

export const reportNamesItsMessage = check<Sent>("O.1-p3c", {
  trigger: documents,
  judge: (one) => {
    const { messageId } = one.asked.talk.sent;
    const named = one.report.document?.messageId;
    return told(one, named === messageId, `Message-ID="${messageId}"`, `Message-ID="${named ?? ""}"`);
  },
});

export const legNamesRecipient = check<Sent>("O.1-p4a", {
  // Of who hides the server alone knows the name.
  trigger: (trace) =>
    documents(trace).filter(({ asked }) => !asked.talk.room.people.some((one) => isHidden(one))),
  judge: (one, trace) => {
    const { room, sender } = one.asked.talk;
    const legs = one.report.document?.legs ?? [];
    const isKnown = (uri: string): boolean =>
      one.asked.fates.some((fate) => isLegOf({ uri }, fate, trace)) ||
      room.people.some(
        ({ user }) => user.node !== sender.user.node && sameAddressOfRecord(user.imAddress, uri),
      );
    const stranger = legs.find(({ uri }) => !isKnown(uri));
    const expected = "the URI of a recipient in each leg";
    return told(one, stranger === undefined, expected, legs.map(({ uri }) => uri).join(", "));
  },
});

interface Reported {
  readonly sent: Sent;
  readonly fate: Fate;
  readonly status: number | undefined;
  readonly maxSize: number | undefined;
}

const reported = (trace: ScenarioTrace): readonly Reported[] =>
  documents(trace).flatMap((one) =>
    one.asked.fates.flatMap((fate) => {
      const leg = one.report.document?.legs.find((each) => isLegOf(each, fate, trace));
      return leg === undefined ? [] : [{ sent: one, fate, status: leg.status, maxSize: leg.maxSize }];
    }),
  );

export const statusIsTheRecipients = check<Reported>("O.1-p5", {
  trigger: (trace) => reported(trace).filter(({ fate }) => typeof fate.status === "number"),
  judge: ({ sent: one, fate, status }) => {
    const { actor } = fate.recipient.user;
    const holds = statusesAgree({ uri: "", ...(status === undefined ? {} : { status }) }, fate) === true;
    const expected = `status="${fate.status ?? ""}", as ${actor} told`;
    return told(one, holds, expected, status === undefined ? "no status" : `status="${status}"`);
  },
});

export const excessIsTold = check<Reported>("O.1-p6", {
  trigger: (trace) => reported(trace).filter(({ fate }) => fate.status === "too-large"),
  judge: ({ sent: one, fate, status, maxSize }) => {
    const { limit, recipient } = fate;
    const expected = `status="${TOO_LARGE_STATUS}" max-size="${limit ?? ""}" for ${recipient.user.actor}`;
    const holds = status === TOO_LARGE_STATUS && maxSize === limit;
    return told(one, holds, expected, `status="${status ?? ""}" max-size="${maxSize ?? ""}"`);
  },
});

export const documentHasItsType = check<Sent>("O.1-p7", {
  trigger: sent,
  judge: (one) =>
    told(
      one,
      one.report.isTyped,
      "the content type of a Final Report, as one of four",
      `Content-Type: ${one.report.contentType}`,
    ),
});

/** Values of `last` are printed nowhere, and the schema that is named was published by nobody. */
export const documentKeepsToSchema = check<Sent>("O.3-p1", {
  trigger: (trace) => typed(trace).filter(({ report }) => rootOf(report.body).root !== undefined),
  judge: (one) => {
    const violations = validateXml("final-report", one.report.body).filter(
      ({ message }) => !/attribute 'last'/u.test(message),
    );
    const [first] = violations;
    const expected = "a document by the schema, as Appendix O.1 describes it";
    return told(one, first === undefined, expected, first?.message ?? "no fault found");
  },
});
