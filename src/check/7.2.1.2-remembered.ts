/** 7.2.1.2, step 4: the methods that the inviting client takes are kept in mind, which shows in what it is sent. */
import type { Exchange } from "../trace/scenario-trace.ts";
import { header, tokensOf } from "../wire/sip/headers.ts";
import { check } from "./check.ts";
import { adHocSetUps, controllingHop } from "./conference.ts";
import { expectThat } from "./outcome.ts";
import { readable } from "./pager-message.ts";

interface Sent {
  readonly exchange: Exchange;
  /** As the INVITE has it, in upper case. */
  readonly allowed: readonly string[];
}

/** RFC 3261 13: whoever sends INVITE has these, whether Allow names them or not. */
const OF_INVITE: ReadonlySet<string> = new Set(["ACK", "CANCEL", "BYE"]);

export const allowedMethodsAreKept = check<Sent>("7.2.1.2-4", {
  trigger: (trace) =>
    adHocSetUps(trace)
      .filter(({ request }) => header(request, "Allow") !== undefined)
      .flatMap(({ request, session }) => {
        const allowed = readable(() => tokensOf(request, "Allow"), []).map((method) => method.toUpperCase());
        return session.requests
          .filter(({ method }) => !OF_INVITE.has(method))
          .flatMap((journey) => controllingHop(journey, "from-sut") ?? [])
          .map((exchange) => ({ exchange, allowed }));
      }),
  judge: ({ exchange, allowed }) => {
    const { method } = exchange.request.message;
    return expectThat(
      allowed.includes(method),
      `requests within the session of methods that the client allows: ${allowed.join(", ")}`,
      method,
      exchange.request,
    );
  },
});
