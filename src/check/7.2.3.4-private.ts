/** 7.2.3.4, 7.2.3.1, 7.2.3.3: a message for single participants goes to these alone. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { judgeArrival, judgeBody, judgeCopy, ofEachMessage } from "./copies.ts";
import { check, type Outcome } from "./check.ts";
import { certainRecipients, deliveries, recipientsOf, type Delivery } from "./deliveries.ts";
import { noted } from "./outcome.ts";
import { areSupported, isPermitted, maySenderWrite, privateTalks, tellsRelease } from "./private-talks.ts";
import { endedAt, failuresOf, hadTime, OF_SESSION } from "./session-media.ts";
import { copiesAt } from "./session-tokens.ts";
import type { Talk } from "./switch-messages.ts";

const privateDeliveries = (trace: ScenarioTrace): readonly Delivery[] =>
  deliveries(trace).filter(({ talk }) => Array.isArray(talk.audience));

const arrived = (trace: ScenarioTrace): readonly Delivery[] =>
  privateDeliveries(trace).filter(({ copies: [copy] }) => copy?.flag === "$");

export const eachAddressIsServed = ofEachMessage("7.2.3.4-c", privateDeliveries, judgeArrival);

export const privateIsCopied = ofEachMessage("7.2.3.4-c-1", arrived, judgeCopy);

export const privateBodyIsNotModified = check<Delivery>("7.2.3.4-c-2", {
  trigger: arrived,
  judge: judgeBody,
});

interface Aside {
  readonly talk: Talk;
  readonly names: string;
  /** Has it though it is for others. */
  readonly overheard: string | undefined;
  /** Everybody whom it is for has it. */
  readonly isServed: boolean;
  /** That somebody else does not have it is proven. */
  readonly isProven: boolean;
}

function asides(trace: ScenarioTrace): readonly Aside[] {
  return privateTalks(trace).flatMap((talk) => {
    const meant = recipientsOf(talk);
    const others = talk.others.filter((one) => !meant.some(({ user }) => user.node === one.user.node));
    const has = ({ user }: { readonly user: Talk["sender"]["user"] }): boolean =>
      copiesAt({ user }, talk.token, trace).length > 0;
    return {
      talk,
      names: meant.map(({ user }) => user.actor).join(" and "),
      overheard: others.find(has)?.user.actor,
      isServed: meant.every(has),
      isProven:
        trace.complete &&
        others.some(({ user }) => trace.absenceProven(endedAt(talk.sent, trace), `message at ${user.actor}`)),
    };
  });
}

/** A refusal is another statement's matter: the server need not support private messages (7.2.3.4, last paragraph). */
function judgeAside({ talk, names, overheard, isServed, isProven }: Aside): Outcome | readonly Outcome[] {
  const expected = `a message to ${names} goes to nobody else`;
  const evidence = [{ seq: talk.sent.seq }];
  if (overheard !== undefined)
    return { result: "miss", expected, actual: `${overheard} received it`, evidence };
  return isServed && isProven
    ? { result: "pass", expected, actual: "nobody else received it", evidence }
    : [];
}

export const participantInToIsForThatOne = check<Aside>("7.2.3.4-2", { trigger: asides, judge: judgeAside });

export const recipientsAreLookedAt = check<Aside>("7.2.3.4-1", { trigger: asides, judge: judgeAside });

export const otherRecipientsArePrivate = check<Aside>("7.2.3.3-3", { trigger: asides, judge: judgeAside });

export const audienceIsLookedUp = check<Aside>("7.2.3.3-2-1", { trigger: asides, judge: judgeAside });

export const privateMessagesAreSupported = check<Aside>("7.2.3.1-6", {
  trigger: (trace) => asides(trace).filter(({ talk }) => isPermitted(talk, trace)),
  judge: (aside, trace) => {
    const { talk, names, overheard, isServed } = aside;
    const expected = `a message to ${names} is sent to these alone`;
    const evidence = [{ seq: talk.sent.seq }];
    const failures = failuresOf(talk.sent);
    if (failures.includes(403))
      return {
        ...noted(expected, "403", "7.2.3.4 leaves it open whether a server has private messages"),
        evidence,
      };
    if (overheard !== undefined)
      return { result: "miss", expected, actual: `${overheard} received it`, evidence };
    if (isServed) return { result: "pass", expected, actual: "it was sent", evidence };
    const isDue = certainRecipients(talk, trace).some((one) => copiesAt(one, talk.token, trace).length === 0);
    if (!trace.complete || failures.length > 0 || !isDue) return [];
    return { result: "miss", expected, actual: "it was not sent", evidence };
  },
});

function judge403(talk: Talk, why: string, trace: ScenarioTrace): Outcome | readonly Outcome[] {
  const expected = `403, in a response or in a report: ${why}`;
  const [copy] = talk.others.flatMap((one) => copiesAt(one, talk.token, trace));
  const evidence = [{ seq: talk.sent.seq }, ...(copy === undefined ? [] : [{ seq: copy.seq }])];
  if (copy !== undefined) return { result: "miss", expected, actual: "the message was sent on", evidence };
  const failures = failuresOf(talk.sent);
  if (failures.includes(403)) return { result: "pass", expected, actual: "403", evidence };
  const [other] = failures;
  if (other !== undefined && OF_SESSION.has(other)) return [];
  if (other !== undefined) return { result: "miss", expected, actual: `${other}`, evidence };
  if (!trace.complete || !hadTime(talk.sent, trace, talk.sender.untilAt)) return [];
  return { result: "miss", expected, actual: "it was not refused", evidence };
}

/** The sender may not, and nothing else speaks against it. */
const unauthorised = (trace: ScenarioTrace): readonly Talk[] =>
  privateTalks(trace).filter(
    (talk) => maySenderWrite(talk, trace) === false && recipientsOf(talk).every(tellsRelease),
  );

const WITHOUT_RIGHT = "the sender may not send private messages";

export const rightIsChecked = check<Talk>("7.2.3.4-a-1", {
  trigger: unauthorised,
  judge: (talk, trace) => judge403(talk, WITHOUT_RIGHT, trace),
});

export const senderWithoutRightGets403 = check<Talk>("7.2.3.4-a-2", {
  trigger: unauthorised,
  judge: (talk, trace) => judge403(talk, WITHOUT_RIGHT, trace),
});

/** In a session without a group, where the operator has none. */
export const withoutPrivateMessages = check<Talk>("7.2.3.4-3", {
  trigger: (trace) =>
    areSupported(trace) === false
      ? unauthorised(trace).filter(({ room }) => room.setUp.group === undefined)
      : [],
  judge: (talk, trace) => judge403(talk, "the server has no private messages", trace),
});

const toUnknownNodes = (trace: ScenarioTrace): readonly Talk[] =>
  privateTalks(trace).filter(
    (talk) => maySenderWrite(talk, trace) === true && !recipientsOf(talk).every(tellsRelease),
  );

const UNKNOWN_NODE = "no release of IM was named for the recipient's node";

export const nodesAreLookedUp = check<Talk>("7.2.3.4-b-1", {
  trigger: toUnknownNodes,
  judge: (talk, trace) => judge403(talk, UNKNOWN_NODE, trace),
});

export const unknownNodeGets403 = check<Talk>("7.2.3.4-b-2", {
  trigger: toUnknownNodes,
  judge: (talk, trace) => judge403(talk, UNKNOWN_NODE, trace),
});
