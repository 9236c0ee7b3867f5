/** What a client does with a MESSAGE (clause 8.2.1, steps 1 to 5). What a user sees is told by the driver. */
import type { InboxEntry } from "../spec/actions.ts";
import type { Exchange } from "../trace/scenario-trace.ts";
import { assertedIdentities, fromOf, header } from "../wire/sip/headers.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import type { Outcome } from "./check.ts";
import { refersToContent } from "./client-messages.ts";
import { messagesGiven, ofGiven, ofShown, type Shown } from "./client-inbox.ts";
import { endOf, expectThat, missed, noted, passed } from "./outcome.ts";
import { isGroupAdvertisement, isSystemMessage } from "./pager-message.ts";

/** MAY: told of each message. */
export const clientRejectsMessage = ofGiven(
  "8.2.1-1",
  (trace) => messagesGiven(trace).filter(({ final }) => final !== undefined),
  (exchange) =>
    noted(
      "a MESSAGE taken, or refused with a code that fits",
      endOf(exchange),
      "left to the client",
      exchange,
    ),
);

const kindOf = (entry: InboxEntry | undefined): string =>
  entry === undefined ? "it was not shown" : `shown as ${entry.kind}`;

export const systemMessageDistinguished = ofShown(
  "8.2.1-2",
  ({ exchange }) => isSystemMessage(exchange.request.message),
  ({ exchange, entry }) =>
    expectThat(entry?.kind === "system-message", "shown as a system message", kindOf(entry), exchange),
);

export const advertisementSubjectShown = ofShown(
  "8.2.1-3a",
  ({ exchange }) => isGroupAdvertisement(exchange.request.message) && subjectOf(exchange) !== "",
  ({ exchange, entry }) => {
    const subject = subjectOf(exchange);
    const shown = entry?.subject?.includes(subject) === true || entry?.text.includes(subject) === true;
    return expectThat(
      shown,
      `the Subject "${subject}" shown`,
      shown ? "so it is" : `subject ${entry?.subject ?? "none"}`,
      exchange,
    );
  },
);

function subjectOf({ request }: Exchange): string {
  return header(request.message, "Subject")?.trim() ?? "";
}

export const advertisementDistinguished = ofShown(
  "8.2.1-3b",
  ({ exchange }) => isGroupAdvertisement(exchange.request.message),
  ({ exchange, entry }) =>
    expectThat(
      entry?.kind === "group-advertisement",
      "shown as a group advertisement",
      kindOf(entry),
      exchange,
    ),
);

/** Of an advertisement 8.2.1-3a and 8.2.1-3b speak; who knows the text of a page elsewhere but its server (8.2.1-5). */
export const messageStored = ofShown(
  "8.2.1-4a",
  ({ exchange }) => !isGroupAdvertisement(exchange.request.message),
  (shown, trace) => {
    const token = trace.stimulusOf(shown.exchange)?.token;
    return token === undefined ? [] : judgeStored(shown, token);
  },
);

function judgeStored({ exchange, entry }: Shown, token: string): Outcome {
  const { message } = exchange.request;
  const expected = "the message kept, with its sender and text";
  if (entry === undefined) return missed(expected, "it is not in the inbox", exchange);
  if (!entry.text.includes(token) && !refersToContent(exchange))
    return missed(expected, `its text became "${entry.text.slice(0, 80)}"`, exchange);
  const senders = [...assertedIdentities(message), ...[fromOf(message) ?? []].flat()].map(({ uri }) => uri);
  if (senders.some((uri) => sameAddressOfRecord(uri, entry.from)))
    return passed(expected, `from ${entry.from}, with its text`, exchange);
  return /^(?:sips?|tel|im|pres):/iu.test(entry.from)
    ? missed(expected, `the sender is told as ${entry.from}`, exchange)
    : noted(expected, `the sender is told as ${entry.from}`, "a name in place of an address", exchange);
}

export const externalContentTreated = ofShown(
  "8.2.1-5",
  ({ exchange }) => refersToContent(exchange),
  ({ exchange, entry }) => {
    const expected = "the reference kept: shown, or its content fetched";
    if (entry === undefined) return missed(expected, "nothing of it was shown", exchange);
    return passed(expected, `shown: ${entry.text.slice(0, 80)}`, exchange);
  },
);
