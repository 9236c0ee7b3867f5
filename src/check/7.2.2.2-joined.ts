/** 7.2.2.1 and 7.2.2.2: an invited user who has accepted takes part: messages pass, and the others see the name that 5.5 gives it. */
import { groupAt } from "../trace/group-facts.ts";
import type { ScenarioTrace, SipRecord } from "../trace/scenario-trace.ts";
import type { SipMessage, SipResponse } from "../wire/sip/message.ts";
import { assertedIdentities, privacyOf, toOf } from "../wire/sip/headers.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { check } from "./check.ts";
import { controllingHop, setUps, type SetUp } from "./conference.ts";
import { documentsOf, usersOf, type Document } from "./conference-events.ts";
import { isInvitedByFocus } from "./conference-invites.ts";
import { judgeArrival, ofEachMessage } from "./copies.ts";
import { deliveries, type Delivery } from "./deliveries.ts";
import { expectThat, withFacets } from "./outcome.ts";
import { readable } from "./pager-message.ts";
import { facetsOfInvited } from "./session-kind.ts";
import { isOf, staysIn, type Stay } from "./session-stays.ts";

/** To and from users whom the function invited. */
const ofInvited = (trace: ScenarioTrace): readonly Delivery[] =>
  deliveries(trace).filter(({ recipient, talk: { sender } }) =>
    [recipient, sender].some(({ session }) => isInvitedByFocus(session)),
  );

export const invitedUserTakesPart = ofEachMessage("7.2.2.2-200-4", ofInvited, (delivery, trace) => {
  const { recipient, talk } = delivery;
  const invited = [recipient, talk.sender].find(({ session }) => isInvitedByFocus(session));
  const facets = invited === undefined ? [] : facetsOfInvited(invited.session, trace);
  return [judgeArrival(delivery, trace)].flat().map((outcome) => withFacets(outcome, ...facets));
});

interface Named {
  readonly stay: Stay;
  readonly name: string;
  readonly document: Document;
  readonly shown: string;
}

/** Documents that give an invited user a name, where there is one to give. */
function named(trace: ScenarioTrace): readonly Named[] {
  return setUps(trace).flatMap((setUp) => {
    const stays = staysIn(setUp, trace);
    return stays
      .filter(({ session, entered }) => isInvitedByFocus(session) && !hides(entered))
      .flatMap((stay) => {
        const name = nameOf(setUp, stay, trace);
        const again = stays.find((other) => isOf(other, stay.uri) && other.entered.seq > stay.entered.seq);
        return name === undefined ? [] : shownNames(stay, name, again?.entered.seq ?? Infinity, trace);
      })
      .filter(({ document: { watch } }) => watch.conference?.setUp.session === setUp.session);
  });
}

function shownNames(stay: Stay, name: string, until: number, trace: ScenarioTrace): readonly Named[] {
  return documentsOf(trace)
    .filter(({ exchange: { request } }) => request.seq > stay.entered.seq && request.seq < until)
    .flatMap((document) =>
      usersOf(document)
        .filter(({ entity }) => entity !== undefined && sameAddressOfRecord(entity, stay.uri))
        .flatMap(({ displayText: shown }) => (shown === undefined ? [] : [{ stay, name, document, shown }])),
    );
}

/** 5.5-2: of the group, of the asserted identity, of To, where that is not the server's own come back. */
function nameOf({ group }: SetUp, { uri, entered, session }: Stay, trace: ScenarioTrace): string | undefined {
  const rules = group === undefined ? undefined : groupAt(trace.events, group.uri, entered.seq)?.rules;
  const ofGroup = Object.entries(rules?.displayNames ?? {}).find(([one]) => sameAddressOfRecord(one, uri));
  const asserted = readable(() => assertedIdentities(entered.message), []);
  const nameInTo = (message: SipMessage | undefined): string | undefined =>
    message && readable(() => toOf(message)?.displayName, undefined);
  const own = controllingHop(session.invite, "from-sut")?.request.message;
  const told = nameInTo(entered.message);
  const names = [
    ofGroup?.[1],
    ...asserted.map(({ displayName }) => displayName),
    told === nameInTo(own) ? undefined : told,
  ];
  return names.find((name) => name !== undefined && name.trim() !== "");
}

function hides({ message }: SipRecord<SipResponse>): boolean {
  return readable(() => privacyOf(message), ["id"]).some((value) => value.toLowerCase() === "id");
}

export const nameOfInvitedUser = check<Named>("7.2.2.1-200-2", {
  trigger: named,
  judge: ({ stay, name, shown, document: { exchange } }) =>
    expectThat(
      shown.trim() === name.trim(),
      `display-text of <${stay.uri}>: ${name}`,
      `display-text: ${shown}`,
      stay.entered,
      exchange.request,
    ),
});
