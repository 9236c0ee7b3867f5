/** XML documents that a scenario puts into the XDMS, from the facts that the trace keeps of them. */
import { inEverySpelling, writeAccessRules } from "../wire/xml/access-rules.ts";
import { GROUP_ADVERTISEMENT_TYPE, writeGroupAdvertisement } from "../wire/xml/advertisement.ts";
import { writeGroup } from "../wire/xml/group-write.ts";
import type { AccessRule } from "../trace/event.ts";

export type { AccessRule };

const IM_FEATURE_TAG = "+g.oma.sip-im";

export interface GroupFacts {
  readonly uri: string;
  readonly members: readonly string[];
  readonly allowAnonymity: boolean;
  readonly supportsIm: boolean;
}

export function groupDocument({ uri, members, allowAnonymity, supportsIm }: GroupFacts): Uint8Array {
  return writeGroup({
    uri,
    displayName: "Scrim",
    members: members.map((member) => ({ uri: member })),
    inviteMembers: true,
    maxParticipantCount: 50,
    rules: [
      {
        id: "members",
        conditions: { isListMember: true },
        actions: {
          "join-handling": true,
          "allow-initiate-conference": true,
          "allow-anonymity": allowAnonymity,
        },
      },
    ],
    supportedServices: { services: [{ featureTag: supportsIm ? IM_FEATURE_TAG : "+g.poc.talkburst" }] },
  });
}

/** In every spelling that the TS prints (docs/interpretations.md), so that a server that took one of them by its letter finds it. */
export function accessRulesDocument(rules: readonly AccessRule[]): Uint8Array {
  const written = rules.map((rule, index) => ({
    id: `r${index + 1}`,
    conditions: {
      ...(rule.senders.length === 0 ? {} : { identity: { one: rule.senders, many: [] } }),
      ...(rule.media.length === 0 ? {} : { media: { media: rule.media } }),
      ...(rule.services.length === 0
        ? {}
        : { services: { services: rule.services.map((featureTag) => ({ featureTag })) } }),
    },
    actions: { allowRejectInvite: rule.action === "reject" },
  }));
  return writeAccessRules(inEverySpelling({ rules: written }));
}

export function advertisementDocument(group: string): {
  readonly advertisement: string;
  readonly type: string;
} {
  const bytes = writeGroupAdvertisement({
    note: "A group of Scrim's",
    groups: [{ uri: group, displayName: "Scrim" }],
  });
  return { advertisement: new TextDecoder().decode(bytes), type: GROUP_ADVERTISEMENT_TYPE };
}
