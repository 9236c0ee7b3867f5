/** MESSAGE of a client (clause 8.1.1). */
import { withBody, withHeader } from "../wire/sip/edit.ts";
import { contentTypeOf, header } from "../wire/sip/headers.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import { deliveryNotificationOf } from "../peer/im/delivery.ts";
import { receiving } from "../peer/im-client/decisions/receiving.ts";
import { isList, sending } from "../peer/im-client/decisions/sending.ts";
import type { MessageAction } from "../spec/actions.ts";
import type { ClientAlteration } from "../peer/im-client/client.ts";
import { clientFault, decide, onRequest } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { directly } from "./past-the-core.ts";

const SOMEBODY = "sip:somebody.else@home.example";

/** The Request-URI of some messages is somebody else's. */
function misaddressed(concerns: (action: MessageAction) => boolean): ClientAlteration {
  return {
    decisions: {
      sending: {
        requestUri: (client, action) => (concerns(action) ? SOMEBODY : sending.requestUri(client, action)),
      },
    },
  };
}

/** Takes a CPIM header line out of the body. */
function withoutCpimHeader(request: SipRequest, name: string): SipRequest {
  const text = Buffer.from(request.body).toString("utf8");
  const rest = text
    .split("\r\n")
    .filter((line) => !line.startsWith(`${name}:`))
    .join("\r\n");
  const type = header(request, "Content-Type") ?? "message/cpim";
  return withBody(request, type, new Uint8Array(Buffer.from(rest, "utf8")));
}

const isCpim = (request: SipRequest): boolean => contentTypeOf(request)?.type === "message/cpim";

export const faults: readonly Fault[] = [
  clientFault(
    "8.1.1-0",
    "MESSAGE has a Contact",
    onRequest("MESSAGE", (request) => withHeader(request, "Contact", "<sip:127.0.0.1>")),
  ),
  clientFault(
    "8.1.1-0",
    "To of MESSAGE has a tag, as within a dialog",
    onRequest("MESSAGE", (request) => withHeader(request, "To", `${header(request, "To") ?? ""};tag=none`)),
  ),
  clientFault(
    "8.1.1-1",
    "MESSAGE lacks Accept-Contact",
    decide({ sending: { acceptContact: () => undefined } }),
  ),
  clientFault("8.1.1-2", "MESSAGE lacks User-Agent", decide({ sending: { userAgent: () => undefined } })),
  clientFault(
    "8.1.1-3",
    "anonymity is asked for with Privacy: user",
    decide({ sending: { privacy: (_client, { anonymous }) => (anonymous ? "user" : undefined) } }),
  ),
  clientFault(
    "8.1.1-4",
    "a message to one user is addressed to somebody else",
    misaddressed(({ to, toKind }) => toKind === "user" && to.length === 1),
  ),
  clientFault(
    "8.1.1-5a",
    "the last recipient is not on the list",
    decide({ sending: { recipients: (_client, { to }) => to.slice(0, -1) } }),
  ),
  clientFault(
    "8.1.1-5a",
    "the sender is on the list too",
    decide({ sending: { recipients: ({ config }, { to }) => [...to, config.imAddress] } }),
  ),
  clientFault("8.1.1-5b", "a message with a list is addressed to somebody", misaddressed(isList)),
  clientFault(
    "8.1.1-5c",
    "sessiontype is left out of the Request-URI",
    decide({ sending: { sessionType: () => "" } }),
  ),
  clientFault(
    "8.1.1-6a",
    "a message to a group is addressed to somebody",
    misaddressed(({ toKind }) => toKind === "group"),
  ),
  clientFault(
    "8.1.1-7",
    "a message to a session is addressed to somebody",
    misaddressed(({ toKind }) => toKind === "session"),
  ),
  clientFault(
    "8.1.1-8b",
    "a reference is sent as text",
    decide({
      sending: {
        content: (client, action) =>
          action.externalContent === undefined
            ? sending.content(client, action)
            : { contentType: "text/plain", body: action.externalContent },
      },
    }),
  ),
  clientFault("8.1.1-9", "the wish for reports is left out", decide({ sending: { dispositions: () => [] } })),
  clientFault(
    "8.1.1-9",
    "display is asked for in place of delivery",
    decide({
      sending: { dispositions: (_client, { report = [] }) => report.slice(0, 1).map(() => "display") },
    }),
  ),
  clientFault(
    "8.1.1-9",
    "the message that is to be reported on has no Message-ID",
    onRequest("MESSAGE", (request) => withoutCpimHeader(request, "imdn.Message-ID"), isCpim),
  ),
  clientFault("8.1.1-10", "MESSAGE goes past the core", directly("MESSAGE")),
  clientFault(
    "8.1.1-n2",
    "a report that comes late is dropped",
    decide({
      receiving: {
        stores: (client, message) =>
          deliveryNotificationOf(message) === undefined && receiving.stores(client, message),
      },
    }),
  ),
];
