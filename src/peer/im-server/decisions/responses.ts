/** What every response of the server carries. */
import { SERVER_RELEASE } from "../../im/identifiers.ts";
import type { ForwardOptions } from "../../../endpoint/forwarding.ts";
import { parseSipUri } from "../../../wire/sip/uri.ts";
import type { Hop } from "../../../net/network.ts";
import type { SipRequest } from "../../../wire/sip/message.ts";
import { preferredLanguage, translated } from "./warning-language.ts";
import type { ServerParts, Turn } from "../turn.ts";

/** RFC 3261 20.43: text in quotes, with backslash and quote escaped. */
function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

export const responses = {
  /** 6.1.1.1, lists for 200 and other responses; F.1. */
  server: (_turn: Turn, _status: number): string | undefined => SERVER_RELEASE,
  /** 5.6.1: code 399; the host name may be given, and RFC 3261 wants an agent. */
  warning: (turn: Turn, text: string): string | undefined => {
    const { host } = parseSipUri(turn.server.config.serviceUris.systemSender);
    const { language, translated } = turn.server.decisions.wording;
    return `399 ${host} ${quoted(translated(text, language(turn.request)))}`;
  },
  errorInfo: (_turn: Turn, uri: string): string | undefined => uri,
} as const;

/** 5.6.1: the language of warnings. */
export const wording = {
  language: (request: SipRequest): string => preferredLanguage(request),
  translated: (text: string, language: string): string => translated(text, language),
} as const;

/** Third-party registration (clause 5.3). */
export const registration = {
  status: (_turn: Turn): number => 200,
  /** Expires of the 200: the value that came. */
  expires: (_turn: Turn, received: string | undefined): string | undefined => received,
} as const;

/** Where requests go, of the server's own (5.4, step 8; 8.3.2.1, step 8) and of others: through the core. */
export const routing = {
  nextHop: (server: ServerParts, _request: SipRequest): Hop => server.config.core,
  /** 6.1.1.3.1, 6.1.2.3.1: what is passed on, as a proxy does. */
  forward: (turn: Turn, request: SipRequest, options: ForwardOptions): void => {
    turn.server.endpoint.forward(turn.incoming, request, options);
  },
} as const;
