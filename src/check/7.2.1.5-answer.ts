/** 7.2.1.5-8 to 10: how the controlling function lets a user into a session again. */
import { check, type Outcome } from "./check.ts";
import { expectStatus, expectThat, missed, passed, undecided } from "./outcome.ts";
import { goodRejoinings, type Rejoining } from "./rejoining.ts";
import { offerIn, takenMedia, typesNotOffered } from "./session-offers.ts";
import { descriptionIn } from "../trace/session/descriptions.ts";
import type { ScenarioTrace } from "../trace/scenario-trace.ts";

export const rejoiningIsAccepted = check<Rejoining>("7.2.1.5-8", {
  trigger: goodRejoinings,
  judge: ({ exchange }, trace) => expectStatus(exchange, [200], trace.complete),
});

export const answerIsSent = check<Rejoining>("7.2.1.5-10", {
  trigger: goodRejoinings,
  judge: ({ exchange, accepted }, trace): Outcome => {
    const expected = "a 200 to the INVITE goes to the client";
    if (accepted !== undefined) return passed(expected, "it went", exchange);
    return trace.complete
      ? missed(expected, "no 200 went", exchange)
      : undecided(expected, "the trace ends before it", exchange);
  },
});

/** Whatever lets a user in, whether it had to or not. */
function accepted(trace: ScenarioTrace): readonly Rejoining[] {
  return goodRejoinings(trace).filter((one) => one.accepted !== undefined);
}

export const answerHasMsrp = check<Rejoining>("7.2.1.5-9", {
  trigger: accepted,
  judge: ({ accepted: success, exchange }): Outcome => {
    const answer = success && descriptionIn(success);
    const expected = "an answer in SDP that takes message media, with a path";
    if (answer === undefined) return missed(expected, "no session description", exchange);
    const [taken] = takenMedia(answer);
    if (taken === undefined) return missed(expected, "no message media that is taken", exchange);
    return expectThat(
      taken.path.length > 0,
      expected,
      taken.path.length > 0 ? "such an answer" : "no path",
      exchange,
    );
  },
});

export const typesAreOffered = check<Rejoining>("7.2.1.5-9a", {
  trigger: (trace) => accepted(trace).filter((one) => answered(one) !== undefined),
  judge: (rejoining): Outcome | readonly Outcome[] => {
    const pair = answered(rejoining);
    if (pair === undefined) return [];
    const { acceptTypes } = pair.answer;
    const others = typesNotOffered(pair.offer, pair.answer);
    const actual = `a=accept-types:${acceptTypes.join(" ")}`;
    return expectThat(
      acceptTypes.length > 0 && others.length === 0,
      `accept-types out of those offered: ${pair.offer.acceptTypes.join(" ")}`,
      actual,
      rejoining.exchange,
    );
  },
});

function answered({ accepted: success, exchange }: Rejoining) {
  const [answer] = takenMedia(success && descriptionIn(success));
  const offer = offerIn(exchange)?.media.find(({ index }) => index === answer?.index);
  return answer === undefined || offer === undefined ? undefined : { offer, answer };
}
