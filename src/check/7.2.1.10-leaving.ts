/** 7.2.1.10: a participant leaves. */
import type { Exchange } from "../trace/scenario-trace.ts";
import { check } from "./check.ts";
import { controllingHop, invitesOfFocus, invitesToFocus } from "./conference.ts";
import { expectStatus } from "./outcome.ts";

/** The first BYE of a session that the function has accepted, or that was accepted of it. */
export const byeIsAnswered = check<Exchange>("7.2.1.10-1", {
  trigger: (trace) =>
    [...invitesToFocus(trace), ...invitesOfFocus(trace)].flatMap(({ session, accepted }) => {
      const bye = session.bye && controllingHop(session.bye, "to-sut");
      return accepted === undefined || bye === undefined ? [] : [bye];
    }),
  judge: (bye, trace) => expectStatus(bye, [200], trace.complete),
});
