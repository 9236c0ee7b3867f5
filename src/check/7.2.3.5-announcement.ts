/** 7.2.3.5: messages of the server itself into a session, which only it can start: the tester asks for them by the control hook. */
import type { Stimulated } from "../trace/event.ts";
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { isUnreadable } from "../trace/session/readable.ts";
import type { SessionMessage } from "../trace/session/session-messages.ts";
import { parseCpimAddress, type CpimAddress } from "../wire/cpim/address.ts";
import { cpimHeaders, type CpimMessage } from "../wire/cpim/cpim.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { check, type Check, type Outcome } from "./check.ts";
import type { Participant } from "./conference.ts";
import { noted } from "./outcome.ts";
import { readable } from "./pager-message.ts";
import { hookedAt, isTurnedDown } from "./server-hooks.ts";
import { isBound } from "./session-media.ts";
import { copiesAt } from "./session-tokens.ts";
import { focusesAt, isKnown, misbehaves, ownEntities, rooms, type Room } from "./switch-messages.ts";
import { hadTimeFor } from "./waiting-time.ts";

interface Announced {
  readonly stimulus: Stimulated;
  readonly room: Room;
  readonly recipient: Participant;
  readonly copy: SessionMessage | undefined;
}

interface Read extends Announced {
  readonly copy: SessionMessage;
  readonly cpim: CpimMessage;
  readonly from: CpimAddress | undefined;
  readonly to: readonly string[];
}

/** What the server was asked to say, and in which session, where it did not say that it does not. */
function asked(trace: ScenarioTrace): readonly Pick<Announced, "stimulus" | "room">[] {
  return trace.stimuli
    .filter((stimulus) => stimulus.action === "announce" && !isTurnedDown(stimulus, trace))
    .flatMap((stimulus) => {
      const { session } = stimulus.intent;
      const room = rooms(trace).findLast(
        ({ addresses }) =>
          typeof session === "string" && addresses.some((uri) => sameAddressOfRecord(uri, session)),
      );
      return room === undefined ? [] : [{ stimulus, room }];
    });
}

/** For each participant whom it is for, who is there before and stays. */
function announcements(trace: ScenarioTrace): readonly Announced[] {
  return asked(trace).flatMap(({ stimulus, room }) => {
    return room.people
      .filter(
        (one) => isMeant(one, stimulus.intent["to"]) && one.since < stimulus.seq && stimulus.seq < one.until,
      )
      .filter((one) => isKnown(one, stimulus.seq) && isBound(one, stimulus.seq, trace))
      .filter((one) => !misbehaves(one, trace))
      .map((recipient) => ({
        stimulus,
        room,
        recipient,
        copy: copiesAt(recipient, stimulus.token ?? "", trace)[0],
      }));
  });
}

const isMeant = ({ user }: Participant, to: unknown): boolean =>
  !Array.isArray(to) ||
  to.some((uri: unknown) => typeof uri === "string" && sameAddressOfRecord(uri, user.imAddress));

function readOnes(trace: ScenarioTrace): readonly Read[] {
  return announcements(trace).flatMap((announced) => {
    const { copy } = announced;
    const cpim = copy?.cpim;
    if (copy === undefined || cpim === undefined || isUnreadable(cpim)) return [];
    const addresses = (name: string): readonly CpimAddress[] =>
      cpimHeaders(cpim, name).flatMap(({ value }) => readable(() => [parseCpimAddress(value)], []));
    const [from] = addresses("From");
    return { ...announced, copy, cpim, from, to: addresses("To").map(({ uri }) => uri) };
  });
}

function outcome(
  result: "pass" | "miss",
  { stimulus, copy }: Announced,
  expected: string,
  actual: string,
): Outcome {
  const evidence = [{ seq: stimulus.seq }, ...(copy === undefined ? [] : [{ seq: copy.seq }])];
  return { result, expected, actual, evidence };
}

const sendToEach = check<Announced>("7.2.3.5-1", {
  trigger: announcements,
  judge: (announced, trace) => {
    const { stimulus, recipient, copy } = announced;
    const expected = `a SEND of type message/cpim to ${recipient.user.actor}`;
    if (copy !== undefined) {
      const isWrapped = /^message\/cpim\s*(?:;|$)/iu.test(copy.contentType ?? "");
      return outcome(
        isWrapped ? "pass" : "miss",
        announced,
        expected,
        `Content-Type: ${copy.contentType ?? ""}`,
      );
    }
    const isOver = hadTimeFor(hookedAt(stimulus, trace).at, trace, recipient.untilAt);
    return isOver ? outcome("miss", announced, expected, "none was sent") : [];
  },
});

/** Where it is for some only, the others get none. */
const sendToNobodyElse = check<Announced>("7.2.3.5-1", {
  trigger: (trace) =>
    asked(trace).flatMap(({ stimulus, room }) =>
      room.people
        .filter((one) => !isMeant(one, stimulus.intent["to"]))
        .flatMap((recipient) => {
          const [copy] = copiesAt(recipient, stimulus.token ?? "", trace);
          return copy === undefined ? [] : [{ stimulus, room, recipient, copy }];
        }),
    ),
  judge: (announced) =>
    outcome(
      "miss",
      announced,
      `no SEND to ${announced.recipient.user.actor}, whom the message is not for`,
      "one was sent",
    ),
});

export const eachRecipientGetsASend: Check = {
  ...sendToEach,
  run: (trace) => [...sendToEach.run(trace), ...sendToNobodyElse.run(trace)],
};

export const announcementIsToRecipient = check<Read>("7.2.3.5-1a", {
  trigger: readOnes,
  judge: (announced, trace) => {
    const { recipient, to } = announced;
    const { imAddress, tel } = recipient.user;
    const own = [imAddress, tel, ...ownEntities(recipient, Number.POSITIVE_INFINITY, trace)];
    const holds =
      to.length > 0 &&
      to.every((uri) => own.some((one) => one !== undefined && sameAddressOfRecord(one, uri)));
    return outcome(
      holds ? "pass" : "miss",
      announced,
      `To: <${imAddress}>`,
      `To: ${to.join(", ") || "none"}`,
    );
  },
});

export const announcementIsFromConference = check<Read>("7.2.3.5-1b", {
  trigger: readOnes,
  judge: (announced, trace) => {
    const { room, recipient, from } = announced;
    const addresses = [...room.addresses, ...focusesAt(recipient.user.node, trace)];
    const holds = from !== undefined && addresses.some((one) => sameAddressOfRecord(one, from.uri));
    const expected = `From: ${[...new Set(addresses)].map((uri) => `<${uri}>`).join(" or ")}`;
    return outcome(holds ? "pass" : "miss", announced, expected, `From: <${from?.uri ?? "none"}>`);
  },
});

export const nameTellsTheKind = check<Read>("7.2.3.5-1c", {
  trigger: readOnes,
  judge: (announced) => {
    const name = announced.from?.displayName?.trim() ?? "";
    const expected = "a display name in From that tells the kind of message, such as SysAdmin";
    return outcome(name === "" ? "miss" : "pass", announced, expected, name === "" ? "none" : name);
  },
});

export const nameMayBeAny = check<Read>("7.2.3.5-n", {
  trigger: readOnes,
  judge: ({ stimulus, copy, from }) => ({
    ...noted(
      "any name of a kind of message",
      from?.displayName ?? "none",
      "MAY: the printed ones are examples",
    ),
    evidence: [{ seq: stimulus.seq }, { seq: copy.seq }],
  }),
});

export const externalContentIsReferredTo = check<Read>("7.2.3.5-2", {
  trigger: (trace) =>
    readOnes(trace).filter(({ stimulus }) => stimulus.intent["externalContent"] !== undefined),
  judge: (announced) => {
    const { type } = announced.cpim.contentType;
    const holds = type.toLowerCase() === "message/external-body";
    return outcome(
      holds ? "pass" : "miss",
      announced,
      "Content-Type: message/external-body",
      `Content-Type: ${type}`,
    );
  },
});
