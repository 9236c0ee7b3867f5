/** 7.2.1.4, steps 1 to 3 and 7: who is let into the session of a Pre-defined Group. */
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { check, type Check } from "./check.ts";
import { isExplainedBy, isRefusedWith, isWeighed, type Rule } from "./group-session-admission.ts";
import { groupInvites, type GroupInvite } from "./group-session.ts";
import { expectThat } from "./outcome.ts";

const focus: Rule = {
  ground: "other-focus",
  when: ["running"],
  statuses: [403],
  variant: { status: 495, reading: "495, as in 7.2.1.3" },
};
const joiner: Rule = { ground: "not-joiner", when: ["running"], statuses: [403] };
const room: Rule = { ground: "full", when: ["running"], statuses: [486] };
const media: Rule = { ground: "media", when: ["running"], statuses: [488] };

export const focusIsLookedFor = isWeighed("7.2.1.4-1a", focus, {
  bad: "an INVITE with isfocus in Contact is refused",
  good: "an INVITE without isfocus in Contact is not refused for that",
});
export const otherFocusIsRefused = isRefusedWith("7.2.1.4-1b", focus);
export const otherFocusIsTold = isExplainedBy("7.2.1.4-1c", focus, 105);

export const joiningIsAuthorised = isWeighed("7.2.1.4-2a", joiner, {
  bad: "an INVITE of a user whom join-handling does not let in is refused",
  good: "an INVITE of a user whom join-handling lets in is not refused for that",
});
export const joiningIsForbidden = isRefusedWith("7.2.1.4-2b", joiner);
/** 7.2.1.5-2 has 122 for the same. */
export const forbiddenJoiningIsTold = isExplainedBy("7.2.1.4-2c", joiner, 127, 122);

const oneByOne = isWeighed("7.2.1.4-3", room, {
  bad: "an INVITE to a session with as many participants as the group may have is refused",
  good: "an INVITE to a session that has room is not refused for that",
});

/** Of several who come at once, too, no more are accepted than the group may have. */
const together = check<GroupInvite>("7.2.1.4-3", {
  trigger: (trace) =>
    groupInvites(trace).filter(
      ({ when, accepted, group }) =>
        when !== "idle" && accepted !== undefined && group.rules?.maxParticipantCount !== undefined,
    ),
  judge: ({ accepted, exchange, group, others, originator = "" }) => {
    const at = accepted?.seq ?? 0;
    const present = others.filter(
      ({ since, until, user = "" }) =>
        since !== undefined && since < at && until > at && !sameAddressOfRecord(user, originator),
    );
    const count = new Set(present.map(({ user }) => user?.toLowerCase())).size + 1;
    const maximum = group.rules?.maxParticipantCount ?? Infinity;
    return expectThat(
      count <= maximum,
      `no more than ${maximum} participants`,
      `${count}, with who was accepted`,
      exchange,
    );
  },
});

export const maximumIsChecked: Check = {
  ...oneByOne,
  run: (trace) => [...oneByOne.run(trace), ...together.run(trace)],
};
export const fullSessionIsBusy = isRefusedWith("7.2.1.4-3b-1", room);
export const fullSessionIsTold = isExplainedBy("7.2.1.4-3b-2", room, 102);

export const offerIsChecked = isWeighed("7.2.1.4-7a", media, {
  bad: "an offer without any medium that the server takes is refused",
  good: "an offer with a medium that the server takes is not refused",
});
export const unacceptableOfferIsRefused = isRefusedWith("7.2.1.4-7b", media);
