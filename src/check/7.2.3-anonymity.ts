/** 7.2.3.1, 14.3: whoever hides talks as the others do, and stays hidden. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import type { SessionMessage } from "../trace/session/session-messages.ts";
import { check, type Outcome } from "./check.ts";
import { certainRecipients } from "./deliveries.ts";
import { failuresOf } from "./session-media.ts";
import { copiesAt } from "./session-tokens.ts";
import { goodForEverybody, isHidden, talks, type Talk } from "./switch-messages.ts";

const hidden = (trace: ScenarioTrace): readonly Talk[] =>
  talks(trace).filter(({ sender, sent }) => isHidden(sender) && sent.flag === "$");

const copiesOf = ({ others, token }: Talk, trace: ScenarioTrace): readonly SessionMessage[] =>
  others.flatMap((one) => copiesAt(one, token, trace));

/** In header fields of MSRP and of the wrapper; what the user writes is the user's own. */
function showsAddress({ chunks }: SessionMessage, { sender }: Talk): boolean {
  const { imAddress, tel } = sender.user;
  const [first] = chunks;
  const head = first?.request.head.headers.map(({ value }) => value).join("\n") ?? "";
  const wrapper = Buffer.concat(chunks.map(({ request }) => request.body ?? new Uint8Array()))
    .toString("latin1")
    .split("\r\n\r\n", 1)[0];
  const text = `${head}\n${wrapper ?? ""}`.toLowerCase();
  return [imAddress, tel].some((address) => address !== undefined && text.includes(address.toLowerCase()));
}

export const hiddenParticipantsAreServed = check<Talk>("7.2.3.1-4", {
  trigger: (trace) => goodForEverybody(trace).filter(({ sender }) => isHidden(sender)),
  judge: (talk, trace): Outcome | readonly Outcome[] => {
    const { sent, from = "" } = talk;
    const expected = `a message of <${from}>, who hides, goes on without the address of who it is`;
    const copies = copiesOf(talk, trace);
    const [copy] = copies;
    const evidence = [{ seq: sent.seq }, ...(copy === undefined ? [] : [{ seq: copy.seq }])];
    if (copies.some((one) => showsAddress(one, talk)))
      return { result: "miss", expected, actual: "a copy shows the address", evidence };
    if (copy !== undefined) return { result: "pass", expected, actual: "it went on", evidence };
    if (failuresOf(sent).includes(403))
      return { result: "miss", expected, actual: "it was refused with 403", evidence };
    const isDue = trace.complete && certainRecipients(talk, trace).length > 0;
    if (failuresOf(sent).length > 0 || !isDue) return [];
    return { result: "miss", expected, actual: "nobody received it", evidence };
  },
});

/** Of a message that shows the address itself, it is enough that it does not go on. */
export const senderIsHiddenInMedia = check<Talk>("14.3-b4", {
  trigger: hidden,
  judge: (talk, trace): Outcome | readonly Outcome[] => {
    const { sent, sender } = talk;
    const expected = `nobody is sent the address of ${sender.user.actor}, who hides`;
    const copies = copiesOf(talk, trace);
    const shown = copies.find((one) => showsAddress(one, talk));
    const evidence = [{ seq: sent.seq }, ...(shown === undefined ? [] : [{ seq: shown.seq }])];
    if (shown !== undefined) return { result: "miss", expected, actual: "a copy shows it", evidence };
    if (copies.length > 0) return { result: "pass", expected, actual: "no copy shows it", evidence };
    return showsAddress(sent, talk) && failuresOf(sent).length > 0
      ? { result: "pass", expected, actual: "the message was refused", evidence }
      : [];
  },
});
