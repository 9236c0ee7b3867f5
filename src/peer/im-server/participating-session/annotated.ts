import type { Annotation } from "../../../endpoint/crossing.ts";
import { mergeAnnotations } from "../../../endpoint/crossing.ts";
import type { IncomingRequest } from "../../../endpoint/incoming.ts";
import type { SipRequest } from "../../../wire/sip/message.ts";

/** The request with `annotation` on whatever is answered to it, unless the answer says otherwise; perhaps as another message. `onCancelled`: a CANCEL came for it. */
export function annotated(
  incoming: IncomingRequest,
  annotation: Annotation,
  message: SipRequest = incoming.message,
  onCancelled: () => void = () => undefined,
): IncomingRequest {
  return {
    message,
    source: incoming.source,
    local: incoming.local,
    get answered() {
      return incoming.answered;
    },
    annotation: mergeAnnotations(incoming.annotation, annotation),
    respond: (response, more) => incoming.respond(response, mergeAnnotations(annotation, more)),
    onCancel: (handler, localTag) =>
      incoming.onCancel(() => {
        handler();
        onCancelled();
      }, localTag),
  };
}
