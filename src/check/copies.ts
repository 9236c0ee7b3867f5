/** What the switch sends to a recipient, beside what it was given (7.2.3.3, step 2b; 7.2.3.4, step c). */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { parseContentType } from "../wire/mime/content-type.ts";
import { FINAL_REPORT_NAMESPACE } from "../wire/xml/final-report.ts";
import { check, type Check, type Outcome } from "./check.ts";
import { outcomeOf, type Delivery } from "./deliveries.ts";
import { readable } from "./pager-message.ts";

export function judgeArrival(delivery: Delivery, { complete }: ScenarioTrace): Outcome {
  const expected = `the message is sent to ${delivery.recipient.user.actor}, who takes part`;
  if (delivery.copies.length > 0) return outcomeOf("pass", delivery, expected, "it was sent");
  if (!complete) return outcomeOf("inconclusive", delivery, expected, "the trace ends before it");
  return outcomeOf("miss", delivery, expected, "it was not sent");
}

/** A copy has what the sender chose; fields of the hop and of reports, and the division in chunks, are the server's own. */
export function judgeCopy(delivery: Delivery): Outcome {
  const { talk, copies } = delivery;
  const [copy] = copies;
  const { messageId, contentType = "" } = talk.sent;
  const expected = `Message-ID: ${messageId}, Content-Type: ${contentType}, as received`;
  const actual = `Message-ID: ${copy?.messageId ?? "none"}, Content-Type: ${copy?.contentType ?? "none"}`;
  const isSame = copy?.messageId === messageId && sameType(copy.contentType ?? "", contentType);
  return outcomeOf(isSame ? "pass" : "miss", delivery, expected, actual);
}

function sameType(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => readable(() => parseContentType(text).type, text));
  return a === b;
}

export function judgeBody(delivery: Delivery): Outcome | readonly Outcome[] {
  const { talk, copies } = delivery;
  const [own, copy] = [talk.sent.body, copies[0]?.body];
  if (own === undefined || copy === undefined) return [];
  const expected = "the body as it was sent, octet by octet";
  const found = compared(own, copy);
  if (found === "same") return outcomeOf("pass", delivery, expected, `${copy.length} octets, the same`);
  if (found === "unasked")
    return {
      ...outcomeOf("pass", delivery, expected, "the same, but for Final-Report"),
      result: "noted",
      note: "that Final-Report stays in the wrapper is a SHOULD (5.7.3)",
    };
  const at = copy.findIndex((octet, index) => octet !== own[index]);
  const where = at < 0 ? `${copy.length} octets of ${own.length}` : `another octet at ${at}`;
  return outcomeOf("miss", delivery, expected, where);
}

/** `unasked`: the copy lacks Final-Report, and is the same else. */
export function compared(own: Uint8Array, copy: Uint8Array): "same" | "unasked" | "other" {
  if (Buffer.compare(own, copy) === 0) return "same";
  return withoutAsking(own).includes(Buffer.from(copy).toString("latin1")) ? "unasked" : "other";
}

/** In latin1, its wrapper without Final-Report, and without the prefix that it stands under. */
function withoutAsking(body: Uint8Array): readonly string[] {
  const text = Buffer.from(body).toString("latin1");
  const end = text.indexOf("\r\n\r\n");
  const lines = text.slice(0, end).split("\r\n");
  const unasked = lines.filter((line) => !/^[^\s:.]+\.Final-Report:/iu.test(line));
  if (unasked.length === lines.length) return [];
  const unnamed = unasked.filter((line) => !line.startsWith("NS:") || !line.includes(FINAL_REPORT_NAMESPACE));
  return [unasked, unnamed].map((kept) => kept.join("\r\n") + text.slice(end));
}

/** How many copies a finding names as evidence. */
const NAMED = 10;

/** One finding for each message whose copies are all as they should be; where they are not, one for each that is not. */
export function ofEachMessage(
  statement: string,
  trigger: (trace: ScenarioTrace) => readonly Delivery[],
  judge: (delivery: Delivery, trace: ScenarioTrace) => Outcome | readonly Outcome[],
): Check {
  return check<readonly Delivery[]>(statement, {
    trigger: (trace) => byMessage(trigger(trace)),
    judge: (group, trace) => together(group.flatMap((delivery) => judge(delivery, trace))),
  });
}

function byMessage(deliveries: readonly Delivery[]): readonly (readonly Delivery[])[] {
  const groups = new Map<Delivery["talk"], Delivery[]>();
  for (const delivery of deliveries) {
    const group = groups.get(delivery.talk);
    if (group === undefined) groups.set(delivery.talk, [delivery]);
    else group.push(delivery);
  }
  return [...groups.values()];
}

function together(outcomes: readonly Outcome[]): readonly Outcome[] {
  const others = outcomes.filter(({ result }) => result !== "pass");
  const [first] = outcomes;
  if (others.length > 0) return others;
  if (first === undefined || outcomes.length === 1) return outcomes;
  const seen = new Map(outcomes.flatMap(({ evidence }) => evidence.map((one) => [one.seq, one] as const)));
  return [
    {
      ...first,
      actual: `${first.actual}; the same of ${outcomes.length - 1} more`,
      evidence: [...seen.values()].slice(0, NAMED),
    },
  ];
}
