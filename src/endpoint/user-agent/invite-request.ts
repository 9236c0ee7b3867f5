/** The INVITE that makes a dialog (RFC 3261 8.1.1, 13.2.1): what stands in it by itself, and what its sender says. */
import { addressed } from "../../machine/dialog/in-dialog.ts";
import { askTimer, type SessionTimerPolicy } from "../../machine/invite-session/session-timer.ts";
import { type HeaderPair, sipRequest } from "../../wire/sip/build.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import { formatReplaces } from "../../wire/sip/session-fields.ts";
import type { Agent } from "./agent.ts";
import { bodyHeaders, capabilities, mergeHeaders } from "./composition.ts";
import type { InviteOptions } from "./options.ts";
import { formatAsk } from "./timing.ts";

/** What is decided for a call, or learnt in its course. */
export interface InviteParts {
  readonly callId: string;
  readonly fromTag: string;
  readonly contact: string;
  readonly policy: SessionTimerPolicy;
  /** 1 at first; each further one has the next CSeq. */
  readonly attempt: number;
  /** The largest Min-SE of the 422 that came, in seconds. */
  readonly learntMinSe: number | undefined;
  /** Fields that earlier attempts asked for. */
  readonly extra: readonly HeaderPair[];
}

export function composeInvite(agent: Agent, options: InviteOptions, parts: InviteParts): SipRequest {
  const { uri, routes } = addressed(options.uri, options.route ?? []);
  const usual: HeaderPair[] = [
    ...routes.map((route): HeaderPair => ["Route", route]),
    ["Max-Forwards", "70"],
    ["From", `${options.from};tag=${parts.fromTag}`],
    ["To", options.toField ?? `<${options.uri}>`],
    ["Call-ID", parts.callId],
    ["CSeq", `${(options.sequence ?? 1) + parts.attempt - 1} INVITE`],
    ["Contact", parts.contact],
    ...capabilities(agent),
    ...(options.replaces === undefined ? [] : [["Replaces", formatReplaces(options.replaces)] as const]),
    ...timerFields(agent, parts),
    ...bodyHeaders(options.body),
  ];
  return sipRequest({
    method: "INVITE",
    uri,
    headers: mergeHeaders(mergeHeaders(usual, options.headers), parts.extra),
    ...(options.body === undefined ? {} : { body: options.body.bytes }),
  });
}

function timerFields({ supported }: Agent, { policy, learntMinSe }: InviteParts): HeaderPair[] {
  return supported.includes("timer") ? formatAsk(askTimer(policy, { learntMinSe, current: undefined })) : [];
}
