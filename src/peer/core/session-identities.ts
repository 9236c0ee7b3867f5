/**
 * Identities of sessions that an application server has made up: requests for them are its own, as for the service identities that were
 * provisioned. The server tells them in Contact with `isfocus` (RFC 4579 5.1). A network would route them by a pattern; here they are learnt,
 * so that a SUT file need not know how a server names its sessions.
 */
import { readable } from "../../wire/sip/error.ts";
import { contactsOf } from "../../wire/sip/headers.ts";
import type { SipMessage } from "../../wire/sip/message.ts";
import { addressKey, domainOf } from "./address-key.ts";
import type { PsiRoute } from "./config.ts";

/** Enough for any run; the oldest go first. */
const KEPT = 20_000;

export interface SessionIdentities {
  /** `server`: name of the application server that the message comes from. */
  learn(message: SipMessage, server: string): void;
  find(uri: string): PsiRoute | undefined;
}

/** `mayLearn`: an address that is somebody else's already is not the server's to give. */
export function createSessionIdentities(
  isOwnDomain: (domain: string) => boolean,
  mayLearn: (uri: string) => boolean,
): SessionIdentities {
  const known = new Map<string, PsiRoute>();
  return {
    learn(message, server) {
      for (const { uri, params } of readable(() => contactsOf(message)) ?? []) {
        const domain = domainOf(uri);
        const isSession = params.has("isfocus") && domain !== undefined && isOwnDomain(domain);
        const key = addressKey(uri);
        if (!isSession || known.has(key) || !mayLearn(uri)) continue;
        known.set(key, { uri, server });
        const oldest = known.keys().next();
        if (known.size > KEPT && oldest.done !== true) known.delete(oldest.value);
      }
    },
    find: (uri) => known.get(addressKey(uri)),
  };
}
