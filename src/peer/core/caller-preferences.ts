/** Which bindings of a user a request goes to, and in which order: caller preferences (RFC 3841 7.2). */
import { header, headerValues } from "../../wire/sip/headers.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import { featureParametersOf, parametersOf, type FeatureParameter } from "./feature-parameters.ts";

/** A target as preferences see it: q-value and feature parameters of its Contact. */
export interface Capabilities {
  readonly q: number;
  readonly features: readonly FeatureParameter[];
}

interface Predicate {
  readonly terms: readonly FeatureParameter[];
  readonly require: boolean;
  readonly explicit: boolean;
}

/** One element of a feature value: `!` negates, `<…>` compares with regard to case, `#` is a number or a range (RFC 3840 9). */
function elementMatches(wanted: string, offered: string): boolean {
  if (wanted.startsWith("#") && offered.startsWith("#")) return rangesMeet(wanted, offered);
  if (wanted.startsWith("<") || offered.startsWith("<")) return wanted === offered;
  return wanted.toLowerCase() === offered.toLowerCase();
}

function rangeOf(element: string): readonly [number, number] {
  const text = element.slice(1);
  if (text.startsWith(">=")) return [Number(text.slice(2)), Infinity];
  if (text.startsWith("<=")) return [-Infinity, Number(text.slice(2))];
  const [low, high] = text.replace(/^=/, "").split(":");
  return [Number(low), Number(high ?? low)];
}

function rangesMeet(a: string, b: string): boolean {
  const [lowA, highA] = rangeOf(a);
  const [lowB, highB] = rangeOf(b);
  return lowA <= highB && lowB <= highA;
}

/** No value is the value TRUE (RFC 3840 9). A string in angle brackets is one element, whatever commas it holds. */
function elementsOf(value: string | undefined): readonly string[] {
  if (value === undefined || value === "") return ["TRUE"];
  return value.startsWith("<") ? [value] : value.split(",").map((element) => element.trim());
}

/** Whether some value meets both: any element of one that the other does not exclude. */
function valuesMatch(wanted: string | undefined, offered: string | undefined): boolean {
  const offers = elementsOf(offered);
  return elementsOf(wanted).some((want) => {
    const negated = want.startsWith("!");
    return offers.some((offer) => {
      if (offer.startsWith("!")) return negated || !elementMatches(want, offer.slice(1));
      return negated ? !elementMatches(want.slice(1), offer) : elementMatches(want, offer);
    });
  });
}

function offered(features: readonly FeatureParameter[], name: string): FeatureParameter | undefined {
  return features.find((feature) => feature.name === name);
}

/** A tag that the contact does not speak of is no contradiction (RFC 2533 matching); it only lowers the score. */
function matches(predicate: Predicate, features: readonly FeatureParameter[]): boolean {
  return predicate.terms.every((term) => {
    const offer = offered(features, term.name);
    return offer === undefined || valuesMatch(term.value, offer.value);
  });
}

function scoreOf(predicate: Predicate, features: readonly FeatureParameter[]): number {
  if (predicate.terms.length === 0) return 1;
  const present = predicate.terms.filter((term) => offered(features, term.name) !== undefined);
  return present.length / predicate.terms.length;
}

function predicateOf(value: string): Predicate {
  const names = new Set(parametersOf(value).map((parameter) => parameter.name));
  return {
    terms: featureParametersOf(value),
    require: names.has("require"),
    explicit: names.has("explicit"),
  };
}

/** RFC 3841 7.2.2: the method and the event package of a request without explicit preferences. */
function implicitPredicate(request: SipRequest): Predicate {
  const event = request.method === "SUBSCRIBE" ? header(request, "Event") : undefined;
  const terms = [{ name: "methods", value: request.method }];
  if (event !== undefined) terms.push({ name: "events", value: (event.split(";")[0] ?? "").trim() });
  return { terms, require: true, explicit: false };
}

function isRejected(features: readonly FeatureParameter[], rejections: readonly Predicate[]): boolean {
  return rejections.some(
    (predicate) =>
      predicate.terms.every((term) => offered(features, term.name) !== undefined) &&
      matches(predicate, features),
  );
}

/** Qa of a contact, or undefined where a required predicate drops it (RFC 3841 figure 1). */
function preferenceOf(
  features: readonly FeatureParameter[],
  predicates: readonly Predicate[],
): number | undefined {
  const scores: number[] = [];
  for (const predicate of predicates) {
    if (!matches(predicate, features)) {
      if (predicate.require) return undefined;
      continue;
    }
    const score = scoreOf(predicate, features);
    if (score < 1 && predicate.explicit) {
      if (predicate.require) return undefined;
      scores.push(0);
    } else scores.push(score);
  }
  return scores.length === 0 ? 0 : scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

/** A target that is left, and how well it meets what the caller wants: Qa, 0 to 1. */
export interface PreferredTarget<T extends Capabilities> {
  readonly target: T;
  readonly preference: number;
}

/**
 * The targets left, best first: by q-value, and among equals by how well they meet the preferences. A target without any feature
 * parameter is immune (RFC 3841 7.2.3). Empty: 480.
 */
export function rankedTargets<T extends Capabilities>(
  targets: readonly T[],
  request: SipRequest,
): readonly PreferredTarget<T>[] {
  const accepted = headerValues(request, "Accept-Contact").map(predicateOf);
  const rejected = headerValues(request, "Reject-Contact").map(predicateOf);
  const implicit = accepted.length === 0 && rejected.length === 0;
  const predicates = implicit ? [implicitPredicate(request)] : accepted;
  const kept = targets.flatMap((target): PreferredTarget<T>[] => {
    const immune = target.features.length === 0;
    if (!immune && isRejected(target.features, rejected)) return [];
    const preference = immune ? 1 : preferenceOf(target.features, predicates);
    return preference === undefined ? [] : [{ target, preference }];
  });
  // 7.2.4: what was only implied does not take the last target away.
  const left = kept.length === 0 && implicit ? targets.map((target) => ({ target, preference: 0 })) : kept;
  return left.toSorted((a, b) => b.target.q - a.target.q || b.preference - a.preference);
}

export function preferredTargets<T extends Capabilities>(
  targets: readonly T[],
  request: SipRequest,
): readonly T[] {
  return rankedTargets(targets, request).map(({ target }) => target);
}
