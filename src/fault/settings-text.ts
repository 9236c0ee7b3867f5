/** Rewrites the settings document of a client in its text, on its way out. */
import { withBody } from "../wire/sip/edit.ts";
import { header } from "../wire/sip/headers.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import { onRequest } from "./fault.ts";

export function inDocument(rewrite: (xml: string) => string): ReturnType<typeof onRequest> {
  return onRequest(
    "PUBLISH",
    (request) => withText(request, rewrite(Buffer.from(request.body).toString("utf8"))),
    (request) => request.body.length > 0,
  );
}

function withText(request: SipRequest, text: string): SipRequest {
  const type = header(request, "Content-Type") ?? "application/poc-settings+xml";
  return withBody(request, type, new Uint8Array(Buffer.from(text, "utf8")));
}
