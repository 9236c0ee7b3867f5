/** The release of a client (clause F.1). */
import { withHeader, withoutHeader } from "../wire/sip/edit.ts";
import { clientFault, onRequest, onResponse } from "./fault.ts";
import type { Fault } from "./fault.ts";

/** The release of messages, wherever a clause asks for it there. */
const called = (value: string) => onRequest("MESSAGE", (request) => withHeader(request, "User-Agent", value));

export const faults: readonly Fault[] = [
  clientFault(
    ["F.1-p1a", "8.1.1-2"],
    "a message lacks User-Agent altogether",
    onRequest("MESSAGE", (request) => withoutHeader(request, "User-Agent")),
  ),
  clientFault(
    ["F.1-p1a", "8.2.1-resp-2"],
    "the answer to a message lacks User-Agent altogether",
    onResponse("MESSAGE", (response) => withoutHeader(response, "User-Agent")),
  ),
  clientFault("F.1-p2b", "the product of the vendor comes first", called("Talk5000/1.01 IM-client/OMA1.0")),
  clientFault("F.1-p3a", "a client calls itself phone", called("IM-phone/OMA1.0")),
  clientFault("F.1-p3c", "a client tells another release", called("IM-client/OMA2.0")),
];
