import { describe, expect, it } from "vitest";
import { header } from "../../wire/sip/headers.ts";
import type { ModificationOutcome } from "./options.ts";
import { createPair, type Pair, type PairOptions, said, sdp } from "./testdata.ts";

/** Runs to the end, and nothing may be left or have gone wrong. */
async function finish(pair: Pair): Promise<void> {
  await pair.run();
  expect(pair.mistakes).toEqual([]);
  expect([pair.a.agent.sessions.length, pair.b.agent.sessions.length]).toEqual([0, 0]);
  expect([pair.a.agent.dialogs.size, pair.b.agent.dialogs.size]).toEqual([0, 0]);
}

const established = async (
  options: PairOptions = {},
): Promise<{ pair: Pair; call: ReturnType<Pair["call"]> }> => {
  const pair = await createPair(options);
  const call = pair.call();
  await pair.pass(1000);
  return { pair, call };
};

/** What crossed after a call was set up. */
async function afterwards(
  options: PairOptions,
  act: (pair: Pair, call: ReturnType<Pair["call"]>) => void,
  ms = 20_000,
): Promise<string[]> {
  const { pair, call } = await established(options);
  const before = pair.dialogue().length;
  act(pair, call);
  await pair.pass(ms);
  return pair.dialogue().slice(before);
}

describe("a call", () => {
  it("is made, acknowledged and ended by the caller", async () => {
    const pair = await createPair({
      answer: (incoming) => {
        incoming.ring();
        incoming.accept();
      },
    });
    const call = pair.call();
    await pair.pass(1000);
    call.session().bye();
    await finish(pair);
    expect(pair.dialogue()).toEqual(["> INVITE", "< 180", "< 200", "> ACK", "> BYE", "< 200"]);
    expect(call.events).toEqual(["180", "accepted 200"]);
    expect(pair.a.events).toEqual(["180", "agreed", "accepted 200", "ended: local bye"]);
    expect(pair.b.events).toEqual(["agreed", "accepted 200", "acknowledged", "ended: remote bye"]);
  });

  it("is ended by the callee", async () => {
    const { pair } = await established();
    pair.b.incoming[0]?.bye();
    await finish(pair);
    expect(pair.dialogue().slice(-2)).toEqual(["< BYE", "> 200"]);
    expect(pair.a.events.at(-1)).toBe("ended: remote bye");
  });

  it("is refused", async () => {
    const pair = await createPair({ answer: (incoming) => incoming.reject(486) });
    const call = pair.call();
    await finish(pair);
    expect(pair.dialogue()).toEqual(["> INVITE", "< 486", "> ACK"]);
    expect(call.events).toEqual(["rejected 486"]);
    expect(pair.b.events).toEqual(["ended: local rejected"]);
  });

  it("without an offer: the 2xx offers, and the ACK answers", async () => {
    const pair = await createPair();
    const invite = pair.a.agent.invite({
      to: pair.b.hop,
      uri: "sip:b@example.org",
      from: "<sip:a@example.org>",
    });
    await pair.pass(1000);
    const [session] = invite.sessions;
    expect(said(session?.local)).toContain("o=a 1 1");
    expect(said(session?.remote)).toContain("o=b 1 1");
    expect(said(pair.b.incoming[0]?.local)).toEqual(said(session?.remote));
    expect(said(pair.b.incoming[0]?.remote)).toEqual(said(session?.local));
    expect(pair.mistakes).toEqual([]);
  });

  it("without an offer: the answer may come later, in the ACK", async () => {
    const pair = await createPair({ a: { onOffer: () => "later" } });
    const { a, b } = pair;
    const invite = a.agent.invite({ to: b.hop, uri: "sip:b@example.org", from: "<sip:a@example.org>" });
    await pair.pass(700);
    expect(pair.dialogue()).toEqual(["> INVITE", "< 200", "< 200 (again)"]);
    invite.sessions[0]?.acknowledge({ body: sdp("a", 3) });
    await pair.pass(5000);
    expect(pair.dialogue().slice(3)).toEqual(["> ACK"]);
    expect(said(b.incoming[0]?.remote)).toBe(said(sdp("a", 3)));
  });

  it("without an offer: that of the 2xx is not wanted, so ACK and BYE (13.2.2.4)", async () => {
    const pair = await createPair({ a: { onOffer: () => ({ status: 488 }) } });
    const { a, b } = pair;
    a.agent.invite({ to: b.hop, uri: "sip:b@example.org", from: "<sip:a@example.org>" });
    await finish(pair);
    expect(pair.dialogue()).toEqual(["> INVITE", "< 200", "> ACK", "> BYE", "< 200"]);
    expect(b.events).toEqual(["accepted 200", "irregular: no-answer", "acknowledged", "ended: remote bye"]);
  });

  it("nobody is there", async () => {
    const pair = await createPair();
    await pair.b.endpoint.close();
    const call = pair.call();
    await finish(pair);
    expect(call.events).toEqual(["failed: timeout"]);
  });

  it("keeps its dialog for other requests, which nobody has to take", async () => {
    const { pair, call } = await established();
    const seen: string[] = [];
    pair.b.incoming[0]!.onRequest = (incoming) => {
      seen.push(`${incoming.message.method} ${header(incoming.message, "CSeq")}`);
      return false;
    };
    const statuses: number[] = [];
    call.session().request("INFO", { onResponse: ({ status }) => statuses.push(status) });
    await pair.pass(1000);
    expect(seen).toEqual(["INFO 2 INFO"]);
    expect(statuses).toEqual([405]);
  });

  it("gets 481 where the dialog is not known", async () => {
    const lines = await afterwards({}, (_, call) => {
      const { handle } = call.session();
      handle.replace({ ...handle.dialog, remote: "<sip:b@example.org>;tag=other" });
      call.session().bye();
    });
    expect(lines).toEqual(["> BYE", "< 481"]);
  });

  it("requests that are out of order get 500 (12.2.2)", async () => {
    const lines = await afterwards({}, (_, call) => {
      const { handle } = call.session();
      handle.send(handle.compose({ method: "INFO", sequence: 10 }));
      handle.send(handle.compose({ method: "INFO", sequence: 9 }));
    });
    expect(lines).toEqual(["> INFO", "> INFO", "< 405", "< 500"]);
  });
});

describe("CANCEL", () => {
  it("of a call that rings", async () => {
    const pair = await createPair({ answer: (incoming) => incoming.ring() });
    const call = pair.call();
    await pair.pass(100);
    call.invite.cancel({ headers: [["Reason", 'SIP;cause=200;text="done"']] });
    await finish(pair);
    expect(pair.dialogue()).toEqual(["> INVITE", "< 180", "> CANCEL", "< 200", "< 487", "> ACK"]);
    expect(call.events).toEqual(["180", "cancelled"]);
    expect(pair.a.events).toEqual(["180", "ended: local cancelled"]);
    expect(pair.b.events).toEqual(["ended: remote cancelled"]);
    const sent = pair.crossings.map(({ message }) => message);
    const cancel = sent.find((message) => message?.kind === "request" && message.method === "CANCEL");
    expect(cancel && header(cancel, "Reason")).toContain("cause=200");
    const tags = pair.crossings
      .filter(({ node, direction }) => node === "B" && direction === "out")
      .map(({ message }) => message && header(message, "To"));
    expect(new Set(tags).size).toBe(1);
  });

  it("before anything was heard waits for a provisional response", async () => {
    const pair = await createPair({ answer: () => undefined });
    const call = pair.call();
    call.invite.cancel();
    await finish(pair);
    expect(pair.dialogue()).toEqual(["> INVITE", "> CANCEL", "< 200", "< 487", "> ACK"]);
    expect(call.events.at(-1)).toBe("cancelled");
  });

  it("crosses the 200: ACK and BYE", async () => {
    const pair = await createPair({
      net: { delay: 100 },
      answer: (incoming) => {
        incoming.ring();
        pair.clock.callAt(pair.clock.now() + 200, () => incoming.accept());
      },
    });
    const call = pair.call();
    await pair.pass(250);
    call.invite.cancel();
    await finish(pair);
    expect(pair.dialogue()).toEqual([
      "> INVITE",
      "< 180",
      "> CANCEL",
      "< 200",
      "> ACK",
      "> BYE",
      "< 200",
      "< 200",
    ]);
    expect(call.events).toEqual(["180", "cancelled"]);
    expect(pair.a.events.at(-1)).toBe("ended: local cancelled");
    expect(pair.b.events).toEqual(["agreed", "accepted 200", "acknowledged", "ended: remote bye"]);
  });

  it("nobody answers it: given up after 64 * T1, and a late 2xx is hung up", async () => {
    const pair = await createPair({ answer: (incoming) => incoming.ring() });
    const call = pair.call();
    await pair.pass(100);
    const [incoming] = pair.b.incoming;
    incoming?.incoming.onCancel(() => undefined);
    call.invite.cancel();
    await pair.pass(32_100);
    expect(call.events).toEqual(["180", "cancelled"]);
    incoming?.accept();
    await finish(pair);
    expect(pair.dialogue().slice(-4)).toEqual(["< 200", "> ACK", "> BYE", "< 200"]);
  });

  it("bye() in an early session is a CANCEL at the caller, and a refusal at the callee", async () => {
    const caller = await createPair({ answer: (incoming) => incoming.ring() });
    const call = caller.call();
    await caller.pass(100);
    call.session().bye();
    await finish(caller);
    expect(caller.dialogue().slice(2, 3)).toEqual(["> CANCEL"]);
    const callee = await createPair({
      answer: (incoming) => {
        incoming.ring();
        incoming.bye();
      },
    });
    callee.call();
    await finish(callee);
    expect(callee.dialogue()).toEqual(["> INVITE", "< 180", "< 480", "> ACK"]);
  });
});

describe("2xx and ACK (RFC 3261 13.3.1.4)", () => {
  it("a 2xx goes again until its ACK comes, and the ACK goes again", async () => {
    const pair = await createPair({ net: { delay: 1500 } });
    const call = pair.call();
    await pair.pass(10_000);
    call.session().bye();
    await finish(pair);
    const lines = pair.dialogue();
    expect(lines).toContain("> ACK (again)");
    expect(lines.filter((line) => line.startsWith("< 200 (again)")).length).toBeGreaterThan(0);
    expect(pair.b.events).toEqual(["agreed", "accepted 200", "acknowledged", "ended: remote bye"]);
  });

  it("without ACK it goes 10 times, and then BYE (T1 doubling to T2, 64 * T1)", async () => {
    const pair = await createPair({ a: { without: ["ACK"] } });
    pair.call();
    const start = pair.clock.now();
    await finish(pair);
    const sent = pair.crossings
      .filter(
        ({ node, direction, message }) => node === "B" && direction === "out" && message?.kind === "response",
      )
      .filter(({ message }) => message && header(message, "CSeq") === "1 INVITE");
    expect(sent.map(({ at }) => at - start - 1)).toEqual([
      0, 500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500,
    ]);
    expect(pair.dialogue().slice(-2)).toEqual(["< BYE", "> 200"]);
    expect(pair.b.events.at(-1)).toBe("ended: local no ACK");
    expect(pair.a.events.at(-1)).toBe("ended: remote bye");
  });

  it("the callee's BYE waits for the ACK (15)", async () => {
    const pair = await createPair({
      net: { delay: 50 },
      answer: (incoming) => {
        incoming.accept();
        incoming.bye();
      },
    });
    pair.call();
    await finish(pair);
    expect(pair.dialogue()).toEqual(["> INVITE", "< 200", "> ACK", "< BYE", "> 200"]);
  });

  it("ACK by hand", async () => {
    const pair = await createPair({ a: { without: ["ACK"] } });
    const call = pair.call();
    await pair.pass(100);
    call.session().acknowledge({ headers: [["P-Late", "yes"]] });
    await pair.pass(1000);
    expect(pair.dialogue()).toEqual(["> INVITE", "< 200", "> ACK"]);
    expect(pair.b.events.at(-1)).toBe("acknowledged");
  });
});

describe("re-INVITE and UPDATE", () => {
  it.each(["INVITE", "UPDATE"] as const)("%s changes the session on both sides", async (method) => {
    const { pair, call } = await established();
    const offer = { body: sdp("a", 9) };
    if (method === "INVITE") call.session().reinvite(offer);
    else call.session().update(offer);
    await pair.pass(1000);
    expect(pair.dialogue().slice(3)).toEqual(
      method === "INVITE" ? ["> INVITE", "< 200", "> ACK"] : ["> UPDATE", "< 200"],
    );
    expect(pair.a.events.slice(-2)).toEqual(["agreed", `modified: local ${method}`]);
    expect(pair.b.events).toContain(`modified: remote ${method}`);
    expect(said(call.session().local)).toEqual(said(sdp("a", 9)));
    expect(said(pair.b.incoming[0]?.remote)).toEqual(said(sdp("a", 9)));
    expect(said(pair.b.incoming[0]?.local)).toEqual(said(call.session().remote));
  });

  it("refused with 488 leaves everything as it was", async () => {
    const { pair, call } = await established();
    pair.b.incoming[0]!.onOffer = () => ({ status: 488, headers: [["Warning", '304 b "no"']] });
    const outcomes: string[] = [];
    call.session().reinvite({ body: sdp("a", 9), onDone: ({ outcome }) => outcomes.push(outcome) });
    await pair.pass(1000);
    expect(outcomes).toEqual(["rejected"]);
    expect(said(call.session().local)).toEqual(said(sdp("a")));
    expect(said(pair.b.incoming[0]?.remote)).toEqual(said(sdp("a")));
    call.session().reinvite({ body: sdp("a", 10) });
    await pair.pass(1000);
    expect(pair.a.events.slice(-2)).toEqual(["refused: INVITE 488", "refused: INVITE 488"]);
  });

  it("glare: both get 491, and both try again, the owner of the Call-ID later (14.1)", async () => {
    const { pair, call } = await established({ net: { delay: 20 } });
    call.session().reinvite({ body: sdp("a", 9) });
    pair.b.incoming[0]?.reinvite({ body: sdp("b", 9) });
    await pair.pass(10_000);
    const lines = pair.dialogue().slice(3);
    expect(lines.filter((line) => line.endsWith("491"))).toEqual(["> 491", "< 491"]);
    expect(lines.slice(-6)).toEqual(["< INVITE", "> 200", "< ACK", "> INVITE", "< 200", "> ACK"]);
    expect(said(call.session().local)).toEqual(said(sdp("a", 9)));
    expect(said(pair.b.incoming[0]?.remote)).toEqual(said(sdp("a", 9)));
    expect(pair.mistakes).toEqual([]);
  });

  it("glare of UPDATE with offer", async () => {
    const { pair, call } = await established({ net: { delay: 20 } });
    call.session().update({ body: sdp("a", 9) });
    pair.b.incoming[0]?.update({ body: sdp("b", 9) });
    await pair.pass(10_000);
    const lines = pair.dialogue().slice(3);
    expect(lines.filter((line) => line.endsWith("491"))).toEqual(["> 491", "< 491"]);
    expect(lines.slice(-4)).toEqual(["< UPDATE", "> 200", "> UPDATE", "< 200"]);
  });

  it("a second re-INVITE while the first is not answered gets 500 with Retry-After (14.2)", async () => {
    const { pair, call } = await established();
    pair.b.incoming[0]!.onOffer = () => "later";
    const session = call.session();
    session.reinvite({ body: sdp("a", 9) });
    await pair.pass(10);
    session.reinvite({ body: sdp("a", 10), force: true });
    await pair.pass(10);
    const refused = pair.crossings.find(
      ({ message }) => message?.kind === "response" && message.status === 500,
    );
    expect(Number(refused?.message && header(refused.message, "Retry-After"))).toBeLessThanOrEqual(10);
  });

  it("one's own second re-INVITE waits for the end of the first", async () => {
    const lines = await afterwards({}, (_, call) => {
      call.session().reinvite({ body: sdp("a", 9) });
      call.session().reinvite({ body: sdp("a", 10) });
    });
    expect(lines).toEqual(["> INVITE", "< 200", "> ACK", "> INVITE", "< 200", "> ACK"]);
  });

  it("BYE against re-INVITE: 487 to the one, 200 to the other (15.1.2)", async () => {
    const { pair, call } = await established();
    pair.b.incoming[0]!.onOffer = () => "later";
    call.session().reinvite({ body: sdp("a", 9) });
    await pair.pass(100);
    call.session().bye();
    await finish(pair);
    expect(pair.dialogue().slice(3)).toEqual(["> INVITE", "> BYE", "< 200", "< 487", "> ACK"]);
  });

  it("BYE crosses a re-INVITE", async () => {
    const { pair, call } = await established({ net: { delay: 50 } });
    call.session().reinvite({ body: sdp("a", 9) });
    pair.b.incoming[0]?.bye();
    await finish(pair);
    expect(pair.dialogue().slice(3)).toEqual(["> INVITE", "< BYE", "> 200", "< 481", "> ACK"]);
    expect(pair.a.events.filter((line) => line.startsWith("ended"))).toEqual(["ended: remote bye"]);
  });

  it("BYE crosses BYE: both are answered with 200", async () => {
    const { pair, call } = await established({ net: { delay: 50 } });
    call.session().bye();
    pair.b.incoming[0]?.bye();
    await finish(pair);
    expect(pair.dialogue().slice(3)).toEqual(["> BYE", "< BYE", "> 200", "< 200"]);
  });

  it("481 to a re-INVITE ends the session with BYE (12.2.1.2)", async () => {
    const { pair, call } = await established();
    call.session().handle.replace({ ...call.session().dialog, remote: "<sip:b@example.org>;tag=other" });
    call.session().reinvite({ body: sdp("a", 9) });
    await pair.pass(1000);
    expect(pair.dialogue().slice(3)).toEqual(["> INVITE", "< 481", "> ACK", "> BYE", "< 481"]);
    expect(pair.a.events.at(-1)).toBe("ended: remote failed");
  });

  it("a re-INVITE may be answered later, or cancelled before", async () => {
    const { pair, call } = await established();
    pair.b.incoming[0]!.onOffer = () => "later";
    const outcomes: string[] = [];
    const onDone = ({ outcome, response }: ModificationOutcome): void =>
      void outcomes.push(`${outcome} ${response?.status}`);
    pair.b.incoming[0]!.on((event) => {
      if (event.type !== "offered") return;
      event.modification.progress();
      pair.clock.callAt(pair.clock.now() + 500, () => event.modification.accept({ body: sdp("b", 7) }));
    });
    call.session().reinvite({ body: sdp("a", 9), onDone });
    await pair.pass(2000);
    const cancelled = call.session().reinvite({ body: sdp("a", 10), onDone });
    const waiting = call.session().reinvite({ body: sdp("a", 11), onDone });
    await pair.pass(100);
    expect([cancelled.state, waiting.state]).toEqual(["sent", "waiting"]);
    waiting.cancel();
    cancelled.cancel();
    await pair.pass(2000);
    expect(outcomes).toEqual(["accepted 200", "dropped undefined", "rejected 487"]);
    expect([cancelled.state, waiting.state]).toEqual(["done", "done"]);
    expect(pair.dialogue().slice(-5)).toEqual(["< 183", "> CANCEL", "< 200", "< 487", "> ACK"]);
    expect(said(call.session().local)).toEqual(said(sdp("a", 9)));
    expect(said(pair.b.incoming[0]?.remote)).toEqual(said(sdp("a", 9)));
    expect(said(call.session().remote)).toEqual(said(sdp("b", 7)));
    expect(call.session().phase).toBe("confirmed");
  });

  it("an INVITE whose offer is refused is refused", async () => {
    const pair = await createPair({ b: { onOffer: () => ({ status: 488 }) } });
    const call = pair.call();
    await finish(pair);
    expect(call.events).toEqual(["rejected 488"]);
  });

  it("the target moves, and the ACK follows (12.2.1.2)", async () => {
    const { pair, call } = await established();
    pair.b.incoming[0]!.contact = "<sip:moved@b>;isfocus";
    call.session().reinvite({ body: sdp("a", 9), headers: [["Contact", "<sip:gone@a>"]] });
    await pair.pass(1000);
    expect(call.session().dialog.remoteTarget).toBe("sip:moved@b");
    expect(pair.b.incoming[0]?.dialog.remoteTarget).toBe("sip:gone@a");
    const ack = pair.crossings.findLast(
      ({ message }) => message?.kind === "request" && message.method === "ACK",
    );
    expect(ack?.message?.kind === "request" && ack.message.uri).toBe("sip:moved@b");
  });
});
