/** 6.1.2.2.5, 2 and behind 3: the user plane of a session that is over, where the server was in the path of the media. */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import type { Stimulated } from "../trace/event.ts";
import { check, type Outcome } from "./check.ts";
import { originatorOf } from "./grounds.ts";
import { missed, passed, undecided } from "./outcome.ts";
import { fromNetwork, isEstablished, toClient } from "./terminating-dialog.ts";
import { isInMediaPath, toServer } from "./terminating-media.ts";
import { terminatingCalls, type TerminatingCall } from "./terminating-session.ts";

/** Somebody who holds the media open speaks when the BYE on that leg has its 200. */
interface Afterwards {
  readonly call: TerminatingCall;
  readonly leg: "network" | "client";
  readonly bye: Exchange;
  readonly stimulus: Stimulated;
}

function afterwards(trace: ScenarioTrace, leg: "network" | "client"): readonly Afterwards[] {
  return terminatingCalls(trace)
    .filter(isInMediaPath)
    .flatMap((call) => {
      const [first] = fromNetwork(call, "BYE");
      if (first === undefined || !isEstablished(call, first.request.seq)) return [];
      const bye = leg === "network" ? first : toClient(call, "BYE")[0];
      const over = bye?.final;
      if (bye === undefined || over === undefined || over.message.status !== 200) return [];
      return trace.stimuli
        .filter(
          ({ action, actor, seq }) =>
            action === "send-in-session" &&
            seq > over.seq &&
            actor === nameOf(call, leg, trace) &&
            holdsMedia(actor, over.seq, trace),
        )
        .map((stimulus) => ({ call, leg, bye, stimulus }));
    });
}

/** Only who was told to hold the media tries to send at all. */
function holdsMedia(actor: string, before: number, trace: ScenarioTrace): boolean {
  return trace.stimuli.some(
    (stimulus) =>
      stimulus.action === "misbehave-in-sessions" &&
      stimulus.actor === actor &&
      stimulus.seq < before &&
      stimulus.deviations.some((deviation) => deviation.startsWith("keepsMedia")),
  );
}

/** By whom the leg ends. */
function nameOf(
  { taken, sent }: TerminatingCall,
  leg: "network" | "client",
  trace: ScenarioTrace,
): string | undefined {
  const contact = leg === "network" ? taken.request.message : sent.final?.message;
  const identity = leg === "network" ? originatorOf(taken.request.message) : sent.request.message.uri;
  return contact === undefined || identity === undefined ? undefined : trace.userOf(identity)?.actor;
}

function judge({ call, leg, bye, stimulus }: Afterwards, trace: ScenarioTrace): Outcome {
  const expected = "the MSRP session is over: nothing is taken from it";
  const end = bye.final?.seq ?? 0;
  const message = toServer(call, leg, trace).find(({ seq }) => seq > end && seq > stimulus.seq);
  if (message === undefined) {
    const isElsewhere = trace.sessionMode.messages.some(
      ({ seq, way }) => seq > stimulus.seq && way === "to-sut",
    );
    return isElsewhere
      ? undecided(expected, "what was said then was said in another session", bye)
      : passed(expected, "there was no connection any more", bye);
  }
  const evidence = [...(bye.final === undefined ? [] : [{ seq: bye.final.seq }]), { seq: message.seq }];
  const soon = message.at - (bye.final?.at ?? 0) < trace.sutFile.guards.quietMs / 2;
  if (message.status === 200)
    return soon
      ? undecided(expected, "the message came right behind the BYE", bye)
      : { ...missed(expected, "200 to a message after the BYE"), evidence };
  const actual =
    message.status === undefined
      ? "no response to a message after the BYE"
      : `${message.status} to a message after the BYE`;
  return { ...passed(expected, actual), evidence };
}

export const mediaOfNetworkReleased = check<Afterwards>("6.1.2.2.5-2", {
  trigger: (trace) => afterwards(trace, "network"),
  judge,
});

export const mediaOfClientReleased = check<Afterwards>("6.1.2.2.5-4", {
  trigger: (trace) => afterwards(trace, "client"),
  judge,
});
