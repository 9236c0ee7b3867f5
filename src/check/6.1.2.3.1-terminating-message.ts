/** A MESSAGE on its way to the served user (clause 6.1.2.3.1). */
import { tellsRelease } from "../spec/release-token.ts";
import type { Exchange, ScenarioTrace, SipRecord } from "../trace/scenario-trace.ts";
import { header } from "../wire/sip/headers.ts";
import { check } from "./check.ts";
import { missed, noted, passed } from "./outcome.ts";
import { deliverable, expectHeldBack, expectSameMessage, refusable, sentOn } from "./terminating-message.ts";

export const terminatingGeneralChecks = check("6.1.2.3.1-1", {
  trigger: (trace) => refusable(trace, "barred", "policy-rejects", "content-refused"),
  judge: (exchange, trace) =>
    expectHeldBack("a message that the general checks refuse is not sent on", exchange, trace),
});

/** What came in already told it (a copy of the server's own controlling function does): then nothing shows who put it there. */
function toldBefore({ request }: Exchange): boolean {
  return ["Server", "User-Agent"].some((name) => tells(request, name));
}

function tells(record: SipRecord, name: string): boolean {
  const value = header(record.message, name);
  return value !== undefined && tellsRelease(value, "server");
}

interface Passage {
  readonly exchange: Exchange;
  readonly onward: Exchange;
}

function passages(trace: ScenarioTrace): readonly Passage[] {
  return deliverable(trace).flatMap((exchange) => {
    const onward = sentOn(exchange, trace);
    return onward === undefined ? [] : [{ exchange, onward }];
  });
}

/** Server is a response header (RFC 3261 20.35), so that a server may tell its release in User-Agent, or in a response of its own. */
export const terminatingMessageRelease = check("6.1.2.3.1-2", {
  trigger: (trace) => passages(trace).filter(({ exchange }) => !toldBefore(exchange)),
  judge({ exchange, onward }) {
    const expected = "Server: IM-serv/OMA1.0 on the message that is sent on";
    if (tells(onward.request, "Server")) return passed(expected, written(onward.request), onward.request);
    if (tells(onward.request, "User-Agent"))
      return noted(expected, written(onward.request), "F.1 has it in User-Agent of requests", onward.request);
    const response = exchange.responses.find((one) => tells(one, "Server"));
    return response === undefined
      ? missed(expected, written(onward.request), onward.request)
      : noted(expected, written(response), "Server is a response header by RFC 3261", response);
  },
});

function written({ message }: SipRecord): string {
  const fields = ["Server", "User-Agent"].flatMap((name) => {
    const value = header(message, name);
    return value === undefined ? [] : [`${name}: ${value}`];
  });
  return fields.length === 0 ? "neither Server nor User-Agent" : fields.join(", ");
}

export const terminatingMessageForwarded = check("6.1.2.3.1-3", {
  trigger: deliverable,
  judge: expectSameMessage,
});
