/** A user's profile: application/vnd.oma.user-profile+xml, the document of the Shared Profile XDMS (OMA XDM 2.0), as far as age goes. */
import { childOf, childrenOf, countOf, requiredAttribute, textOfChild, tokenOf } from "./access.ts";
import { elementError, readXml } from "./tree.ts";
import type { XmlElement } from "./tree.ts";
import type { XmlLimits } from "./well-formed.ts";
import { element, textElement, writeXml } from "./write.ts";

export interface UserProfile {
  /** XCAP user identifier of whose profile it is. */
  readonly uri: string;
  readonly displayName?: string;
  /** xs:date, such as 1993-04-30. */
  readonly birthDate?: string;
  /** Years, as 7.2.2.9 of the TS names the element; XDM has the date of birth. */
  readonly age?: number;
}

export const USER_PROFILE_TYPE = "application/vnd.oma.user-profile+xml";
export const USER_PROFILE_NAMESPACE = "urn:oma:xml:xdm:user-profile";

const NS = USER_PROFILE_NAMESPACE;
const CLAUSE = "OMA-SUP-XSD_xdm_userProfile-V1_0";

/** Throws XmlReadError. */
export function readUserProfiles(bytes: Uint8Array, limits: XmlLimits = {}): readonly UserProfile[] {
  const root = readXml(bytes, { name: "user-profiles", namespace: NS }, limits);
  return childrenOf(root, NS, "user-profile").map(readProfile);
}

function readProfile(profile: XmlElement): UserProfile {
  const displayName = textOfChild(profile, NS, "display-name");
  const [birth, age] = [childOf(profile, NS, "birth-date"), childOf(profile, NS, "age")];
  return {
    uri: requiredAttribute(profile, "uri", CLAUSE),
    ...(displayName === undefined ? {} : { displayName }),
    ...(birth === undefined ? {} : { birthDate: dateOf(birth) }),
    ...(age === undefined ? {} : { age: countOf(age, age.text, CLAUSE) }),
  };
}

function dateOf(birth: XmlElement): string {
  const text = tokenOf(birth);
  const [date] = /^\d{4}-\d{2}-\d{2}(?=(?:Z|[+-]\d{2}:\d{2})?$)/u.exec(text) ?? [];
  // The last of a month that has no such day would silently be another.
  const read = new Date(`${date ?? ""}T00:00:00Z`);
  if (date !== undefined && !Number.isNaN(read.getTime()) && read.toISOString().startsWith(date)) return text;
  throw elementError(birth, {
    code: "bad-value",
    expected: "a date, such as 1993-04-30",
    found: JSON.stringify(text.slice(0, 40)),
    clause: CLAUSE,
  });
}

export function writeUserProfiles(profiles: readonly UserProfile[]): Uint8Array {
  return writeXml(
    element(
      "user-profiles",
      { xmlns: NS },
      ...profiles.map(({ uri, displayName, birthDate, age }) =>
        element(
          "user-profile",
          { uri },
          textElement("display-name", displayName),
          textElement("birth-date", birthDate),
          textElement("age", age),
        ),
      ),
    ),
  );
}

/**
 * Years that have been completed at that time (UTC); undefined: the profile does not tell. The date of birth goes before the age, which
 * was true when it was written.
 *
 * @param now milliseconds since the epoch
 */
export function ageIn({ birthDate, age }: UserProfile, now: number): number | undefined {
  if (birthDate === undefined) return age;
  const [year = 0, month = 0, day = 0] = birthDate.slice(0, 10).split("-").map(Number);
  const today = new Date(now);
  const [thisMonth, thisDay] = [today.getUTCMonth() + 1, today.getUTCDate()];
  const hadBirthday = thisMonth > month || (thisMonth === month && thisDay >= day);
  return Math.max(0, today.getUTCFullYear() - year - (hadBirthday ? 0 : 1));
}
