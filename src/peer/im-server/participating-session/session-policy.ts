/** The operator's policies on size and content of sessions, against an offer (6.1.1.1, step 4b; 6.1.2.1, step 3b). */
import { parseSdp } from "../../../wire/sdp/parse.ts";
import { sdpReadable } from "../../../wire/sdp/error.ts";
import { offerDescription } from "../../../wire/sdp/answer.ts";
import { messageMediaOf } from "../../../wire/sdp/message-media.ts";
import { connectionTo, serializeSdp } from "../../../wire/sdp/serialize.ts";
import { sdpBody, type Body } from "../../../wire/sip/session-description.ts";
import type { ImServerPolicy } from "../config.ts";

type Policy = Pick<ImServerPolicy, "refusedSessionTypes" | "sessionMaximumBytes" | "acceptedSessionTypes">;

/** No offer, and one without MSRP, is not what the policies are about; one that cannot be read conforms to none. */
export function conformsToSessionPolicy(policy: Policy, offer: Body | undefined): boolean {
  if (offer === undefined) return true;
  const media = sdpReadable(() => messageMediaOf(parseSdp(offer.bytes), { lenient: true }));
  if (media === undefined) return false;
  return media.every(
    ({ port, acceptTypes, acceptWrappedTypes, maxSize }) =>
      port === 0 ||
      ((maxSize ?? 0) <= policy.sessionMaximumBytes &&
        ![...acceptTypes, ...acceptWrappedTypes].some((type) =>
          policy.refusedSessionTypes.includes(type.toLowerCase()),
        )),
  );
}

/** What is supported, as the body of a 488 (RFC 3261 11.2, 21.4.26). Port 9: nothing is to be connected to. */
export function supportedDescription(policy: Policy, host: string): Body {
  const connection = connectionTo(host);
  const { netType, addrType, address } = connection;
  const origin = { username: "-", sessionId: "1", sessionVersion: "1", netType, addrType, address };
  const [first = "message/cpim", ...others] = policy.acceptedSessionTypes;
  const description = offerDescription({ origin, connection }, [
    {
      path: `msrp://${host}:9/none;tcp`,
      connection,
      acceptTypes: [first, ...others],
      maxSize: policy.sessionMaximumBytes,
      setup: "none",
    },
  ]);
  return sdpBody(serializeSdp(description));
}
