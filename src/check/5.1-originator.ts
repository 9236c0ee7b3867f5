/** Who the originator of a request is, and what becomes of one that does not tell (clause 5.1). */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { fromOf, header } from "../wire/sip/headers.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { check, type Outcome } from "./check.ts";
import { originatorOf, soleGround } from "./grounds.ts";
import { expectGoesOn, expectTurnedAway, forwardable, refusable } from "./originating-message.ts";
import { endOf, expectThat, noted } from "./outcome.ts";
import { readable } from "./pager-message.ts";
import { answeredWith, expectOwnAnswer } from "./server-answers.ts";

/** From names somebody else, or nobody. */
function fromDiffers({ request }: Exchange): boolean {
  const asserted = originatorOf(request.message);
  const from = fromUri(request.message);
  return asserted !== undefined && from !== undefined && !sameAddressOfRecord(asserted, from);
}

function fromUri(request: SipRequest): string | undefined {
  return readable(() => fromOf(request)?.uri, undefined);
}

/** RFC 3323 4.1.1.3: whoever it is, the host says that there is no such address. */
function fromIsAnonymous(request: SipRequest): boolean {
  return /@anonymous\.invalid$/iu.test(fromUri(request) ?? "@anonymous.invalid");
}

export const originatorFromAssertedIdentity = check("5.1-1", {
  trigger: (trace) => [...refusable(trace, "unauthorised"), ...forwardable(trace)].filter(fromDiffers),
  judge: (exchange, trace) =>
    soleGround(exchange, trace) === "unauthorised"
      ? expectTurnedAway(
          "a user who may not send is known by P-Asserted-Identity, not by From",
          exchange,
          trace,
        )
      : expectGoesOn(
          "a message whose P-Asserted-Identity names a user who may send goes on, whatever From says",
          exchange,
          trace,
          ({ status }) => status === 403,
        ),
});

/** Messages in which the core names no originator, and that nothing else speaks against. */
function withoutIdentity(trace: ScenarioTrace): readonly Exchange[] {
  return trace
    .exchanges({ way: "to-sut", method: "MESSAGE" })
    .filter(
      (exchange) =>
        soleGround(exchange, trace) === "no-identity" &&
        header(exchange.request.message, "P-Asserted-Identity") === undefined,
    );
}

export const originatorFromFrom = check("5.1-4a", {
  trigger: (trace) => withoutIdentity(trace).filter(({ request }) => !fromIsAnonymous(request.message)),
  judge: (exchange, trace) =>
    noted(
      "the server may take the originator from From, or refuse",
      wasTaken(exchange, trace) ? "it took the address in From" : `it did not: ${endOf(exchange)}`,
      "MAY",
      exchange,
    ),
});

function wasTaken(exchange: Exchange, trace: ScenarioTrace): boolean {
  const status = exchange.final?.message.status ?? 0;
  return trace.onwardOf(exchange) !== undefined || (status >= 200 && status < 300);
}

export const noOriginator403 = check("5.1-5a", {
  trigger: withoutIdentity,
  judge: (exchange, trace): Outcome => {
    if (fromIsAnonymous(exchange.request.message) || !wasTaken(exchange, trace))
      return expectOwnAnswer(exchange, 403, trace);
    return noted(
      "final response 403 where no originator can be told",
      "the message was taken, with the address in From",
      "From may carry the originator (5.1-4a)",
      exchange,
    );
  },
});

export const noOriginatorWarning = check("5.1-5b", {
  trigger: (trace) => withoutIdentity(trace).flatMap((exchange) => answeredWith(exchange, 403, trace)),
  judge: ({ final }) => {
    const value = header(final.message, "Warning");
    const actual = value === undefined ? "no Warning header" : `Warning: ${value}`;
    return expectThat(value !== undefined, "a Warning that explains the refusal", actual, final);
  },
});
