/** 7.2.1.3 and 7.2.1.4, steps 4 to 6: what is kept of who begins or joins the session of a group: methods, display name, privacy. */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { header, headerValues, tokensOf } from "../wire/sip/headers.ts";
import type { SipMessage } from "../wire/sip/message.ts";
import { check, type Check, type Outcome } from "./check.ts";
import { usersOf } from "./conference-events.ts";
import { attemptedSetUps, controllingHop } from "./conference.ts";
import { badInvites, goodInvites } from "./group-session-admission.ts";
import { documentsAbout, nameBy55, namesShown, type Shown } from "./group-session-names.ts";
import { groupInvites, type GroupInvite } from "./group-session.ts";
import { expectStatus, expectThat } from "./outcome.ts";
import { asksAnonymity } from "./pager-message.ts";
import { hidesIdentity } from "./session-fields.ts";

type When = Exclude<GroupInvite["when"], "unclear">;

interface Asked {
  readonly invite: GroupInvite;
  /** A request of the focus in the dialog. */
  readonly exchange: Exchange;
}

/** That any user agent knows them, RFC 3261 and RFC 3262 presuppose. */
const OF_THE_DIALOG: ReadonlySet<string> = new Set(["ACK", "BYE", "CANCEL", "PRACK"]);

function methodsAreKept(statement: string, when: When): Check {
  return check<Asked>(statement, {
    trigger: (trace) =>
      groupInvites(trace)
        .filter((invite) => invite.when === when && header(invite.request, "Allow") !== undefined)
        .flatMap((invite) =>
          invite.session.requests.flatMap((journey) => {
            const exchange = controllingHop(journey, "from-sut");
            return exchange === undefined || OF_THE_DIALOG.has(journey.method) ? [] : [{ invite, exchange }];
          }),
        ),
    judge: ({ invite: { request, exchange: own }, exchange }) => {
      const allowed = tokensOf(request, "Allow");
      const { method } = exchange.request.message;
      const expected = `a method that the client allows: ${allowed.join(", ")}`;
      return expectThat(allowed.includes(method), expected, method, exchange.request, own.request);
    },
  });
}

export const methodsOfInviter = methodsAreKept("7.2.1.3-4", "idle");
export const methodsOfJoiner = methodsAreKept("7.2.1.4-4", "running");

interface Named {
  readonly invite: GroupInvite;
  readonly name: string;
  readonly shown: Shown;
}

function nameIsPicked(statement: string, when: When): Check {
  return check<Named>(statement, {
    trigger: (trace) =>
      goodInvites(trace, when).flatMap((invite) => {
        const name = asksAnonymity(invite.request) ? undefined : nameBy55(invite);
        return name === undefined ? [] : namesShown(invite, trace).map((shown) => ({ invite, name, shown }));
      }),
    judge: ({ name, shown: { displayText, document }, invite }) =>
      expectThat(
        displayText === name,
        `display name "${name}", by the priority of 5.5`,
        `display-text "${displayText}"`,
        document.exchange.request,
        invite.exchange.request,
      ),
  });
}

export const nameOfInviter = nameIsPicked("7.2.1.3-5", "idle");
export const nameOfJoiner = nameIsPicked("7.2.1.4-5", "running");

/** Where it is not allowed, it is refused with 403; else the others are not told who it is. */
function privacyIsHandled(statement: string, when: When): Check {
  return check<GroupInvite>(statement, {
    trigger: (trace) => [
      ...badInvites(trace, "anonymity", when),
      ...goodInvites(trace, when).filter(({ request }) => asksAnonymity(request)),
    ],
    judge: (invite, trace) =>
      goodInvites(trace, when).includes(invite)
        ? judgeHiding(invite, trace)
        : expectStatus(invite.exchange, [403], trace.complete),
  });
}

/** What tells the invited user; P-Asserted-Identity with a wish for privacy tells the core alone (RFC 3325 7). */
function fieldsFor(invitation: SipMessage): readonly string[] {
  const shown = ["From", "Referred-By", "Contact", "Reply-To"];
  return hidesIdentity(invitation) ? shown : [...shown, "P-Asserted-Identity"];
}

function judgeHiding(invite: GroupInvite, trace: ScenarioTrace): readonly Outcome[] {
  const { originator = "", session, exchange } = invite;
  const address = originator.toLowerCase();
  const expected = "who hides is not named to the others";
  const invitations = attemptedSetUps(trace).find((one) => one.session === session)?.invitations ?? [];
  const told = invitations.map(({ exchange: { request } }) => ({
    record: request,
    texts: fieldsFor(request.message).flatMap((name) => headerValues(request.message, name)),
  }));
  const shown = documentsAbout(invite, trace)
    .filter(({ watch: { watcher } }) => watcher?.toLowerCase() !== address)
    .map((document) => ({
      record: document.exchange.request,
      texts: usersOf(document).map(({ entity = "" }) => entity),
    }));
  return [...told, ...shown].map(({ record, texts }) => {
    const named = texts.find((text) => text.toLowerCase().includes(address));
    return expectThat(named === undefined, expected, named ?? "it is not named", record, exchange);
  });
}

export const privacyOfInviter = privacyIsHandled("7.2.1.3-6", "idle");
export const privacyOfJoiner = privacyIsHandled("7.2.1.4-6", "running");
