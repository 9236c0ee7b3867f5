/** A dialog with several usages, as a conference focus has them: an INVITE session, a subscription to its state, REFER (RFC 5057). */
import { expect, it } from "vitest";
import { header } from "../../wire/sip/headers.ts";
import { createEventAgent, type EventAgent } from "../events/event-agent.ts";
import { createPair, type Pair, type Phone } from "./testdata.ts";

function withEvents(pair: Pair, phone: Phone, host: string): EventAgent {
  const events = createEventAgent({
    endpoint: phone.endpoint,
    clock: pair.clock,
    ids: pair.ids,
    dialogs: phone.agent.dialogs,
    contact: `<sip:${host}>`,
    onHandlerError: (error) => pair.mistakes.push(error),
  });
  phone.others.push((incoming) => events.receiveOutside(incoming));
  return events;
}

const CONFERENCE_INFO = { contentType: "application/conference-info+xml", bytes: Buffer.from("<x/>") };

/** CSeq of the requests that A sent. */
const numbersOf = (pair: Pair): (string | undefined)[] =>
  pair.crossings.flatMap(({ node, direction, message }) =>
    node === "A" && direction === "out" && message?.kind === "request" ? [header(message, "CSeq")] : [],
  );

it("a session, a subscription and a REFER share a dialog, which stays until the last has ended", async () => {
  const pair = await createPair();
  const client = withEvents(pair, pair.a, "a");
  const focus = withEvents(pair, pair.b, "b");
  focus.serve({ name: "conference", content: () => ({ body: CONFERENCE_INFO }) });
  focus.onRefer((received) => received.accept().tell(200));
  const call = pair.call();
  await pair.pass(1000);
  const { handle } = call.session();
  const subscribing = client.subscribe({ within: handle, event: "conference", expiresS: 600 });
  await pair.pass(1000);
  expect(handle.usages.map(({ name }) => name)).toEqual(["INVITE", expect.stringContaining("conference")]);
  client.refer({ within: handle, referTo: "<sip:carol@example.org>" });
  await pair.pass(1000);
  call.session().bye();
  await pair.pass(40_000);
  expect(call.session().phase).toBe("ended");
  expect([pair.a.agent.dialogs.size, pair.b.agent.dialogs.size]).toEqual([1, 1]);
  expect(numbersOf(pair)).toEqual(["1 INVITE", "1 ACK", "2 SUBSCRIBE", "3 REFER", "4 BYE"]);
  subscribing.end();
  await pair.pass(40_000);
  expect([pair.a.agent.dialogs.size, pair.b.agent.dialogs.size]).toEqual([0, 0]);
  expect(pair.mistakes).toEqual([]);
});
