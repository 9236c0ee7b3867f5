/** 7.2.2.2, first list: whom the controlling function invites, and with what offer. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { descriptionIn, type Description } from "../trace/session/descriptions.ts";
import type { MessageMedia } from "../wire/sdp/message-media.ts";
import { header, toOf, tokensOf } from "../wire/sip/headers.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import { check, type Check, type Outcome } from "./check.ts";
import {
  attemptedSetUps,
  focusContactOf,
  invitesOfFocus,
  type ConferenceInvite,
  type SetUp,
} from "./conference.ts";
import { expectedInvitations, type Expected } from "./expected-invitations.ts";
import { isOfHiding } from "./inviting-users.ts";
import { expectThat, missed, noted, passed, withFacets } from "./outcome.ts";
import { hasFeatureTag, IM_FEATURE_TAG, readable } from "./pager-message.ts";
import { facetOfKind } from "./session-kind.ts";

interface Told {
  readonly setUp: SetUp;
  readonly invitation: ConferenceInvite;
}

/** Also where everybody refused. */
function told(trace: ScenarioTrace): readonly Told[] {
  return attemptedSetUps(trace).flatMap((setUp) =>
    setUp.invitations.map((invitation) => ({ setUp, invitation })),
  );
}

/** What 7.2.2.1 asks of every INVITE and each by a statement of its own, taken together. */
export const invitationAsInGeneral = check<Told>("7.2.2.2-1", {
  trigger: told,
  judge: ({ setUp, invitation }, trace) => {
    const { exchange, request } = invitation;
    const expected = "an INVITE as 7.2.2.1 has it";
    const lacks = missingIn(request, isOfHiding(invitation, trace));
    const outcome =
      lacks.length === 0
        ? passed(expected, `INVITE ${request.uri}`, exchange.request)
        : missed(expected, `without ${lacks.join(", ")}`, exchange.request);
    return withFacets(outcome, facetOfKind(setUp));
  },
});

function missingIn(request: SipRequest, hides: boolean): readonly string[] {
  const contact = focusContactOf(request)?.params;
  const parts: readonly (readonly [string, boolean])[] = [
    [`Accept-Contact: *;${IM_FEATURE_TAG}`, hasFeatureTag(request, IM_FEATURE_TAG)],
    ["Contact with isfocus and the feature tag", isFocusOfIm(contact)],
    ["User-Agent", header(request, "User-Agent") !== undefined || header(request, "Server") !== undefined],
    ["P-Asserted-Identity", hides || header(request, "P-Asserted-Identity") !== undefined],
    ["Supported: timer", tokensOf(request, "Supported").some((tag) => tag.toLowerCase() === "timer")],
  ];
  return parts.filter(([, holds]) => !holds).map(([name]) => name);
}

function isFocusOfIm(params: ReadonlySet<string> | undefined): boolean {
  return params?.has("isfocus") === true && params.has(IM_FEATURE_TAG);
}

function everybody(statement: string, kind: SetUp["kind"], words: string): Check {
  return check<Expected>(statement, {
    trigger: (trace) => expectedInvitations(trace).filter(({ setUp }) => setUp.kind === kind),
    judge: ({ setUp, uri, invitation }) =>
      expectThat(
        invitation !== undefined,
        `an INVITE to <${uri}>, ${words}`,
        invitation === undefined ? "no INVITE to that user" : "an INVITE was sent",
        setUp.exchange,
        invitation?.exchange,
      ),
  });
}

export const everybodyListedIsInvited = everybody("7.2.2.2-2", "ad-hoc", "who is on the list");
export const everyMemberIsInvited = everybody("7.2.2.2-3", "group", "who is a member of the group");

/** A medium that somebody could answer. */
function isUsable({ port, path, acceptTypes }: MessageMedia): boolean {
  return port !== 0 && path.length > 0 && acceptTypes.length > 0;
}

export const invitationOffersMsrp = check<Told>("7.2.2.2-4", {
  trigger: told,
  judge: ({ setUp, invitation: { exchange } }) => {
    const offer = descriptionIn(exchange.request);
    const expected = "an offer of MSRP with path and accept-types";
    const actual = offer === undefined ? "no session description" : describe(offer);
    const holds = offer?.media.some(isUsable) === true;
    return withFacets(expectThat(holds, expected, actual, exchange.request), facetOfKind(setUp));
  },
});

function describe({ media }: Description): string {
  if (media.length === 0) return "a session description without MSRP that can be read";
  return media
    .map(
      ({ port, path, acceptTypes }) =>
        `m=message ${port}, ${path.length === 0 ? "no path" : "a path"}, accept-types: ${acceptTypes.join(" ") || "none"}`,
    )
    .join("; ");
}

/** What was chosen is for the server to say, but it is chosen from the offer; its own attributes of MSRP each end makes itself. */
export const offerIsChosen = check<Told>("7.2.2.2-4a", {
  trigger: (trace) =>
    told(trace).filter(
      ({ setUp, invitation }) =>
        (mediumOf(setUp)?.acceptTypes.length ?? 0) > 0 && mediumOf(invitation) !== undefined,
    ),
  judge: ({ setUp, invitation }): Outcome => {
    const [asked, offered] = [mediumOf(setUp), mediumOf(invitation)];
    const types = asked?.acceptTypes ?? [];
    const expected = `accept-types out of: ${types.join(" ")}`;
    const actual = `accept-types: ${offered?.acceptTypes.join(" ") || "none"}`;
    const records = [setUp.exchange.request, invitation.exchange.request] as const;
    if (offered?.acceptTypes.some((type) => types.some((one) => meets(one, type))) !== true)
      return withFacets(missed(expected, actual, ...records), facetOfKind(setUp));
    const lost = asked?.maxSize !== undefined && offered.maxSize === undefined;
    const outcome = lost
      ? noted(
          `${expected}, and max-size`,
          `${actual}, no max-size`,
          "the server chose not to pass it on",
          ...records,
        )
      : passed(expected, actual, ...records);
    return withFacets(outcome, facetOfKind(setUp));
  },
});

/** Where there are several, the server may have chosen any. */
function mediumOf({ exchange }: ConferenceInvite): MessageMedia | undefined {
  const media = descriptionIn(exchange.request)?.media ?? [];
  return media.length === 1 ? media[0] : undefined;
}

/** RFC 4975 8.6: types with wildcards. */
function meets(one: string, other: string): boolean {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  const covers = (wide: string, narrow: string): boolean =>
    wide === "*" || wide === narrow || (wide.endsWith("/*") && narrow.startsWith(wide.slice(0, -1)));
  return covers(a, b) || covers(b, a);
}

/** An INVITE of a focus that comes to a client of Scrim's straight from the server has passed the core by. */
export const invitationByCore = check<ConferenceInvite["exchange"]>("7.2.2.2-5", {
  trigger: (trace) => [
    ...invitesOfFocus(trace).map(({ exchange }) => exchange),
    ...trace
      .exchanges({ method: "INVITE", way: "from-sut" })
      .filter(({ request }) => request.nodeKind === "client" && isInvitationOfFocus(request.message)),
  ],
  judge: ({ request }, trace) => {
    const verdict = request.nodeKind === "client" ? missed : passed;
    const setUp = attemptedSetUps(trace).findLast((one) => one.exchange.request.seq < request.seq);
    const outcome = verdict(
      "INVITEs are sent to the SIP/IP Core",
      `the INVITE to ${request.message.uri} came to ${request.node}`,
      request,
    );
    return setUp === undefined ? outcome : withFacets(outcome, facetOfKind(setUp));
  },
});

function isInvitationOfFocus(request: SipRequest): boolean {
  const isFirst = readable(() => toOf(request)?.tag, "") === undefined;
  return isFirst && focusContactOf(request)?.params.has("isfocus") === true;
}
