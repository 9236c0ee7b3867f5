/** Messages for single participants, and whether the sender and the nodes of those participants allow them (7.2.3.4). */
import { policyIn } from "../spec/configuration-sets.ts";
import { hasDeviceToken, parseReleaseToken } from "../spec/release-token.ts";
import { isGranted, groupAt } from "../trace/group-facts.ts";
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { header } from "../wire/sip/headers.ts";
import type { SipMessage } from "../wire/sip/message.ts";
import { controllingHop, type Participant } from "./conference.ts";
import { recipientsOf } from "./deliveries.ts";
import { hearsOfFailure } from "./session-media.ts";
import { isGood, talks, type Talk } from "./switch-messages.ts";

/** Those that nothing but their being private speaks against. */
export function privateTalks(trace: ScenarioTrace): readonly Talk[] {
  return talks(trace).filter(
    (talk) =>
      Array.isArray(talk.audience) &&
      recipientsOf(talk).length > 0 &&
      isGood(talk) &&
      hearsOfFailure(talk.sent),
  );
}

/** By <allow-private-message> of the group, else by the operator's policy; undefined: the record does not tell. */
export function maySenderWrite({ room, sender, sent }: Talk, trace: ScenarioTrace): boolean | undefined {
  const { group } = room.setUp;
  if (group === undefined) return areSupported(trace);
  const now = groupAt(trace.events, group.uri, sent.seq);
  // When the server takes note of a change is open.
  if (now !== group) return undefined;
  return isGranted(now, "allow-private-message", sender.user.imAddress);
}

/** In sessions without a group. */
export function areSupported(trace: ScenarioTrace): boolean | undefined {
  const { server } = trace.sutFile;
  return server && policyIn(server, trace.configurationSet).privateMessages;
}

/**
 * Whether User-Agent or Server of what the function had from the participant named a release of IM (Appendix F.1): a B2BUA on the way names
 * its own.
 */
export function tellsRelease({ session: { invite } }: Participant): boolean {
  const came = controllingHop(invite, "to-sut");
  const sent = controllingHop(invite, "from-sut");
  const final = sent?.responses.find(({ message }) => message.status >= 200 && message.status < 300);
  const message = came?.request.message ?? final?.message;
  return message !== undefined && namesRelease(message);
}

function namesRelease(message: SipMessage): boolean {
  return ["User-Agent", "Server"].some((name) => {
    const token = parseReleaseToken(header(message, name) ?? "");
    return token !== undefined && (hasDeviceToken(token, "client") || hasDeviceToken(token, "server"));
  });
}

/** The sender may, and the nodes of all who are meant are known. */
export function isPermitted(talk: Talk, trace: ScenarioTrace): boolean {
  return maySenderWrite(talk, trace) === true && recipientsOf(talk).every(tellsRelease);
}
