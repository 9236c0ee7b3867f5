/** What participants give to the MSRP switch of their session, and what it makes of that: the wrapper is read, copies are found (7.2.3). */
import type { Stimulated } from "../trace/event.ts";
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import type { SessionMessage } from "../trace/session/session-messages.ts";
import { parseCpimAddress } from "../wire/cpim/address.ts";
import { cpimHeaders } from "../wire/cpim/cpim.ts";
import { parseCpimHead, type CpimHead } from "../wire/cpim/parse.ts";
import { contactsOf, privacyOf } from "../wire/sip/headers.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { FINAL_REPORT_NAMESPACE } from "../wire/xml/final-report.ts";
import {
  agreedIdentity,
  controllingHop,
  participantsOf,
  setUps,
  type Participant,
  type SetUp,
} from "./conference.ts";
import { memo } from "./memo.ts";
import { readable } from "./pager-message.ts";
import { tokensOf } from "./session-tokens.ts";

export interface Room {
  readonly setUp: SetUp;
  readonly people: readonly Participant[];
  /** Of the session, and of its group. */
  readonly addresses: readonly string[];
}

/** A message of a participant, with the headers of its wrapper. */
export interface Talk {
  readonly sent: SessionMessage;
  readonly stimulus: Stimulated;
  readonly token: string;
  readonly room: Room;
  readonly sender: Participant;
  /** Who else took part from its first octet to its last. */
  readonly others: readonly Participant[];
  /** Undefined: none that can be read, or several. */
  readonly from: string | undefined;
  readonly to: readonly string[];
  /** Whether From is that of the sender; undefined where the trace does not tell. */
  readonly fromIsOwn: boolean | undefined;
  /** By To: for everybody; for these alone; or for somebody who does not take part. */
  readonly audience: "everybody" | readonly Participant[] | "strangers";
  /** The value of Final-Report of its namespace, in lower case. */
  readonly finalReport: string | undefined;
}

export const rooms = memo((trace: ScenarioTrace): readonly Room[] =>
  setUps(trace).map((setUp) => {
    const identity = agreedIdentity(setUp);
    return {
      setUp,
      people: participantsOf(setUp, trace),
      addresses: [identity, setUp.group?.uri].filter((uri) => uri !== undefined),
    };
  }),
);

/** In the order in which they were sent. What is in no wrapper, and who is in two sessions at once, is left out. */
export const talks = memo((trace: ScenarioTrace): readonly Talk[] =>
  trace.sessionMode.messages.flatMap((sent) => talkOf(sent, trace) ?? []),
);

function talkOf(sent: SessionMessage, trace: ScenarioTrace): Talk | undefined {
  const token = tokensOf(trace).get(sent);
  const stimulus = trace.stimuli.find((one) => one.token === token);
  if (token === undefined || stimulus === undefined || sent.way !== "to-sut") return undefined;
  const within = rooms(trace).filter(({ people }) => people.some((one) => isAt(one, sent)));
  const [room, ...further] = within;
  const sender = room?.people.find((one) => isAt(one, sent));
  const head = headOf(sent);
  if (room === undefined || sender === undefined || further.length > 0 || head === undefined)
    return undefined;
  const others = room.people.filter((one) => one.user.node !== sent.node && isPresent(one, sent));
  const [from, ...furtherFrom] = addressesIn(head, "From");
  const to = addressesIn(head, "To");
  const [asked] = cpimHeaders(head, "Final-Report", FINAL_REPORT_NAMESPACE);
  const single = furtherFrom.length === 0 ? from : undefined;
  return {
    sent,
    stimulus,
    token,
    room,
    sender,
    others,
    from: single,
    to,
    fromIsOwn: isOwn(single, sender, sent.seq, trace),
    audience: audienceOf(to, room, sent, trace),
    finalReport: asked?.value.trim().toLowerCase(),
  };
}

const isAt = (one: Participant, { node, seq }: SessionMessage): boolean =>
  one.user.node === node && one.since < seq && seq < one.until;

const isPresent = ({ since, until }: Participant, { seq, endSeq }: SessionMessage): boolean =>
  since < seq && endSeq < until;

function headOf({ chunks, contentType }: SessionMessage): CpimHead | undefined {
  if (!/^message\/cpim\s*(?:;|$)/iu.test(contentType ?? "")) return undefined;
  const beginning = Buffer.concat(chunks.map(({ request }) => request.body ?? new Uint8Array()));
  return readable(() => parseCpimHead(beginning), undefined);
}

function addressesIn(head: CpimHead, name: string): readonly string[] {
  return cpimHeaders(head, name).map(({ value }) => readable(() => parseCpimAddress(value).uri, ""));
}

/** Whoever hides has the name that the server gave it, which only a notification tells. */
function isOwn(
  from: string | undefined,
  sender: Participant,
  seq: number,
  trace: ScenarioTrace,
): boolean | undefined {
  if (from === undefined || from === "") return undefined;
  const { imAddress, tel } = sender.user;
  const isReal = [imAddress, tel].some((own) => own !== undefined && sameAddressOfRecord(own, from));
  const isTold = ownEntities(sender, seq, trace).some((own) => sameAddressOfRecord(own, from));
  if (isTold) return true;
  if (isHidden(sender)) return trace.userOf(from) !== undefined && !isReal ? false : undefined;
  return isReal;
}

/** Entities that notifications to the participant marked as its own (Appendix M), before `seq`. */
export function ownEntities({ user }: Participant, seq: number, trace: ScenarioTrace): readonly string[] {
  return trace.sessionMode.subscriptions
    .filter(
      ({ event, opened }) =>
        event === "conference" && opened.hops.some(({ request }) => request.node === user.node),
    )
    .flatMap(({ notifications }) => notifications)
    .filter(({ notify }) => notify.seq < seq)
    .flatMap(({ conference }) =>
      conference === undefined || "unreadable" in conference ? [] : (conference.users?.list ?? []),
    )
    .flatMap(({ yourOwn, entity }) => (yourOwn === true && entity !== undefined ? [entity] : []));
}

/** Asked for privacy of the identity: in the INVITE with which it came, or when it accepted the focus' own. */
export function isHidden({ session: { invite } }: Participant): boolean {
  const came = controllingHop(invite, "to-sut");
  const { responses } = controllingHop(invite, "from-sut") ?? invite.atSut;
  const messages = came === undefined ? responses.map(({ message }) => message) : [came.request.message];
  return messages.some((message) =>
    readable(() => privacyOf(message).some((value) => value.toLowerCase() === "id"), false),
  );
}

function audienceOf(
  to: readonly string[],
  { addresses, people }: Room,
  sent: SessionMessage,
  trace: ScenarioTrace,
): Talk["audience"] {
  const whole = [...addresses, ...focusesAt(sent.node, trace)];
  if (to.some((uri) => whole.some((one) => sameAddressOfRecord(one, uri)))) return "everybody";
  const present = people.filter((one) => isPresent(one, sent));
  const meant = present.filter((one) => to.some((uri) => isAddressOf(uri, one, sent.seq, trace)));
  const known = to.every((uri) => present.some((one) => isAddressOf(uri, one, sent.seq, trace)));
  return known && meant.length > 0 ? meant : "strangers";
}

/** By what the others know it. */
function isAddressOf(uri: string, one: Participant, seq: number, trace: ScenarioTrace): boolean {
  const known = isHidden(one) ? ownEntities(one, seq, trace) : [one.user.imAddress];
  return known.some((address) => sameAddressOfRecord(address, uri));
}

/** Contact of each focus, as a node saw it: a B2BUA shows one of its own. */
export function focusesAt(node: string, trace: ScenarioTrace): readonly string[] {
  return focusesSeen(trace).get(node) ?? [];
}

const focusesSeen = memo((trace: ScenarioTrace): ReadonlyMap<string, readonly string[]> => {
  const seen = new Map<string, string[]>();
  for (const { node, direction, message } of trace.messages) {
    if (direction === "out") continue;
    const [contact] = readable(() => contactsOf(message), []);
    const isFocus =
      contact !== undefined && [...contact.params.keys()].some((name) => name.toLowerCase() === "isfocus");
    if (isFocus) seen.set(node, [...(seen.get(node) ?? []), contact.uri]);
  }
  return seen;
});

/** The focus knew that it takes part: of whom it invited it has had the 200, which its ACK tells. */
export function isKnown({ session: { invite, requests } }: Participant, seq: number): boolean {
  if (controllingHop(invite, "to-sut") !== undefined) return true;
  return requests.some(({ method, seq: at }) => method === "ACK" && at < seq);
}

/** Of who reads badly, refuses, or breaks off, on purpose nothing is expected. `but`: what does not count. */
export function misbehaves(
  { user }: Participant,
  trace: ScenarioTrace,
  but: readonly string[] = [],
): boolean {
  const harmless = ["writing", ...but];
  return trace.stimuli.some(({ actor, action, intent }) => {
    if (actor !== user.actor) return false;
    if (action === "send-in-session") return intent["ends"] === "drop-connection";
    return action === "misbehave-in-sessions" && Object.keys(intent).some((how) => !harmless.includes(how));
  });
}

/** It is all there, From is the sender's, and nothing else is out of the ordinary: nothing speaks against letting it through. */
export function isGood({ sent, fromIsOwn, stimulus }: Talk): boolean {
  const isUsual = stimulus.deviations.every((one) => /^(?:From|To): /u.test(one));
  return fromIsOwn === true && sent.flag === "$" && isUsual;
}

export const goodForEverybody = (trace: ScenarioTrace): readonly Talk[] =>
  talks(trace).filter((talk) => talk.audience === "everybody" && isGood(talk));
