/** 7.2.2.10, step 2a-v, and M.1: the mark on the user element of who receives the document. */
import type { LeasedUser } from "../trace/event.ts";
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import type { ConferenceUser } from "../wire/xml/conference-info.ts";
import { nameOf } from "./7.2.2.10-users.ts";
import { check } from "./check.ts";
import { documentsOf, isFull, subjectOf, usersOf, type Document } from "./conference-events.ts";
import { isSameUser, presenceOf } from "./conference-members.ts";
import { hides } from "./display-names.ts";
import { expectThat, missed, passed } from "./outcome.ts";

const isAbout = ({ entity }: ConferenceUser, user: LeasedUser): boolean =>
  entity !== undefined &&
  [user.imAddress, ...(user.tel === undefined ? [] : [user.tel])].some((uri) =>
    sameAddressOfRecord(uri, entity),
  );

interface Own {
  readonly document: Document;
  readonly receiver: LeasedUser;
  readonly own: ConferenceUser | undefined;
}

/** Documents that tell of who receives them, by an address of the receiver's. */
function ownIn(trace: ScenarioTrace): readonly Own[] {
  return documentsOf(trace).flatMap((document) => {
    const receiver = document.watch.user;
    if (receiver === undefined) return [];
    return [{ document, receiver, own: usersOf(document).find((user) => isAbout(user, receiver)) }];
  });
}

/** Who has left, or is about to, is no participant, and whether it has an element of its own is left open. */
function takesPart({ document, receiver }: Own, trace: ScenarioTrace): boolean {
  const { seq } = document.exchange.request;
  const { conference } = document.watch;
  const span = { from: seq, to: seq };
  return conference !== undefined && presenceOf(conference, receiver.imAddress, span, trace) === "in";
}

/** By no address: by an alias, which the mark alone tells. */
function isHidden({ document, receiver }: Own, trace: ScenarioTrace): boolean {
  const attendances = document.watch.conference?.attendances ?? [];
  return attendances.some((one) => isSameUser(one.uri, receiver.imAddress, trace) && hides(one));
}

export const ownIsMarked = check<Own>("7.2.2.10-b-2a-v", {
  trigger: (trace) =>
    ownIn(trace)
      .filter((one) => takesPart(one, trace))
      .filter((one) =>
        one.own === undefined ? isHidden(one, trace) && isFull(one.document) : one.own.state !== "deleted",
      ),
  judge: ({ document, receiver, own }) => {
    const expected = `yourown on the user element of ${receiver.actor}, who receives the document`;
    const { request } = document.exchange;
    const [marked] = usersOf(document).filter(({ yourOwn }) => yourOwn === true);
    if (own === undefined)
      return expectThat(
        marked !== undefined,
        expected,
        marked === undefined ? "no yourown" : `${nameOf(marked)} has it`,
        request,
      );
    const actual = own.yourOwn === undefined ? "no yourown" : `yourown is ${own.yourOwn}`;
    return expectThat(own.yourOwn === true, expected, actual, request);
  },
});

/** Of users who are known by an address of somebody else. */
export const othersAreNotMarked = check<Own>("M.1-p3", {
  trigger: (trace) => ownIn(trace).filter(({ document }) => usersOf(document).length > 0),
  judge: ({ document, receiver, own }, trace) => {
    const expected = `yourown on the user element of ${receiver.actor} alone`;
    const marked = usersOf(document).filter(({ yourOwn }) => yourOwn === true);
    const other = marked.find((user) => user !== own && subjectOf(user, trace) !== undefined);
    if (other !== undefined) return missed(expected, `${nameOf(other)} has it`, document.exchange.request);
    if (marked.length > 1)
      return missed(expected, `${marked.length} user elements have it`, document.exchange.request);
    return passed(expected, `${marked.length} user elements have it`, document.exchange.request);
  },
});

export const yourOwnOnUsersOnly = check<Document>("M.1-p2", {
  trigger: documentsOf,
  judge: ({ info: { misplacedYourOwn }, exchange: { request } }) =>
    expectThat(
      misplacedYourOwn.length === 0,
      "yourown on user elements only",
      misplacedYourOwn.length === 0 ? "it is on no other element" : misplacedYourOwn.join(", "),
      request,
    ),
});
