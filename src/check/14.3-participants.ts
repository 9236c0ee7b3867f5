/** 14.3: privacy of participants, in what those who watch a session are told, and as long as it lasts. */
import type { ScenarioTrace, SipRecord } from "../trace/scenario-trace.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import { check, type Outcome } from "./check.ts";
import { notificationsOf, type ToldIn } from "./conference-events.ts";
import { isSameUser, within, type Attendance } from "./conference-members.ts";
import { hiddenIn, type Hidden } from "./display-names.ts";
import { missed, passed } from "./outcome.ts";

interface Disclosure {
  readonly told: ToldIn;
  readonly hidden: Hidden;
  /** Without scheme: of the user's addresses. */
  readonly addresses: readonly string[];
}

/** What others are told after somebody has come in who hides. */
function tellings(trace: ScenarioTrace): readonly Disclosure[] {
  return notificationsOf(trace).flatMap((told) => {
    const { conference, watcher = "" } = told.watch;
    const { message, seq } = told.exchange.request;
    if (conference === undefined || message.body.length === 0) return [];
    return hiddenIn(conference, trace)
      .filter(
        ({ attendance: { uri, accepted } }) => accepted !== undefined && !isSameUser(uri, watcher, trace),
      )
      .filter(({ attendance }) => hidesSince(attendance) < seq)
      .map((hidden) => ({ told, hidden, addresses: addressesOf(hidden, trace) }))
      .filter((disclosure) => !wasKnown(disclosure));
  });
}

/** Whom the function invited says it in the 200, which is seen before the function has it: its ACK tells that it does. */
function hidesSince(attendance: Attendance): number {
  if (attendance.way === "to-sut") return attendance.accepted?.seq ?? Number.POSITIVE_INFINITY;
  return within(attendance, "ACK")[0]?.request.seq ?? Number.POSITIVE_INFINITY;
}

/** Who was told of the user as one who was invited, has known the address before it was to be hidden. */
function wasKnown({ told: { watch }, hidden: { attendance }, addresses }: Disclosure): boolean {
  const before = watch.told.filter(({ exchange }) => exchange.request.seq < hidesSince(attendance));
  return before.some(({ exchange }) =>
    addresses.some((address) => standsIn(textOf(exchange.request), address)),
  );
}

function textOf({ message }: SipRecord<SipRequest>): string {
  return Buffer.from(message.body).toString("utf8").toLowerCase();
}

function addressesOf({ attendance: { uri } }: Hidden, trace: ScenarioTrace): readonly string[] {
  const user = trace.userOf(uri);
  const all = [uri, user?.imAddress, user?.tel].flatMap((address) => address ?? []);
  return [...new Set(all.map((address) => address.replace(/^(?:sips?|tel):/iu, "").toLowerCase()))];
}

function judge({ told, addresses }: Disclosure): Outcome {
  const { request }: { readonly request: SipRecord<SipRequest> } = told.exchange;
  const text = textOf(request);
  const expected = "a notification without the address of who asked for privacy";
  const shown = addresses.find((address) => standsIn(text, address));
  return shown === undefined
    ? passed(expected, "it is not in it", request)
    : missed(expected, `${shown} stands in it`, request);
}

export const privateParticipantsHidden = check<Disclosure>("14.3-b3", { trigger: tellings, judge });

/** Not as the end of a longer address. */
function standsIn(text: string, address: string): boolean {
  for (let at = text.indexOf(address); at !== -1; at = text.indexOf(address, at + 1))
    if (!/[\w.+-]/u.test(text[at - 1] ?? " ")) return true;
  return false;
}

/** Who has left, and who began to watch later, are told what is kept of it. */
export const privacyIsKept = check<Disclosure>("14.3-b1", {
  trigger: (trace) =>
    tellings(trace).filter(({ told, hidden: { attendance } }) => {
      const { seq } = told.exchange.request;
      const hasLeft = within(attendance, "BYE").some(({ request }) => request.seq < seq);
      const isLate = told.watch.exchange.request.seq > hidesSince(attendance);
      return hasLeft || isLate;
    }),
  judge,
});
