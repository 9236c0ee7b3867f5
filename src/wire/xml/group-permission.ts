import { sameAddressOfRecord } from "../sip/same-uri.ts";
import { conditionsHold } from "./conditions.ts";
import type { PolicyRequest } from "./conditions.ts";
import type { AgeRange, Group, GroupAction, GroupMember } from "./group.ts";
import { hasMedium, hasService } from "./media-list.ts";
import type { Medium } from "./media-list.ts";
import { IM_FEATURE_TAG } from "./namespaces.ts";

/** The entry of the member list that one of these identities has; its display name is the one for this group (5.5). */
export function memberOf(group: Group, sender: string | readonly string[]): GroupMember | undefined {
  const identities = typeof sender === "string" ? [sender] : sender;
  return group.members.find(({ uri }) => identities.some((identity) => sameAddressOfRecord(uri, identity)));
}

/** Whether one of these identities is in the member list. */
export function isMember(group: Group, sender: string | readonly string[]): boolean {
  return memberOf(group, sender) !== undefined;
}

/**
 * Whether the rules of the group grant the action to who sent the request. One rule that grants it is enough, and without one it is not
 * granted (RFC 4745 10.2: permissions combine to the greater).
 */
export function groupAllows(group: Group, action: GroupAction, request: PolicyRequest): boolean {
  const asked: PolicyRequest = {
    ...request,
    listMember: request.listMember ?? isMember(group, request.sender),
  };
  return group.rules.some((rule) => {
    const others = group.rules.filter((other) => other !== rule).map((other) => other.conditions);
    return rule.actions[action] === true && conditionsHold(rule.conditions, asked, others);
  });
}

/** 7.2.1.3-1, 8.3.1.1: a group without supported-services serves all; with them, the IM service, and this medium of it, must be among them. */
export function groupServes({ supportedServices }: Group, medium: Medium): boolean {
  if (supportedServices === undefined) return true;
  const { allExcept = false, services } = supportedServices;
  const im = services.find((service) => hasService({ services: [service] }, IM_FEATURE_TAG));
  if (im === undefined) return allExcept;
  const listed = im.media === undefined || hasMedium(im.media, medium);
  return listed !== allExcept;
}

/** 7.2.2.3: whom the server invites when a session of the group begins; nobody to a chat group. */
export function membersToInvite(
  group: Group,
  originator: string | readonly string[],
): readonly GroupMember[] {
  if (group.inviteMembers !== true) return [];
  const own = memberOf(group, originator);
  const others = group.members.filter((member) => member !== own);
  // The originator is a participant too. Which members are left out is the server's affair.
  return others.slice(0, Math.max(0, (group.maxParticipantCount ?? Infinity) - 1));
}

/** 7.2.1.4-3, 7.2.1.5-3: `participants` counts those who are in it or invited, without the history function. */
export function groupIsFull({ maxParticipantCount }: Group, participants: number): boolean {
  return maxParticipantCount !== undefined && participants >= maxParticipantCount;
}

/** 7.2.2.9: age in years; undefined is not known, and then nobody can be let in. */
export function ageFits({ ageRestrictions }: Group, age: number | undefined): boolean {
  if (ageRestrictions === undefined) return true;
  const fits = ({ from = 0, until = Infinity }: AgeRange): boolean =>
    age !== undefined && from <= age && age <= until;
  return fits(ageRestrictions) || (ageRestrictions.others ?? []).some(fits);
}

/** 7.2.2.7, 7.2.2.9: whether somebody may be a participant, and if not, which rule forbids it. */
export function participationIn(
  group: Group,
  request: PolicyRequest,
  age: number | undefined,
): "allowed" | "not-allowed" | "age" {
  if (!groupAllows(group, "join-handling", request)) return "not-allowed";
  return ageFits(group, age) ? "allowed" : "age";
}
