/** 7.2.2.6: the controlling function offers its participants other media parameters, as its control hook asked it to. */
import type { Stimulated } from "../trace/event.ts";
import type { Exchange, ScenarioTrace, SipRecord } from "../trace/scenario-trace.ts";
import { descriptionIn } from "../trace/session/descriptions.ts";
import type { MessageMedia } from "../wire/sdp/message-media.ts";
import { cseqOf } from "../wire/sip/headers.ts";
import type { SipMessage } from "../wire/sip/message.ts";
import { check, type Outcome } from "./check.ts";
import { setUps, type SetUp } from "./conference.ts";
import { deliveries, outcomeOf, type Delivery } from "./deliveries.ts";
import { memo } from "./memo.ts";
import { expectThat, missed, passed } from "./outcome.ts";
import { readable } from "./pager-message.ts";
import { hooked, hookedAt } from "./server-hooks.ts";
import { sizeOf } from "./session-media.ts";
import { isInAt, staysIn, type Stay } from "./session-stays.ts";
import { copiesAt } from "./session-tokens.ts";
import { talks, type Talk } from "./switch-messages.ts";
import { hadTimeFor } from "./waiting-time.ts";

interface Change {
  readonly setUp: SetUp;
  readonly stimulus: Stimulated;
  /** Who was in when the server was asked, each with the re-INVITE that came of it. */
  readonly offered: readonly { readonly stay: Stay; readonly reInvite: Exchange | undefined }[];
}

/** Of participants who left, or whom there was no time for, those who were offered something all the same. */
const changes = memo((trace: ScenarioTrace): readonly Change[] =>
  setUps(trace).flatMap((setUp) =>
    hooked(setUp, "change-session-media", trace).map((stimulus) => {
      const { seq, at } = hookedAt(stimulus, trace);
      const offered = staysIn(setUp, trace)
        .filter((stay) => isInAt(stay, seq))
        .map((stay) => ({ stay, reInvite: reInviteIn(stay, seq) }))
        .filter(
          ({ stay, reInvite }) =>
            reInvite !== undefined ||
            hadTimeFor(at, trace, Math.min(stay.goes?.at ?? Infinity, stay.removal?.request.at ?? Infinity)),
        );
      return { setUp, stimulus, offered };
    }),
  ),
);

/** The first that the function sent to the participant after that place of the record. */
function reInviteIn({ session }: Stay, after: number): Exchange | undefined {
  return session.requests
    .filter(({ method }) => method === "INVITE")
    .flatMap(({ hops }) => hops)
    .find(
      ({ way, request }) =>
        way === "from-sut" && request.serverFunction === "controlling" && request.seq > after,
    );
}

const whoIs = ({ user, uri }: Stay): string => user?.actor ?? `<${uri}>`;

export const reInviteIsMade = check<Change>("7.2.2.6-1", {
  trigger: (trace) => changes(trace).filter(({ offered }) => offered.length > 0),
  judge: ({ stimulus, offered }): Outcome => {
    const made = offered.flatMap(({ reInvite }) => reInvite ?? []);
    const expected = "a re-INVITE, for the media parameters were changed";
    const outcome =
      made.length > 0
        ? passed(expected, `${made.length} re-INVITEs`, ...made)
        : missed(expected, "no re-INVITE");
    return { ...outcome, evidence: [{ seq: stimulus.seq }, ...outcome.evidence] };
  },
});

interface Offered {
  readonly stimulus: Stimulated;
  readonly stay: Stay;
  readonly reInvite: Exchange;
}

function offers(trace: ScenarioTrace): readonly Offered[] {
  return changes(trace).flatMap(({ stimulus, offered }) =>
    offered.flatMap(({ stay, reInvite }) => (reInvite === undefined ? [] : [{ stimulus, stay, reInvite }])),
  );
}

/** The types that were asked for; a server may add what it cannot do without, such as message/cpim. */
export const reInviteOffersModified = check<Offered>("7.2.2.6-2", {
  trigger: offers,
  judge: ({ stimulus, reInvite: { request } }) => {
    const asked = wordsIn(stimulus.intent["acceptTypes"]).map((type) => type.toLowerCase());
    const media = descriptionIn(request)?.media ?? [];
    // One that is switched off stays where it is (RFC 3264 8).
    const medium = media.find(({ port }) => port !== 0) ?? media[0];
    const expected = `an offer of MSRP with accept-types: ${asked.join(" ")}`;
    const types = (medium?.acceptTypes ?? []).map((type) => type.toLowerCase());
    const offered = types.map((type) => type.toLowerCase());
    const holds =
      asked.every((type) => offered.includes(type.toLowerCase())) && (medium?.path.length ?? 0) > 0;
    const actual =
      medium === undefined
        ? "no session description with MSRP"
        : `accept-types: ${types.join(" ") || "none"}${medium.path.length === 0 ? ", no path" : ""}`;
    return expectThat(holds, expected, actual, request);
  },
});

function wordsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((word): word is string => typeof word === "string") : [];
}

interface Asked {
  readonly stimulus: Stimulated;
  readonly stay: Stay;
  readonly reInvite: Exchange | undefined;
}

export const reInviteToEverybody = check<Asked>("7.2.2.6-3", {
  trigger: (trace) =>
    changes(trace).flatMap(({ stimulus, offered }) => offered.map((one) => ({ stimulus, ...one }))),
  judge: ({ stimulus, stay, reInvite }): Outcome => {
    const verdict = reInvite === undefined ? missed : passed;
    const sent = reInvite === undefined ? "no re-INVITE" : "a re-INVITE";
    const outcome = verdict(`a re-INVITE to ${whoIs(stay)}, who takes part`, sent, reInvite);
    return { ...outcome, evidence: [{ seq: stimulus.seq }, ...outcome.evidence] };
  },
});

/** A message of somebody else after the re-INVITE had its 200, and what that says of the size of messages. */
interface Afterwards {
  readonly stay: Stay;
  readonly talk: Talk;
  readonly limit: number | undefined;
  readonly copies: number;
}

function afterwards(trace: ScenarioTrace): readonly Afterwards[] {
  return offers(trace).flatMap(({ stay, reInvite }) => {
    const { final } = reInvite;
    const acknowledged = ackOf(stay, reInvite);
    const medium = final && final.message.status < 300 ? mediumOf(final) : undefined;
    if (medium === undefined || acknowledged === undefined) return [];
    const limit = medium.maxSize;
    return talks(trace)
      .filter((talk) => talk.sent.seq > acknowledged && isFor(stay, talk) && talk.sent.status === 200)
      .flatMap((talk) => {
        const user = stay.user;
        if (user === undefined || sizeOf(talk.sent) === undefined) return [];
        const copies = copiesAt({ user }, talk.token, trace).length;
        const isLarge = limit !== undefined && (sizeOf(talk.sent) ?? 0) > limit;
        const isKnown = copies > 0 || (isLarge && trace.absenceProven(talk.sent.at));
        return isKnown ? [{ stay, talk, limit, copies }] : [];
      });
  });
}

function mediumOf(record: SipRecord): MessageMedia | undefined {
  return descriptionIn(record)?.media[0];
}

function cseqNumber(message: SipMessage): number | undefined {
  return readable(() => cseqOf(message)?.number, undefined);
}

/** Where the ACK of the re-INVITE stands, on the hop of the function. */
function ackOf({ session }: Stay, { request }: Exchange): number | undefined {
  const number = cseqNumber(request.message);
  return session.requests
    .filter(({ method }) => method === "ACK")
    .flatMap(({ hops }) => hops)
    .find((hop) => hop.way === "from-sut" && cseqNumber(hop.request.message) === number)?.request.seq;
}

/** For everybody, from somebody else. */
function isFor({ session }: Stay, { audience, others }: Talk): boolean {
  return audience === "everybody" && others.some((one) => one.session === session);
}

export const modifiedParametersHold = check<Afterwards>("7.2.2.6-200-1", {
  trigger: afterwards,
  judge: ({ stay, talk, limit, copies }): Outcome => {
    const size = sizeOf(talk.sent) ?? 0;
    const isLarge = limit !== undefined && size > limit;
    const who = whoIs(stay);
    const terms = limit === undefined ? "as agreed on" : `of at most ${limit} octets, as agreed on`;
    const holds = isLarge === (copies === 0);
    return {
      result: holds ? "pass" : "miss",
      expected: `${who} is sent messages ${terms}`,
      actual: `a message of ${size} octets was ${copies === 0 ? "not sent" : "sent"}`,
      evidence: [{ seq: talk.sent.seq }],
    };
  },
});

/** Messages for whom a modification was offered that has no 200, or had none when they were sent. */
export const currentParametersHold = check<Delivery>("7.2.2.6-200-2", {
  trigger: (trace) => {
    const pending = offers(trace).filter(({ stay, reInvite }) => !isRepeated(stay, reInvite));
    return deliveries(trace).filter(({ talk, recipient }) =>
      pending.some(
        ({ stay, reInvite }) =>
          stay.session === recipient.session &&
          reInvite.request.seq < talk.sent.seq &&
          talk.sent.endSeq < agreedAt(reInvite),
      ),
    );
  },
  judge: (delivery) => {
    const { recipient, copies } = delivery;
    const expected = `${recipient.user.actor}, who has not agreed to other parameters, is still sent messages`;
    const result = copies.length > 0 ? "pass" : "miss";
    return outcomeOf(result, delivery, expected, copies.length > 0 ? "it was sent" : "it was not sent");
  },
});

function agreedAt({ final }: Exchange): number {
  return final !== undefined && final.message.status < 300 ? final.seq : Number.POSITIVE_INFINITY;
}

/** What was offered again may have been agreed on then. */
function isRepeated(stay: Stay, { request }: Exchange): boolean {
  return reInviteIn(stay, request.seq) !== undefined;
}
