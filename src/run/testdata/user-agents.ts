/** A participating function that is a back-to-back user agent: what it passes on is a request of its own (RFC 3261 6, B2BUA). */
import { onRequest } from "../../fault/fault.ts";
import type { EdgeAlteration } from "../../peer/im/alteration.ts";
import type { ForwardOptions } from "../../endpoint/forwarding.ts";
import type { Turn } from "../../peer/im-server/turn.ts";
import { sipRequest, sipResponse, type HeaderPair } from "../../wire/sip/build.ts";
import { canonicalName } from "../../wire/sip/header-names.ts";
import { withoutHeader } from "../../wire/sip/edit.ts";
import { header, toOf } from "../../wire/sip/headers.ts";
import type { SipMessage, SipRequest } from "../../wire/sip/message.ts";

/** How a Call-ID of the second side begins. */
const MARK = "b2bua-";

const MAKES_DIALOG: ReadonlySet<string> = new Set(["INVITE", "SUBSCRIBE", "REFER"]);

export function isOfBackToBack(request: SipRequest): boolean {
  return header(request, "Call-ID")?.startsWith(MARK) ?? false;
}

/** What belongs to one side only. */
const OF_A_SIDE = new Set([
  "via",
  "from",
  "to",
  "call-id",
  "cseq",
  "max-forwards",
  "record-route",
  "route",
  "content-length",
]);

function endToEnd(message: SipMessage): readonly HeaderPair[] {
  return message.headers
    .filter(({ name }) => !OF_A_SIDE.has(canonicalName(name)))
    .map(({ name, value }) => [name, value] as const);
}

/** What makes a dialog goes to the core as if it were the server's own idea. */
export const withoutToken: readonly { readonly onSend: EdgeAlteration }[] = [...MAKES_DIALOG].map((method) =>
  onRequest(
    method,
    (request) => withoutHeader(request, "Route"),
    (request, cause) => cause !== undefined && toOf(request)?.tag === undefined,
  ),
);

/** `keepsRoute`: whether the Route of the core, with its original-dialog token, comes back. */
export function backToBack(keepsRoute: boolean): {
  readonly routing: { forward(turn: Turn, request: SipRequest, options: ForwardOptions): void };
} {
  return {
    routing: {
      forward: (turn, request, options) => {
        const { endpoint } = turn.server;
        // What makes a dialog is passed on as by the proxy of the set: a B2BUA in a dialog is another thing, and the reference is one.
        if (MAKES_DIALOG.has(request.method)) {
          endpoint.forward(turn.incoming, request, options);
          return;
        }
        const answer = (status: number, response?: SipMessage): void =>
          turn.incoming.respond(
            sipResponse(turn.incoming.message, status, undefined, {
              headers: response === undefined ? [["Server", "IM-serv/OMA1.0"]] : endToEnd(response),
              ...(response === undefined ? {} : { body: response.body }),
              toTag: turn.server.ids.token(8),
            }),
            options.annotation,
          );
        endpoint.send(ownSide(turn, request, keepsRoute), {
          to: keepsRoute ? options.to : turn.server.config.core,
          cause: turn.incoming.message,
          ...(options.annotation === undefined ? {} : { annotation: options.annotation }),
          onResponse: (response) => {
            if (response.status >= 200) answer(response.status, response);
          },
          onFailure: () => answer(480),
        });
      },
    },
  };
}

function ownSide(turn: Turn, request: SipRequest, keepsRoute: boolean): SipRequest {
  const { ids } = turn.server;
  const bare = (name: string): string => (header(request, name) ?? "").replace(/;\s*tag\s*=[^;]*/iu, "");
  const routes = request.headers.filter(({ name }) => keepsRoute && canonicalName(name) === "route");
  return sipRequest({
    method: request.method,
    uri: request.uri,
    headers: [
      ["Max-Forwards", "69"],
      ...routes.map(({ value }) => ["Route", value] as const),
      ["From", `${bare("From")};tag=b2bua-${ids.token(8)}`],
      ["To", bare("To")],
      ["Call-ID", `${MARK}${ids.token(12)}`],
      ["CSeq", `4711 ${request.method}`],
      ...endToEnd(request),
    ],
    body: request.body,
  });
}
