import { describe, expect, it } from "vitest";
import { checkAnswer } from "../../wire/sdp/check-answer.ts";
import type { SdpDescription } from "../../wire/sdp/description.ts";
import { messageMediaViolations } from "../../wire/sdp/media-rules.ts";
import { parseSdp } from "../../wire/sdp/parse.ts";
import { serializeSdp } from "../../wire/sdp/serialize.ts";
import { answerSessions, offerSessions, takeAnswer } from "./negotiation.ts";
import { createRig, hopOf } from "./test-rig.ts";

const TERMS = {
  acceptTypes: ["message/cpim", "text/plain"],
  acceptWrappedTypes: ["*"],
  maxSize: 10_000,
};
const ORIGIN = { sessionId: "3890844516" };

/** As it comes out at the other end. */
const carried = (description: SdpDescription): SdpDescription => parseSdp(serializeSdp(description));

describe("offer and answer", () => {
  it.each([
    ["actpass", "passive", "active", "passive"],
    ["actpass", "active", "passive", "active"],
    ["active", "active", "active", "passive"],
    ["none", "none", "active", "passive"],
  ] as const)("setup %s and %s: the offerer is %s", async (offered, answered, offererRole, answererRole) => {
    const rig = createRig();
    const [a, b] = [await rig.endpoint("a"), await rig.endpoint("b", { listen: [hopOf("fd00::2")] })];
    const [alice, bob] = [a.session(TERMS), b.session(TERMS)];
    const offer = offerSessions([{ session: alice, terms: { ...TERMS, setup: offered } }], ORIGIN);
    const comedia = offered !== "none";
    expect(messageMediaViolations(offer, comedia ? { comedia: "offer" } : {})).toEqual([]);
    const answer = answerSessions(carried(offer), ORIGIN, () => ({
      session: bob,
      terms: { ...TERMS, setup: answered },
    }));
    expect(checkAnswer(offer, answer.description, { comedia })).toEqual([]);
    expect(answer.start().map((one) => "role" in one && one.role)).toEqual([answererRole]);
    const agreed = takeAnswer(alice, offer, carried(answer.description));
    expect(agreed).toMatchObject({ kind: "agreed", role: offererRole });
    const got: string[] = [];
    bob.onMessage(({ body }) => got.push(Buffer.from(body).toString()));
    alice.send("hello", { contentType: "text/plain" });
    await rig.net.run();
    expect(got).toEqual(["hello"]);
    expect(rig.log(offererRole === "active" ? "a" : "b")[0]).toBe("out SEND 1-0/0 0$");
    expect(Buffer.from(serializeSdp(answer.description)).toString()).toContain("c=IN IP6 fd00::2");
  });

  it("a session that is refused, or fits no media type, has port 0 and is closed at both ends", async () => {
    const rig = createRig();
    const [a, b] = [await rig.endpoint("a"), await rig.endpoint("b")];
    const sessions = [a.session(), a.session(), a.session()];
    const offer = offerSessions(
      sessions.map((session) => ({ session, terms: TERMS })),
      ORIGIN,
    );
    const others = [b.session(), b.session()];
    const answer = answerSessions(carried(offer), ORIGIN, ({ index }) => {
      if (index === 0) return undefined;
      const terms = index === 1 ? { acceptTypes: ["image/png"] } : TERMS;
      return { session: others[index - 1]!, terms };
    });
    answer.start();
    expect(answer.accepted).toEqual([2]);
    const taken = sessions.map((session, index) => takeAnswer(session, offer, answer.description, { index }));
    expect(taken.map(({ kind }) => kind)).toEqual(["refused", "refused", "agreed"]);
    await rig.net.run();
    expect([...sessions, ...others].map(({ state }) => state)).toEqual([
      "closed",
      "closed",
      "bound",
      "closed",
      "bound",
    ]);
  });

  it("an answer without a path is of no use", async () => {
    const rig = createRig();
    const a = await rig.endpoint("a");
    const alice = a.session();
    const offer = offerSessions([{ session: alice, terms: TERMS }], ORIGIN);
    const bare = {
      ...offer,
      media: [{ lines: offer.media[0]!.lines.filter(({ value }) => !value.startsWith("path")) }],
    };
    expect(takeAnswer(alice, offer, bare)).toMatchObject({ kind: "unusable" });
    expect(alice.state).toBe("closed");
  });
});
