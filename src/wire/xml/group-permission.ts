import { sameAddressOfRecord } from "../sip/same-uri.ts";
import { conditionsHold } from "./conditions.ts";
import type { PolicyRequest } from "./conditions.ts";
import type { Group, GroupAction } from "./group.ts";

/** Whether one of these identities is in the member list. */
export function isMember(group: Group, sender: string | readonly string[]): boolean {
  const identities = typeof sender === "string" ? [sender] : sender;
  return group.members.some(({ uri }) => identities.some((identity) => sameAddressOfRecord(uri, identity)));
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
