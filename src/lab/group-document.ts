/** The document of a group, from the facts that the trace keeps of it. */
import { forEachAction, GROUP_ACTIONS, type GroupRules } from "../spec/group-rules.ts";
import { writeGroup } from "../wire/xml/group-write.ts";
import type { GroupRule } from "../wire/xml/group.ts";
import type { SessionActivePolicy } from "../wire/xml/session-active-policy.ts";

const IM_FEATURE_TAG = "+g.oma.sip-im";

export interface GroupFacts {
  readonly uri: string;
  readonly members: readonly string[];
  readonly supportsIm: boolean;
  readonly rules: GroupRules;
}

export function groupDocument({ uri, members, supportsIm, rules }: GroupFacts): Uint8Array {
  const { maxParticipantCount, age, media, displayNames = {} } = rules;
  const policy = activePolicyOf(rules);
  return writeGroup({
    uri,
    displayName: "Scrim",
    members: members.map((member) => {
      const displayName = displayNames[member];
      return { uri: member, ...(displayName === undefined ? {} : { displayName }) };
    }),
    inviteMembers: rules.inviteMembers,
    ...(maxParticipantCount === undefined ? {} : { maxParticipantCount }),
    rules: rulesOf(members, rules),
    ...(age === undefined ? {} : { ageRestrictions: { mustUnderstand: true, ...age } }),
    ...(policy === undefined ? {} : { sessionActivePolicy: policy }),
    supportedServices: {
      services: [
        {
          featureTag: supportsIm ? IM_FEATURE_TAG : "+g.poc.talkburst",
          ...(media === undefined || !supportsIm ? {} : { media: { media } }),
        },
      ],
    },
  });
}

function activePolicyOf(rules: GroupRules): SessionActivePolicy | undefined {
  const { maxDurationS, minParticipantCount, requiredParticipants } = rules;
  const said = [maxDurationS, minParticipantCount, requiredParticipants].some((part) => part !== undefined);
  if (!said) return undefined;
  return {
    mustUnderstand: true,
    ...(maxDurationS === undefined ? {} : { maxDurationS }),
    ...(requiredParticipants === undefined ? {} : { requiredParticipants }),
    ...(minParticipantCount === undefined ? {} : { minParticipantCount }),
  };
}

/**
 * One rule for all members, where all may the same. Otherwise a rule for those who may the same, by name: permissions combine to the
 * greater (RFC 4745 10.2), so that no rule can take away what a rule for all members grants.
 */
function rulesOf(members: readonly string[], { granted, grantedToOthers }: GroupRules): readonly GroupRule[] {
  const named = [...new Set([...members, ...GROUP_ACTIONS.flatMap((name) => granted[name])])];
  const isSame = GROUP_ACTIONS.every((name) => [0, members.length].includes(granted[name].length));
  if (isSame && grantedToOthers.length === 0 && named.length === members.length)
    return [
      {
        id: "members",
        conditions: { isListMember: true },
        actions: forEachAction((name) => granted[name].length > 0),
      },
    ];
  const rules = alike(named, granted).map((one, index) => ({
    id: `members-${index + 1}`,
    conditions: { identity: { one } },
    actions: forEachAction((name) => granted[name].includes(one[0] ?? "")),
  }));
  if (grantedToOthers.length === 0) return rules;
  const actions = forEachAction((name) => grantedToOthers.includes(name));
  return [...rules, { id: "others", conditions: { otherIdentity: true }, actions }];
}

/** Groups those who may the same. */
function alike(
  identities: readonly string[],
  granted: GroupRules["granted"],
): readonly (readonly string[])[] {
  const byActions = new Map<string, string[]>();
  for (const identity of identities) {
    const key = GROUP_ACTIONS.filter((name) => granted[name].includes(identity)).join(" ");
    byActions.set(key, [...(byActions.get(key) ?? []), identity]);
  }
  return [...byActions.values()];
}
