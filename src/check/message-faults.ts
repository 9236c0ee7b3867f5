/** What is wrong with a SIP message by RFC 3261 and its extensions, whoever asks. */
import { violations } from "../wire/sip/validate.ts";
import type { SipMessage } from "../wire/sip/message.ts";
import { memo } from "./memo.ts";

export const faultsOf = memo((message: SipMessage) => violations(message));
