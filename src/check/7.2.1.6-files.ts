/** 7.2.1.6, note: what a participant offers as a file is offered to the others (7.2.2.6). */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { descriptionIn } from "../trace/session/descriptions.ts";
import { check, type Outcome } from "./check.ts";
import { hadTimeTogether, spanOf, thoseIn, within, isSameUser } from "./conference-members.ts";
import { missed, noted, passed, undecided } from "./outcome.ts";
import { modifications, type Modification } from "./session-modifications.ts";
import { offerIn } from "./session-offers.ts";

interface FileOffered {
  readonly modification: Modification;
  /** Another participant; undefined: the function did not take the file. */
  readonly user: string | undefined;
}

/** Files of re-INVITEs that were accepted, for each of the others. */
function filesOffered(trace: ScenarioTrace): readonly FileOffered[] {
  return modifications(trace)
    .filter(({ ground, exchange }) => ground === "none" && exchange.final?.message.status === 200)
    .flatMap((modification): readonly FileOffered[] => {
      const { conference, attendance, exchange } = modification;
      const files =
        offerIn(exchange)?.media.filter(({ file, port }) => file !== undefined && port !== 0) ?? [];
      const answer = exchange.final && descriptionIn(exchange.final);
      const isTaken = files.some(({ index }) =>
        answer?.media.some((one) => one.index === index && one.port !== 0),
      );
      if (files.length === 0) return [];
      if (!isTaken) return [{ modification, user: undefined }];
      return thoseIn(conference, spanOf(exchange), trace)
        .filter((user) => !isSameUser(user, attendance.uri, trace))
        .map((user) => ({ modification, user }));
    });
}

export const filesArePassedOn = check<FileOffered>("7.2.1.6-n", {
  trigger: filesOffered,
  judge: ({ modification: { conference, exchange }, user }, trace): Outcome => {
    if (user === undefined)
      return noted(
        "a file that is taken is offered to the other participants",
        "the answer does not take it",
        "RFC 3264 6: who answers may decline a medium, and then there is no file transfer",
        exchange,
      );
    const expected = `a re-INVITE to <${user}> that offers the file`;
    const sent = conference.attendances
      .filter(({ uri }) => isSameUser(uri, user, trace))
      .flatMap((one) => within(one, "INVITE"))
      .find(
        (one) =>
          one.way === "from-sut" &&
          one.request.seq > exchange.request.seq &&
          offerIn(one)?.media.some(({ file }) => file !== undefined) === true,
      );
    if (sent !== undefined) return passed(expected, "it was sent", exchange, sent);
    return trace.complete && hadTimeTogether(conference, exchange.final?.at ?? 0, trace)
      ? missed(expected, "no such re-INVITE", exchange)
      : undecided(expected, "the session was over, or the trace, before it could be sent", exchange);
  },
});
