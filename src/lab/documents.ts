/** XML documents that a scenario puts into the XDMS, from the facts that the trace keeps of them. */
import { inEverySpelling, writeAccessRules } from "../wire/xml/access-rules.ts";
import { GROUP_ADVERTISEMENT_TYPE, writeGroupAdvertisement } from "../wire/xml/advertisement.ts";
import type { AccessRule } from "../trace/event.ts";

export type { AccessRule };

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

/** What a profile says of the age: XDM has the date of birth, clause 7.2.2.9 the age itself. `now`: milliseconds since the epoch. */
export function profileOfAge(
  years: number,
  now: number,
): { readonly age: number; readonly birthDate: string } {
  const year = new Date(now).getUTCFullYear() - years;
  return { age: years, birthDate: `${String(year).padStart(4, "0")}-01-01` };
}
