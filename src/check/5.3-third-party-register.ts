/** The core tells the server of the registration of its users (clause 5.3). */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { contactsOf, expiresOf, header } from "../wire/sip/headers.ts";
import { check, type Outcome } from "./check.ts";
import { endOf, expectThat, missed, noted, passed, undecided } from "./outcome.ts";
import { readable } from "./pager-message.ts";

function thirdPartyRegisters(trace: ScenarioTrace): readonly Exchange[] {
  return trace.exchanges({ way: "to-sut", method: "REGISTER", function: "registration" });
}

export const thirdPartyRegisterUnderstood = check("5.3-1", {
  trigger: (trace) => thirdPartyRegisters(trace).filter(({ final }) => final !== undefined),
  judge: (exchange) =>
    expectThat(
      ![405, 501].includes(exchange.final?.message.status ?? 0),
      "a response of a server that knows REGISTER",
      endOf(exchange),
      exchange,
    ),
});

export const thirdPartyRegisterAnswered = check("5.3-2", {
  trigger: thirdPartyRegisters,
  judge: (exchange, trace): Outcome => {
    const expected = "one final response: 200, or a failure response";
    const finals = finalStatuses(exchange);
    const [status, ...others] = finals;
    if (status === undefined)
      return trace.complete
        ? missed(expected, "no final response within the response guard", exchange)
        : undecided(expected, "the trace ends before a final response", exchange);
    if (others.length > 0) return missed(expected, `final responses ${finals.join(", ")}`, exchange);
    return expectThat(status === 200 || status >= 400, expected, endOf(exchange), exchange);
  },
});

/** Each once: a final response that is sent again is the same response. */
function finalStatuses({ responses }: Exchange): readonly number[] {
  return [...new Set(responses.map(({ message }) => message.status).filter((status) => status >= 200))];
}

export const thirdPartyRegisterExpires = check("5.3-3", {
  trigger: (trace) =>
    thirdPartyRegisters(trace).flatMap((exchange) => {
      const { request, final } = exchange;
      const asked = readable(() => expiresOf(request.message), undefined);
      return final?.message.status === 200 && asked !== undefined ? [{ exchange, final, asked }] : [];
    }),
  judge: ({ final, asked }): Outcome => {
    const expected = `Expires: ${asked}, as in the REGISTER`;
    const value = header(final.message, "Expires");
    if (value !== undefined && readable(() => expiresOf(final.message), undefined) === asked)
      return passed(expected, `Expires: ${value}`, final);
    // RFC 3261 10.3, step 8: a registrar says it in the Contact.
    const ofContact = contactsOf(final.message).some(({ params }) => Number(params.get("expires")) === asked);
    if (value === undefined && ofContact)
      return noted(expected, "the value stands in the Contact", "RFC 3261 10.3 says it there", final);
    return missed(expected, value === undefined ? "no Expires header" : `Expires: ${value}`, final);
  },
});
