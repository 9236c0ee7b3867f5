/** 7.2.1.1: Contact in the 200 with which the controlling function takes an initial INVITE. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { check, type Check, type Outcome } from "./check.ts";
import {
  agreedIdentity,
  focusContactOf,
  invitesToFocus,
  setUps,
  type ConferenceInvite,
  type SetUp,
} from "./conference.ts";
import { expectThat, missed, undecided } from "./outcome.ts";
import { IM_FEATURE_TAG } from "./pager-message.ts";

interface Named {
  readonly setUp: SetUp;
  /** The 200 of who set the session up, or of who came by its identity. */
  readonly answer: ConferenceInvite;
}

function named(trace: ScenarioTrace): readonly Named[] {
  return setUps(trace).flatMap((setUp) => {
    const identity = agreedIdentity(setUp);
    const comers = setUp.comers.filter(
      ({ accepted, request }) =>
        accepted !== undefined && identity !== undefined && sameAddressOfRecord(request.uri, identity),
    );
    return [setUp, ...comers].map((answer) => ({ setUp, answer }));
  });
}

/** The same as the invited users are told, and who comes by it; of a session without a group not the URI that was asked for one. */
export const identityInAnswer = check<Named>("7.2.1.1-5a", {
  trigger: named,
  judge: ({ setUp, answer: { accepted, exchange } }) => {
    const expected = "Contact: the IM Session Identity";
    const contact = accepted && focusContactOf(accepted.message);
    if (contact === undefined) return missed(expected, "no Contact that can be read", exchange);
    if (setUp.kind === "ad-hoc" && sameAddressOfRecord(contact.uri, setUp.request.uri))
      return missed(expected, `Contact: <${contact.uri}>, the URI that was asked for`, exchange);
    const identity = agreedIdentity(setUp);
    if (identity === undefined)
      return undecided(expected, "the messages of the session name different identities", exchange);
    const actual = `Contact: <${contact.uri}>`;
    return expectThat(
      sameAddressOfRecord(contact.uri, identity),
      `${expected}, <${identity}>`,
      actual,
      exchange,
    );
  },
});

function ofEachAnswer(statement: string, parameter: string): Check {
  return check<ConferenceInvite>(statement, {
    trigger: (trace: ScenarioTrace) => invitesToFocus(trace).filter(({ accepted }) => accepted !== undefined),
    judge: ({ accepted, exchange }): Outcome => {
      const contact = accepted && focusContactOf(accepted.message);
      const actual =
        contact === undefined
          ? "no Contact that can be read"
          : `Contact: <${contact.uri}> with ${[...contact.params].join(", ") || "no parameter"}`;
      return expectThat(
        contact?.params.has(parameter) === true,
        `Contact with ${parameter}`,
        actual,
        exchange,
      );
    },
  });
}

export const focusInAnswer = ofEachAnswer("7.2.1.1-5b", "isfocus");
export const featureTagInAnswer = ofEachAnswer("7.2.1.1-5c", IM_FEATURE_TAG);
