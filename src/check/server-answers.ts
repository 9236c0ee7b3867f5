/** The final responses that an IM Server gives of its own, as opposed to those that it passes on. */
import type { ServerFunction } from "../trace/event.ts";
import type { Exchange, ScenarioTrace, SipRecord } from "../trace/scenario-trace.ts";
import type { SipResponse } from "../wire/sip/message.ts";
import type { Outcome } from "./check.ts";
import { endOf, expectStatus, missed } from "./outcome.ts";

export interface OwnAnswer {
  readonly exchange: Exchange;
  readonly final: SipRecord<SipResponse>;
}

/** Undefined: no final response, or one that had come to the server on the leg on which it sent the request on. */
export function ownAnswerTo(exchange: Exchange, trace: ScenarioTrace): OwnAnswer | undefined {
  const { final } = exchange;
  if (final === undefined) return undefined;
  const came = trace.onwardOf(exchange)?.final;
  const isPassedOn = came !== undefined && came.seq < final.seq;
  return isPassedOn || mayHaveCome(exchange, trace) ? undefined : { exchange, final };
}

/** What it sent on cannot be told of a server that does not keep the token: then the same answer to another request may be where this is from. */
function mayHaveCome({ request, final }: Exchange, trace: ScenarioTrace): boolean {
  if (trace.sutFile.server?.originalDialogToken !== false || final === undefined) return false;
  return trace
    .exchanges({ way: "from-sut", method: request.message.method })
    .some(
      (other) =>
        other.request.seq > request.seq &&
        other.final !== undefined &&
        other.final.seq < final.seq &&
        other.final.message.status === final.message.status,
    );
}

/** A final response of the server's own with that status: one that somebody behind it gave does not count. */
export function expectOwnAnswer(exchange: Exchange, status: number, trace: ScenarioTrace): Outcome {
  const isPassedOn = exchange.final !== undefined && ownAnswerTo(exchange, trace) === undefined;
  return isPassedOn
    ? missed(
        `final response ${status} from the server itself`,
        `it sent the request on, and the answer came from there: ${endOf(exchange)}`,
        exchange,
        trace.onwardOf(exchange),
      )
    : expectStatus(exchange, [status], trace.complete);
}

/** Own answers of the server, in one of its functions or in all. */
export function ownAnswers(trace: ScenarioTrace, serverFunction?: ServerFunction): readonly OwnAnswer[] {
  return trace
    .exchanges({ way: "to-sut", ...(serverFunction === undefined ? {} : { function: serverFunction }) })
    .flatMap((exchange) => ownAnswerTo(exchange, trace) ?? []);
}

/** The own answer, where it has this status. */
export function answeredWith(exchange: Exchange, status: number, trace: ScenarioTrace): readonly OwnAnswer[] {
  const answer = ownAnswerTo(exchange, trace);
  return answer?.final.message.status === status ? [answer] : [];
}
