/** A client that receives a MESSAGE (clause 8.2.1). */
import { withBody, withHeader } from "../wire/sip/edit.ts";
import { contentTypeOf, headerValues } from "../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../wire/sip/message.ts";
import { receiving } from "../peer/im-client/decisions/receiving.ts";
import { GROUP_ADVERTISEMENT_TYPE, SYSTEM_MESSAGE_FEATURE_TAG } from "../spec/feature-tags.ts";
import { clientFault, decide, onResponse } from "./fault.ts";
import type { Fault } from "./fault.ts";

const isSystem = (message: SipRequest): boolean =>
  headerValues(message, "Accept-Contact").join(",").toLowerCase().includes(SYSTEM_MESSAGE_FEATURE_TAG);
const typeOf = (message: SipRequest): string | undefined => contentTypeOf(message)?.type;
const isAdvertisement = (message: SipRequest): boolean => typeOf(message) === GROUP_ADVERTISEMENT_TYPE;
const isReference = (message: SipRequest): boolean => typeOf(message) === "message/external-body";

/** Presents as an ordinary message what is none. */
const asOrdinary = (which: (message: SipRequest) => boolean) =>
  decide({
    receiving: {
      kind: (client: Parameters<typeof receiving.kind>[0], message: SipRequest) =>
        which(message) ? ("message" as const) : receiving.kind(client, message),
    },
  });

/** Shows nothing of it. */
const losing = (which: (message: SipRequest) => boolean) =>
  decide({
    receiving: {
      stores: (client: Parameters<typeof receiving.stores>[0], message: SipRequest) =>
        !which(message) && receiving.stores(client, message),
    },
  });

/** The Via values the other way round: the response does not find its way. */
function viaReversed(response: SipResponse): SipResponse {
  const values = headerValues(response, "Via");
  return withHeader(response, "Via", values.toReversed().join(", "));
}

function withText(response: SipResponse): SipResponse {
  return withBody(response, "text/plain", new Uint8Array(Buffer.from("thank you", "utf8")));
}

export const faults: readonly Fault[] = [
  clientFault("8.2.1-2", "a system message is shown as any other", asOrdinary(isSystem)),
  clientFault(
    "8.2.1-3a",
    "Subject of a group advertisement is not shown",
    decide({ receiving: { subject: () => undefined } }),
  ),
  clientFault("8.2.1-3b", "a group advertisement is shown as any other message", asOrdinary(isAdvertisement)),
  clientFault(
    "8.2.1-4a",
    "ordinary messages are not kept",
    losing((message) => !isSystem(message) && !isAdvertisement(message) && !isReference(message)),
  ),
  clientFault(
    "8.2.1-4a",
    "the sender of a message is not kept",
    decide({ receiving: { sender: () => "sip:somebody.else@home.example" } }),
  ),
  clientFault(["8.2.1-5", "8.2.1-4a"], "references to content elsewhere are dropped", losing(isReference)),
  clientFault(
    "8.2.1-6a",
    "no report is sent where one was asked for",
    decide({ receiving: { reports: () => false } }),
  ),
  clientFault(
    "8.2.1-6a",
    "the report names another Message-ID",
    decide({ reporting: { messageId: () => "another" } }),
  ),
  clientFault(
    "8.2.1-6a",
    "the report goes to somebody else",
    decide({ reporting: { requestUri: () => "sip:somebody.else@home.example" } }),
  ),
  clientFault(
    "8.2.1-6b",
    "a report is sent though nobody asked",
    decide({ receiving: { reports: () => true } }),
  ),
  clientFault(
    "8.2.1-resp-1",
    "the response has a Contact",
    onResponse("MESSAGE", (response) => withHeader(response, "Contact", "<sip:127.0.0.1>")),
  ),
  clientFault("8.2.1-resp-1", "the response has a body", onResponse("MESSAGE", withText)),
  clientFault(
    "8.2.1-resp-1",
    "a message is not answered",
    onResponse("MESSAGE", () => undefined),
  ),
  clientFault(
    "8.2.1-resp-2",
    "the response tells the release of a server",
    decide({ receiving: { userAgent: () => "IM-serv/OMA1.0" } }),
  ),
  clientFault(
    "8.2.1-resp-3",
    "the response names somebody else",
    decide({ receiving: { preferredIdentity: () => "<sip:somebody.else@home.example>" } }),
  ),
  clientFault(
    "8.2.1-resp-4",
    "the response goes the way back in the wrong order",
    onResponse("MESSAGE", viaReversed),
  ),
];
