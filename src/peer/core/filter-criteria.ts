/**
 * Initial filter criteria: which requests of and for a served user go by the IM Server (TS Appendix C).
 *
 * Originating criteria are indexed on the asserted identity of the sender, terminating ones on the Request-URI. They are asked once per
 * session case: a request that comes back from the server with its original-dialog token goes on after them.
 */
import { header, headerValues } from "../../wire/sip/headers.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import { featureParametersOf } from "./feature-parameters.ts";

export type SessionCase = "originating" | "terminating";

export interface FilterCriterion {
  readonly sessionCase: SessionCase;
  readonly methods: readonly string[];
  /** One of these must stand in Accept-Contact. */
  readonly featureTags: readonly string[];
  /** Value of Event, without parameters. */
  readonly event?: string;
  /** Only for requests that an application server sent. */
  readonly fromServer?: boolean;
  /** Whether the served user must be registered (a session case of its own in 3GPP TS 29.228); absent: no matter. */
  readonly registered?: boolean;
}

export const IM_FEATURE_TAG = "+g.oma.sip-im";
export const SYSTEM_MESSAGE_FEATURE_TAG = "+g.oma.sip-im.system-message";

const IM_METHODS = ["INVITE", "MESSAGE", "SUBSCRIBE", "REFER"] as const;

export const imFilterCriteria: readonly FilterCriterion[] = [
  { sessionCase: "originating", methods: IM_METHODS, featureTags: [IM_FEATURE_TAG] },
  // Appendix C has no criterion for PUBLISH, without which no settings would reach the server (5.2.4, 6.1.1.5).
  { sessionCase: "originating", methods: ["PUBLISH"], featureTags: [IM_FEATURE_TAG], event: "poc-settings" },
  { sessionCase: "terminating", methods: IM_METHODS, featureTags: [IM_FEATURE_TAG] },
  // 5.4 marks system messages with a tag of their own, which the criteria of Appendix C do not know.
  {
    sessionCase: "terminating",
    methods: ["MESSAGE"],
    featureTags: [SYSTEM_MESSAGE_FEATURE_TAG],
    fromServer: true,
  },
];

/** Circumstances of a request that it does not tell by itself. */
export interface Circumstances {
  readonly sessionCase: SessionCase;
  readonly fromServer: boolean;
  readonly registered: boolean;
}

/**
 * Names of all feature tags in Accept-Contact, in lower case, in whatever order they stand. The notation of Appendix C, a value without
 * `*`, is not RFC 3841, but meant the same: the request takes its way, and what is wrong with it is judged elsewhere.
 */
export function acceptContactTags(request: SipRequest): ReadonlySet<string> {
  const names = headerValues(request, "Accept-Contact").flatMap((value) =>
    featureParametersOf(value.trimStart().startsWith("+") ? `*;${value}` : value).map(
      (parameter) => parameter.name,
    ),
  );
  return new Set(names);
}

function meets(
  criterion: FilterCriterion,
  request: SipRequest,
  tags: ReadonlySet<string>,
  given: Circumstances,
): boolean {
  if (criterion.sessionCase !== given.sessionCase || !criterion.methods.includes(request.method))
    return false;
  if (criterion.fromServer !== undefined && criterion.fromServer !== given.fromServer) return false;
  if (criterion.registered !== undefined && criterion.registered !== given.registered) return false;
  if (criterion.event !== undefined && eventPackageOf(request) !== criterion.event) return false;
  return criterion.featureTags.some((tag) => tags.has(tag.toLowerCase()));
}

/** The event package of a request, without parameters, in lower case. */
export function eventPackageOf(request: SipRequest): string | undefined {
  return header(request, "Event")?.split(";")[0]?.trim().toLowerCase();
}

/** Whether the request goes by the served user's application server. */
export function filterMatches(
  criteria: readonly FilterCriterion[],
  request: SipRequest,
  circumstances: Circumstances,
): boolean {
  const tags = acceptContactTags(request);
  return criteria.some((criterion) => meets(criterion, request, tags, circumstances));
}
