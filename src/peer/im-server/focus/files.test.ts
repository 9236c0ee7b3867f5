/** A participant offers a file, and a server that takes files passes it on (7.2.1.6, note). */
import { afterEach, expect, it } from "vitest";
import { answerSessions, offerSessions, takeAnswer } from "../../../endpoint/msrp/negotiation.ts";
import { messageMediaOf } from "../../../wire/sdp/message-media.ts";
import { parseSdp } from "../../../wire/sdp/parse.ts";
import { serializeSdp } from "../../../wire/sdp/serialize.ts";
import { type Body, sdpBody } from "../../../wire/sip/session-description.ts";
import { addressOf, type Phone } from "./test-phone.ts";
import { createFocusRig, FACTORY, type FocusRig } from "./test-rig.ts";

let rig: FocusRig;
afterEach(() => rig.close());

const TERMS = { acceptTypes: ["message/cpim"], acceptWrappedTypes: ["text/plain"] };
const FILE = {
  acceptTypes: ["image/png"],
  lines: [{ type: "a", offset: 0, value: 'file-selector:name:"a.png" type:image/png size:4' }],
};

const described = (body: Body | undefined) => parseSdp(body!.bytes);

/** Takes whatever message media it is offered, and notes what comes by the second. */
function takeFiles(phone: Phone, came: string[]): void {
  const [talk] = phone.talks;
  talk!.session.onOffer = ({ offer }) => {
    const file = phone.msrp.session();
    file.onMessage(({ body }) => void came.push(`${phone.name} ${Buffer.from(body).toString()}`));
    const answer = answerSessions(described(offer), { sessionId: "1", sessionVersion: "2" }, ({ index }) =>
      index === 0 ? { session: talk!.msrp, terms: TERMS } : { session: file, terms: FILE },
    );
    answer.start();
    return { body: sdpBody(serializeSdp(answer.description)) };
  };
}

async function offerFile(takesFile: boolean): Promise<readonly string[]> {
  rig = await createFocusRig({
    switching: true,
    faults: [{ decisions: { sessionMedia: { takesFile: () => takesFile } } }],
  });
  const [a, b, t] = await rig.phones("alice", "bob", "ted");
  a.call(FACTORY, { invited: [addressOf("bob"), addressOf("ted")] });
  await rig.settle();
  const came: string[] = [];
  for (const phone of [b, t]) takeFiles(phone, came);
  const [talk] = a.talks;
  const file = a.msrp.session();
  const offer = offerSessions(
    [
      { session: talk!.msrp, terms: TERMS },
      { session: file, terms: { ...FILE, direction: "sendonly" } },
    ],
    { sessionId: "1", sessionVersion: "2" },
  );
  talk!.session.reinvite({
    body: sdpBody(serializeSdp(offer)),
    onDone: () => void takeAnswer(file, offer, described(talk!.session.remote), { index: 1 }),
  });
  await rig.settle();
  const taken = messageMediaOf(described(talk!.session.remote)).map(({ port }) => port !== 0);
  if (taken[1] === true) file.send("data", { contentType: "image/png" });
  await rig.settle();
  return [taken.join(), ...came.toSorted()];
}

it.each([
  [true, ["true,true", "bob data", "ted data"]],
  [false, ["true,false"]],
])("takes files: %s", async (takes, expected) => {
  expect(await offerFile(takes)).toEqual(expected);
});
