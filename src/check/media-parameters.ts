/** Media Parameters of MSRP in two descriptions: a server in the media path puts its own address and path in, all else stays (RFC 4975 8). */
import type { SipRecord } from "../trace/scenario-trace.ts";
import { descriptionIn } from "../trace/session/descriptions.ts";
import type { MessageMedia } from "../wire/sdp/message-media.ts";
import type { Outcome } from "./check.ts";
import { missed, noted, passed } from "./outcome.ts";

/** Pass where `told` has for each medium what `came` has; a limit of the size that is lower is noted, and so are fewer types. */
export function compareMedia(expected: string, came: SipRecord, told: SipRecord): Outcome {
  const [before, after] = [descriptionIn(came)?.media ?? [], descriptionIn(told)?.media ?? []];
  const differences = before.flatMap((medium) => {
    const same = after.find(({ index }) => index === medium.index);
    return same === undefined ? ["a medium is missing"] : differencesOf(medium, same);
  });
  const [difference] = differences.filter((one) => !LIMITS.includes(one));
  if (difference !== undefined) return missed(expected, difference, came, told);
  return differences.length > 0
    ? noted(expected, [...new Set(differences)].join("; "), "a limit of the server's", came, told)
    : passed(expected, before.map(inWords).join("; ") || "no MSRP medium", came, told);
}

const LOWER = "a=max-size is lower";
const FEWER = "some of the types are left out";
const LIMITS: readonly string[] = [LOWER, FEWER];

function differencesOf(one: MessageMedia, other: MessageMedia): readonly string[] {
  if ((one.port === 0) !== (other.port === 0))
    return [other.port === 0 ? "the medium is refused" : "the medium is no longer refused"];
  if (one.port === 0) return [];
  return [
    ...(sameTypes(one, other)
      ? []
      : [hasSome(one, other) ? FEWER : `${inWords(other)} in place of ${inWords(one)}`]),
    ...sizes(one.maxSize, other.maxSize),
  ];
}

function sizes(one: number | undefined, other: number | undefined): readonly string[] {
  if (one === other) return [];
  const isLower = (other ?? Number.POSITIVE_INFINITY) < (one ?? Number.POSITIVE_INFINITY);
  return [isLower ? LOWER : `a=max-size ${other ?? "is missing"} in place of ${one ?? "none"}`];
}

function sameTypes(one: MessageMedia, other: MessageMedia): boolean {
  const sorted = (types: readonly string[]): string =>
    types
      .map((type) => type.toLowerCase())
      .toSorted()
      .join(" ");
  return (
    sorted(one.acceptTypes) === sorted(other.acceptTypes) &&
    sorted(one.acceptWrappedTypes) === sorted(other.acceptWrappedTypes)
  );
}

/** No type that was not there, and some of those that were. */
function hasSome(one: MessageMedia, other: MessageMedia): boolean {
  const lower = (types: readonly string[]): readonly string[] => types.map((type) => type.toLowerCase());
  return (["acceptTypes", "acceptWrappedTypes"] as const).every((kind) => {
    const [before, after] = [lower(one[kind]), lower(other[kind])];
    return (before.length === 0 || after.length > 0) && after.every((type) => before.includes(type));
  });
}

function inWords({ acceptTypes, acceptWrappedTypes, maxSize }: MessageMedia): string {
  return [
    `accept-types ${acceptTypes.join(" ")}`,
    ...(acceptWrappedTypes.length > 0 ? [`accept-wrapped-types ${acceptWrappedTypes.join(" ")}`] : []),
    ...(maxSize === undefined ? [] : [`max-size ${maxSize}`]),
  ].join(", ");
}
