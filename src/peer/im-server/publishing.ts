/** Settings that clients publish (clause 6.1.1.5; RFC 3903 6). */
import type { Behaviour, Step } from "../im/behaviour.ts";
import { contentTypeOf, expiresOf, header } from "../../wire/sip/headers.ts";
import type { ImSettings } from "../../wire/xml/settings.ts";
import { mediaTypes } from "../im/identifiers.ts";
import { mainIdentity } from "./config.ts";
import { pushDeferred } from "./deferral.ts";
import { answer, refuse } from "./outgoing.ts";
import { demandSystemAnswer, requireOriginator, requireRelease } from "./participating.ts";
import type { Publication } from "./publications.ts";
import type { Turn } from "./turn.ts";

const checkEvent: Behaviour<Turn> = {
  name: "check-event",
  clause: "6.1.1.5",
  run: (turn) => (turn.server.decisions.publishing.eventKnown(turn) ? "next" : refuse(turn, "eventUnknown")),
};

const authorisePublisher: Behaviour<Turn> = {
  name: "authorise-publisher",
  clause: "6.1.1.5",
  run: (turn) =>
    turn.server.decisions.publishing.mayPublish(turn) ? "next" : refuse(turn, "publisherNotAuthorised"),
};

const checkEntityTag: Behaviour<Turn> = {
  name: "check-entity-tag",
  clause: "RFC 3903 6",
  run(turn) {
    const tag = header(turn.request, "SIP-If-Match");
    if (tag === undefined || !turn.server.decisions.publishing.entityTagMatters(turn)) return "next";
    return publicationNamed(turn) ? "next" : refuse(turn, "entityTagUnknown");
  },
};

function publisherOf(turn: Turn): string {
  return mainIdentity(turn.server.config, turn.originator);
}

function publicationNamed(turn: Turn): Publication | undefined {
  const tag = header(turn.request, "SIP-If-Match");
  const { publications, clock } = turn.server;
  return tag === undefined ? undefined : publications.find(publisherOf(turn), tag, clock.now());
}

const checkLifetime: Behaviour<Turn> = {
  name: "check-lifetime",
  clause: "RFC 3903 6",
  run(turn) {
    const requested = expiresOf(turn.request) ?? 0;
    const tooBrief = requested > 0 && requested < turn.server.decisions.publishing.minimumExpires(turn);
    return tooBrief ? refuse(turn, "publicationTooBrief") : "next";
  },
};

/** RFC 3903 6, step 5: with a body it is stored or modified, without one refreshed, with Expires 0 removed. */
const storeSettings: Behaviour<Turn> = {
  name: "store-settings",
  clause: "6.1.1.5",
  run(turn) {
    const { publishing } = turn.server.decisions;
    const old = publicationNamed(turn);
    if (expiresOf(turn.request) === 0) return removeSettings(turn, old);
    if (turn.request.body.length === 0)
      return old ? keep(turn, old.settings, old) : refuse(turn, "settingsMissing");
    if (contentTypeOf(turn.request)?.type !== mediaTypes.settings) return refuse(turn, "settingsType");
    const settings = publishing.read(turn);
    if (settings === undefined) return refuse(turn, "settingsInvalid");
    return keep(turn, publishing.kept(turn, settings, old?.settings), old);
  },
};

function removeSettings(turn: Turn, old: Publication | undefined): Step {
  if (old) turn.server.publications.remove(old.entityTag);
  return succeed(turn, turn.server.ids.token(13), 0);
}

function keep(turn: Turn, settings: ImSettings, old: Publication | undefined): Step {
  const { publications, clock, decisions } = turn.server;
  const seconds = decisions.publishing.expires(turn, expiresOf(turn.request));
  const now = clock.now();
  const { entityTag } = publications.put(
    turn.originator,
    settings,
    now + seconds * 1000,
    now,
    old?.entityTag,
  );
  succeed(turn, entityTag, seconds);
  pushDeferred(turn.server, publisherOf(turn), "publication");
  return "done";
}

function succeed(turn: Turn, entityTag: string, seconds: number): Step {
  const { publishing } = turn.server.decisions;
  return answer(turn, publishing.successStatus(turn), [
    ["Expires", publishing.grantedExpires(turn, seconds)],
    ["SIP-ETag", publishing.entityTag(turn, entityTag)],
  ]);
}

export const publishSettings: readonly Behaviour<Turn>[] = [
  checkEvent,
  requireOriginator,
  authorisePublisher,
  demandSystemAnswer,
  requireRelease,
  checkEntityTag,
  checkLifetime,
  storeSettings,
];
