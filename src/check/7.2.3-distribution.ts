/** 7.2.3.1, 7.2.3.3: a message for everybody in a conference reaches every other participant, as it was sent. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { isUnreadable } from "../trace/session/readable.ts";
import type { SessionMessage } from "../trace/session/session-messages.ts";
import { mediumOf } from "../trace/session/media-sessions.ts";
import { parseCpimAddress } from "../wire/cpim/address.ts";
import { cpimHeaders } from "../wire/cpim/cpim.ts";
import { check, type Outcome } from "./check.ts";
import { adHocSetUps, participantsOf, type Participant } from "./conference.ts";
import { memo } from "./memo.ts";
import { readable } from "./pager-message.ts";

interface Delivery {
  readonly sent: SessionMessage;
  readonly recipient: Participant;
  readonly received: readonly SessionMessage[];
}

/** Messages that the switch took, for each participant whom they are for and whom nothing kept from them. */
function deliveries(trace: ScenarioTrace): readonly Delivery[] {
  const conferences = adHocSetUps(trace).map((setUp) => participantsOf(setUp, trace));
  return trace.sessionMode.messages.flatMap((sent) => {
    const token = tokensOf(trace).get(sent);
    if (token === undefined || sent.way !== "to-sut" || sent.status !== 200 || sent.flag !== "$") return [];
    const within = conferences.filter((people) => people.some((one) => isAt(one, sent)));
    const [people, ...others] = within;
    // Who is in two conferences at once may mean either.
    if (people === undefined || others.length > 0 || isPrivate(sent, people)) return [];
    return people
      .filter((one) => one.user.node !== sent.node && isPresent(one, sent) && mayTake(one, sent, trace))
      .map((recipient) => ({
        sent,
        recipient,
        received: receivedOf(trace).get(`${recipient.user.node} ${token}`) ?? [],
      }))
      .filter(({ recipient, received }) => received.length > 0 || stayed(recipient, sent, trace));
  });
}

/** Clocks are not finer than this share of a guard. */
const SLACK = 0.1;

/** Who leaves while a message is on its way may go without it; for others there was as much time as scenarios wait for a message. */
function stayed({ untilAt }: Participant, sent: SessionMessage, { sutFile, events }: ScenarioTrace): boolean {
  const closing = events.findLast(({ type }) => type === "crossed" || type === "window-closed")?.at ?? 0;
  const sentAt = events.find(({ seq }) => seq === sent.endSeq)?.at ?? Number.POSITIVE_INFINITY;
  const { actionMs, responseMs } = sutFile.guards;
  return Math.min(untilAt, closing) - sentAt >= Math.min(actionMs, responseMs) * (1 - SLACK);
}

/** A message is told by the token of the stimulus that is in it: of each message it is looked for once. */
const tokensOf = memo((trace: ScenarioTrace): ReadonlyMap<SessionMessage, string> => {
  const tokens = trace.stimuli.flatMap(({ token }) => token ?? []);
  const pattern = tokens.length === 0 ? undefined : new RegExp(tokens.map(literally).join("|"), "u");
  return new Map(
    trace.sessionMode.messages.flatMap((message) => {
      const text = message.body === undefined ? "" : Buffer.from(message.body).toString("utf8");
      const token = pattern?.exec(text)?.[0];
      return token === undefined ? [] : [[message, token] as const];
    }),
  );
});

const literally = (token: string): string => token.replaceAll(/[\\^$.*+?()[\]{}|]/gu, "\\$&");

/** What came from the server, by node and token. */
const receivedOf = memo((trace: ScenarioTrace): ReadonlyMap<string, readonly SessionMessage[]> => {
  const found = new Map<string, SessionMessage[]>();
  for (const [message, token] of tokensOf(trace)) {
    if (message.way !== "from-sut") continue;
    const key = `${message.node} ${token}`;
    const known = found.get(key);
    if (known === undefined) found.set(key, [message]);
    else known.push(message);
  }
  return found;
});

const isAt = (one: Participant, { node, seq }: SessionMessage): boolean =>
  one.user.node === node && one.since < seq && seq < one.until;

const isPresent = ({ since, until }: Participant, { seq, endSeq }: SessionMessage): boolean =>
  since < seq && endSeq < until;

/** For participants who are named one by one. */
function isPrivate({ cpim }: SessionMessage, people: readonly Participant[]): boolean {
  if (cpim === undefined || isUnreadable(cpim)) return true;
  const to = cpimHeaders(cpim, "To").map(({ value }) => readable(() => parseCpimAddress(value).uri, ""));
  return to.some((uri) => people.some(({ user }) => user.imAddress.toLowerCase() === uri.toLowerCase()));
}

/** Its MSRP session was bound before, and takes messages of that size. */
function mayTake({ user }: Participant, sent: SessionMessage, trace: ScenarioTrace): boolean {
  const bound = boundAt(trace).get(user.node);
  if (bound === undefined || bound.seq > sent.seq) return false;
  return (sent.body?.length ?? 0) <= bound.maxSize;
}

/** For each node the first MSRP that crossed it, and the least size that SDP told of its session. */
const boundAt = memo(
  (trace: ScenarioTrace): ReadonlyMap<string, { readonly seq: number; readonly maxSize: number }> => {
    const found = new Map<string, { readonly seq: number; readonly maxSize: number }>();
    for (const media of trace.sessionMode.media) {
      const maxSize = Math.min(
        Number.POSITIVE_INFINITY,
        ...media.ends.flatMap((end) => mediumOf(media, end)?.maxSize ?? []),
      );
      for (const { node, seq } of media.records)
        if (!found.has(node) || seq < (found.get(node)?.seq ?? 0)) found.set(node, { seq, maxSize });
    }
    return found;
  },
);

function outcome(
  result: "pass" | "miss" | "inconclusive",
  { sent, received: [first] }: Delivery,
  expected: string,
  actual: string,
): Outcome {
  const evidence = [{ seq: sent.seq }, ...(first === undefined ? [] : [{ seq: first.seq }])];
  return { result, expected, actual, evidence, ...(result === "inconclusive" ? { note: actual } : {}) };
}

export const messagesAreDistributed = check<Delivery>("7.2.3.1-5", {
  trigger: deliveries,
  judge: (delivery, trace) => {
    const { recipient, received } = delivery;
    const expected = `the message is sent to ${recipient.user.actor}, who takes part`;
    if (received.length > 0) return outcome("pass", delivery, expected, "it was sent");
    if (!trace.complete) return outcome("inconclusive", delivery, expected, "the trace ends before it");
    return outcome("miss", delivery, expected, "it was not sent");
  },
});

export const bodiesAreNotModified = check<Delivery>("7.2.3.3-2b-2", {
  trigger: (trace) =>
    deliveries(trace).filter(({ received: [first] }) => first !== undefined && first.body !== undefined),
  judge: (delivery) => {
    const { sent, received } = delivery;
    const expected = "the body as it was sent, octet by octet";
    const [own, copy] = [sent.body ?? new Uint8Array(), received[0]?.body ?? new Uint8Array()];
    if (Buffer.compare(own, copy) === 0)
      return outcome("pass", delivery, expected, `${copy.length} octets, the same`);
    const at = copy.findIndex((octet, index) => octet !== own[index]);
    const where = at < 0 ? `${copy.length} octets of ${own.length}` : `another octet at ${at}`;
    return outcome("miss", delivery, expected, where);
  },
});
