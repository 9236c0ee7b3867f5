/** 7.2.3.2: who may hide, and by which alias whoever hides is known. */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { check, type Check, type Outcome } from "./check.ts";
import { usersOf } from "./conference-events.ts";
import type { ConferenceInvite } from "./conference-invites.ts";
import { refusedFor } from "./factory-requests.ts";
import { badInvites, goodInvites } from "./group-session-admission.ts";
import type { GroupInvite } from "./group-session.ts";
import {
  aliasOf,
  documentsTo,
  documentsToOthers,
  hiddenComers,
  isSameName,
  namesBefore,
  type HiddenComer,
  type Name,
  type OwnElement,
} from "./hidden-comers.ts";
import { endOf, expectStatus, expectThat, expectWarning } from "./outcome.ts";
import { asksAnonymity } from "./pager-message.ts";
import { additions, thoseWith } from "./referrals.ts";

/** INVITEs and REFERs that nothing speaks against but that their senders hide. */
function forbidden(trace: ScenarioTrace): readonly Exchange[] {
  const invites: readonly ConferenceInvite[] = [
    ...badInvites(trace, "anonymity", "idle", "running"),
    ...refusedFor("anonymity-refused", trace),
  ];
  const refers = thoseWith("anonymity", additions(trace));
  return [...invites, ...refers].map(({ exchange }) => exchange);
}

export const permissionToHideIsChecked = check<Exchange>("7.2.3.2-1a", {
  trigger: forbidden,
  judge: (exchange) =>
    exchange.final === undefined
      ? []
      : expectThat(
          exchange.final.message.status >= 300,
          "a refusal: the user may not be anonymous",
          endOf(exchange),
          exchange,
        ),
});

export const whoMayNotHideGets403 = check<Exchange>("7.2.3.2-1b", {
  trigger: forbidden,
  judge: (exchange, trace) => expectStatus(exchange, [403], trace.complete),
});

export const refusalOfHidingIsExplained = check<NonNullable<Exchange["final"]>>("7.2.3.2-1c", {
  trigger: (trace) => forbidden(trace).flatMap(({ final }) => (final?.message.status === 403 ? [final] : [])),
  judge: (final) => expectWarning(final, 119),
});

export const whoMayHideGets200 = check<GroupInvite>("7.2.3.2-3", {
  trigger: (trace) => goodInvites(trace, "running").filter(({ request }) => asksAnonymity(request)),
  judge: ({ exchange }, trace) => expectStatus(exchange, [200], trace.complete),
});

/** Documents to the others do not name who hides. */
export const whoHidesIsNotNamed = check<HiddenComer>("7.2.3.2-1d", {
  trigger: hiddenComers,
  judge: ({ invite }, trace): readonly Outcome[] => {
    const address = (invite.originator ?? "").toLowerCase();
    return documentsToOthers(invite, trace).map((document) => {
      const entities = usersOf(document).map(({ entity = "" }) => entity);
      const named = entities.find((entity) => entity.toLowerCase().includes(address));
      return expectThat(
        named === undefined,
        "a document without the address of who hides",
        named ?? "it is not there",
        document.exchange.request,
        invite.exchange,
      );
    });
  },
});

interface Pair {
  readonly comer: HiddenComer;
  readonly own: OwnElement;
  readonly other: OwnElement;
}

/** Two who hide, of whom the server told each how it is known. */
function pairs(trace: ScenarioTrace): readonly Pair[] {
  return hiddenComers(trace).flatMap((comer) => {
    const own = comer.told.at(-1);
    return comer.before.flatMap((before) => {
      const other = before.told.at(-1);
      return own === undefined || other === undefined ? [] : [{ comer, own, other }];
    });
  });
}

/** Both came under one name. */
const clashes = (trace: ScenarioTrace): readonly Pair[] =>
  pairs(trace).filter(({ comer, other }) =>
    comer.before.some((before) => before.told.includes(other) && isSameName(before.from, comer.from)),
  );

const inWords = ({ uri, displayName }: Name): string =>
  displayName === undefined ? `<${uri}>` : `"${displayName}" <${uri}>`;

function apart(statement: string, trigger: (trace: ScenarioTrace) => readonly Pair[]): Check {
  return check<Pair>(statement, {
    trigger,
    judge: ({ own, other }) => {
      const [one, two] = [aliasOf(own), aliasOf(other)];
      return expectThat(
        !isSameName(one, two),
        `an alias other than ${inWords(two)}, which somebody has`,
        inWords(one),
        own.document.exchange.request,
        other.document.exchange.request,
      );
    },
  });
}

export const aliasesAreUnique = apart("7.2.3.2-0", pairs);
export const fromIsComparedWithAliases = apart("7.2.3.2-2", clashes);
export const clashIsAltered = apart("7.2.3.2-2b", clashes);

/** Whoever came under a name that neither as a whole nor in parts is that of somebody else. */
const singular = (trace: ScenarioTrace): readonly HiddenComer[] =>
  hiddenComers(trace).filter((comer) => {
    const { from, invite, before } = comer;
    const taken = [...namesBefore(comer, trace), ...before.map((one) => one.from)];
    const isTaken = taken.some(
      ({ uri, displayName }) =>
        uri.toLowerCase() === from.uri.toLowerCase() ||
        (from.displayName !== undefined && displayName?.toLowerCase() === from.displayName.toLowerCase()),
    );
    const showsAddress = from.uri.toLowerCase() === (invite.originator ?? "").toLowerCase();
    return comer.told.length > 0 && !isTaken && !showsAddress;
  });

export const singularAliasIsKept = check<HiddenComer>("7.2.3.2-2a", {
  trigger: singular,
  judge: ({ from, told: [own], invite }) => {
    if (own === undefined) return [];
    const alias = aliasOf(own);
    const keepsName =
      from.displayName === undefined ||
      alias.displayName === undefined ||
      alias.displayName === from.displayName;
    return expectThat(
      alias.uri.toLowerCase() === from.uri.toLowerCase() && keepsName,
      `${inWords(from)}, as From had it`,
      inWords(alias),
      own.document.exchange.request,
      invite.exchange,
    );
  },
});

export const alteredAliasIsEntity = check<HiddenComer>("7.2.3.2-ntf-1", {
  trigger: hiddenComers,
  judge: ({ told, invite: { originator = "" } }): readonly Outcome[] =>
    told.map((own) =>
      expectThat(
        aliasOf(own).uri.toLowerCase() !== originator.toLowerCase(),
        "as entity the alias by which the others know the user",
        inWords(aliasOf(own)),
        own.document.exchange.request,
      ),
    ),
});

export const ownAliasIsMarked = check<HiddenComer>("7.2.3.2-ntf-2", {
  trigger: hiddenComers,
  judge: ({ invite, told: [own] }, trace): readonly Outcome[] => {
    const full = documentsTo(invite, trace).find(({ info }) => info.state === "full");
    if (full === undefined) return [];
    return [
      expectThat(
        own !== undefined,
        "yourown with the value true on the user element of who receives the document",
        own === undefined ? "on none" : `on ${aliasOf(own).uri}`,
        full.exchange.request,
      ),
    ];
  },
});
