/** 7.2.1.5-4 to 6 and 11: what is kept of who comes back: methods, display name, privacy; and that messages reach them again. */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { header, tokensOf } from "../wire/sip/headers.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { check, type Outcome } from "./check.ts";
import { documentsOf, isConnected, usersOf, type Document } from "./conference-events.ts";
import { controllingHop } from "./conference-invites.ts";
import { groupOf, spanOf } from "./conference-members.ts";
import { judgeArrival } from "./copies.ts";
import { deliveries, type Delivery } from "./deliveries.ts";
import { nameBy55 } from "./group-session-names.ts";
import { expectStatus, expectThat } from "./outcome.ts";
import { asksAnonymity } from "./pager-message.ts";
import { goodRejoinings, rejoiningsWith, type Rejoining } from "./rejoining.ts";

const comeBack = (trace: ScenarioTrace): readonly Rejoining[] =>
  goodRejoinings(trace).filter(({ accepted }) => accepted !== undefined);

interface Asked {
  readonly rejoining: Rejoining;
  /** A request of the focus in the dialog. */
  readonly exchange: Exchange;
}

/** That any user agent knows them, RFC 3261 and RFC 3262 presuppose. */
const OF_THE_DIALOG: ReadonlySet<string> = new Set(["ACK", "BYE", "CANCEL", "PRACK"]);

export const methodsOfRejoiner = check<Asked>("7.2.1.5-4", {
  trigger: (trace) =>
    comeBack(trace)
      .filter(({ request }) => header(request, "Allow") !== undefined)
      .flatMap((rejoining) =>
        rejoining.session.requests.flatMap((journey) => {
          const exchange = controllingHop(journey, "from-sut");
          const isOfDialog = OF_THE_DIALOG.has(journey.method);
          return exchange === undefined || isOfDialog ? [] : [{ rejoining, exchange }];
        }),
      ),
  judge: ({ rejoining: { request, exchange: own }, exchange }) => {
    const allowed = tokensOf(request, "Allow");
    const { method } = exchange.request.message;
    const expected = `a method that the client allows: ${allowed.join(", ")}`;
    return expectThat(allowed.includes(method), expected, method, exchange.request, own.request);
  },
});

/** Documents about the session, from when the user was let in, or another place, until it left again. */
function documentsAbout(
  { conference, accepted, session }: Rejoining,
  trace: ScenarioTrace,
  since = accepted?.seq ?? Number.POSITIVE_INFINITY,
): readonly Document[] {
  return documentsOf(trace).filter(
    ({ exchange: { request }, watch }) =>
      conference !== undefined &&
      watch.conference === conference &&
      request.seq > since &&
      request.seq < (session.bye?.seq ?? Number.POSITIVE_INFINITY),
  );
}

interface Named {
  readonly rejoining: Rejoining;
  readonly name: string;
  readonly document: Document;
  readonly shown: string;
}

/** In each subscription the first document that has the user as connected, with a display name. */
function names(trace: ScenarioTrace): readonly Named[] {
  return comeBack(trace).flatMap((rejoining) => {
    const { originator, request, conference, exchange } = rejoining;
    const group = conference && groupOf(conference, spanOf(exchange), trace);
    const name = asksAnonymity(request) ? undefined : nameBy55({ group, originator, request });
    if (name === undefined) return [];
    const found = documentsAbout(rejoining, trace).flatMap((document) => {
      const own = usersOf(document).find(
        (user) => isConnected(user) && sameAddressOfRecord(user.entity ?? "", originator),
      );
      return own?.displayText === undefined ? [] : [{ rejoining, name, document, shown: own.displayText }];
    });
    return found.filter(
      ({ document: { watch } }, index) => found.findIndex((one) => one.document.watch === watch) === index,
    );
  });
}

export const nameOfRejoiner = check<Named>("7.2.1.5-5", {
  trigger: names,
  judge: ({ rejoining, name, document, shown }) =>
    expectThat(
      shown === name,
      `display name "${name}", by the priority of 5.5`,
      `display-text "${shown}"`,
      document.exchange.request,
      rejoining.exchange.request,
    ),
});

/** Where it is not allowed, it is refused with 403; else the others are not told who it is. */
export const privacyOfRejoiner = check<Rejoining>("7.2.1.5-6", {
  trigger: (trace) => [
    ...rejoiningsWith("anonymity", trace),
    ...comeBack(trace).filter(({ request }) => asksAnonymity(request)),
  ],
  judge: (rejoining, trace): Outcome | readonly Outcome[] =>
    rejoining.grounds.length > 0
      ? expectStatus(rejoining.exchange, [403], trace.complete)
      : judgeHiding(rejoining, trace),
});

/** That it had been in openly before, may still be told: of who is gone. */
function judgeHiding(rejoining: Rejoining, trace: ScenarioTrace): readonly Outcome[] {
  const { originator, exchange } = rejoining;
  const isOwn = (uri: string | undefined): boolean => uri?.toLowerCase() === originator.toLowerCase();
  return documentsOfComing(rejoining, trace)
    .filter(({ watch: { watcher } }) => !isOwn(watcher))
    .map((document) => {
      const named = usersOf(document).find((user) => isConnected(user) && isOwn(user.entity));
      const actual = named === undefined ? "it is not named" : `user ${named.entity ?? ""}`;
      const expected = "who hides is not named to the others";
      return expectThat(named === undefined, expected, actual, document.exchange.request, exchange);
    });
}

/** The others may be told before the 200 is seen: by a document that has somebody whom nobody knows. */
function documentsOfComing(rejoining: Rejoining, trace: ScenarioTrace): readonly Document[] {
  const { accepted, exchange } = rejoining;
  const isOfStranger = (document: Document): boolean =>
    usersOf(document).some((user) => isConnected(user) && trace.userOf(user.entity ?? "") === undefined);
  return documentsAbout(rejoining, trace, exchange.request.seq).filter(
    (document) =>
      document.exchange.request.seq > (accepted?.seq ?? Number.POSITIVE_INFINITY) || isOfStranger(document),
  );
}

/** To who came back, and of who came back, when its new MSRP session was bound. */
export const messagesPassAgain = check<Delivery>("7.2.1.5-11", {
  trigger: (trace) => {
    const back = comeBack(trace).filter(({ request }) => !asksAnonymity(request));
    return deliveries(trace).filter(({ talk, recipient }) =>
      [recipient, talk.sender].some(({ session, user }) =>
        back.some((one) => one.session === session && isBound(one, user.node, talk.sent.seq, trace)),
      ),
    );
  },
  judge: judgeArrival,
});

/** Something was answered in the MSRP session that it has now: a B2BUA on the way has other dialogs than the focus. */
function isBound({ accepted }: Rejoining, node: string, seq: number, trace: ScenarioTrace): boolean {
  return trace.sessionMode.msrp.some(
    (record) =>
      record.node === node &&
      record.head.kind === "response" &&
      record.seq > (accepted?.seq ?? Number.POSITIVE_INFINITY) &&
      record.seq < seq,
  );
}
