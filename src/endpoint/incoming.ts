import type { Hop } from "../net/network.ts";
import type { SipRequest, SipResponse } from "../wire/sip/message.ts";
import type { Annotation } from "./crossing.ts";

/** A request as the user of an endpoint gets it: once, however often it came. */
export interface IncomingRequest {
  /** With `received` and `rport` in the top Via where they are due (RFC 3261 18.2.1). */
  readonly message: SipRequest;
  readonly source: Hop;
  /** What it came in on. */
  readonly local: Hop;
  /** Whether a final response was given. */
  readonly answered: boolean;
  /** What `annotate` said of the request. */
  readonly annotation: Annotation | undefined;
  /** Sends a response through the transaction. A second final response, and any response to an ACK, comes to nothing. */
  respond(response: SipResponse, annotation?: Annotation): void;
  /**
   * In place of the 487 that the endpoint gives an INVITE for which a CANCEL came (RFC 3261 9.2). `localTag` goes into To of the 200 for the
   * CANCEL, which should have the tag of the responses to the INVITE.
   */
  onCancel(handler: () => void, localTag?: string): void;
}
