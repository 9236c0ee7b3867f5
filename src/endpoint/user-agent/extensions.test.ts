/** 100rel, session timers, Replaces, forks, and what is refused at once, between two user agents. */
import type { HeaderPair } from "../../wire/sip/build.ts";
import { describe, expect, it } from "vitest";
import type { SipMessage } from "../../wire/sip/message.ts";
import { sipResponse } from "../../wire/sip/build.ts";
import { header, toOf } from "../../wire/sip/headers.ts";
import { parseSip } from "../../wire/sip/parse.ts";
import { serializeSip } from "../../wire/sip/serialize.ts";
import { udp } from "../testdata.ts";
import { createPair, type Pair, said, sdp } from "./testdata.ts";
import type { IncomingInvite } from "./session-events.ts";

/** Header fields of what A and B sent, by method or status. */
function sent(pair: Pair, what: string | number, name: string, node?: string): (string | undefined)[] {
  return pair.crossings
    .filter((crossing) => crossing.direction === "out" && (node === undefined || crossing.node === node))
    .flatMap(({ message }) =>
      message === undefined || wordOf(message) !== what ? [] : [header(message, name)],
    );
}

const wordOf = (message: SipMessage): string | number =>
  message.kind === "request" ? message.method : message.status;

const after = (pair: Pair, ms: number, act: () => void): void =>
  void pair.clock.callAt(pair.clock.now() + ms, act);

describe("reliable provisional responses (RFC 3262)", () => {
  it("are acknowledged, one after the other", async () => {
    const pair = await createPair({
      answer: (incoming) => {
        incoming.ring({ status: 183, reliable: true });
        incoming.ring({ status: 180, reliable: true });
        after(pair, 1000, () => incoming.accept());
      },
    });
    pair.call();
    await pair.pass(2000);
    expect(pair.dialogue()).toEqual([
      "> INVITE",
      "< 183",
      "> PRACK",
      "< 200",
      "< 180",
      "> PRACK",
      "< 200",
      "< 200",
      "> ACK",
    ]);
    const numbers = [...sent(pair, 183, "RSeq"), ...sent(pair, 180, "RSeq")].map(Number);
    expect(numbers[1]).toBe((numbers[0] ?? 0) + 1);
    expect(sent(pair, "PRACK", "RAck")).toEqual(numbers.map((number) => `${number} 1 INVITE`));
    expect(sent(pair, 183, "Require")).toEqual(["100rel"]);
    expect(pair.a.events.slice(0, 2)).toEqual(["183 reliable", "180 reliable"]);
    expect(pair.mistakes).toEqual([]);
  });

  it("answer the offer early; the 2xx waits for PRACK and says nothing new; UPDATE may change it meanwhile", async () => {
    const pair = await createPair({
      answer: (incoming) => {
        incoming.ring({ status: 183, reliable: true, body: sdp("b", 5) });
        after(pair, 1000, () => incoming.accept());
      },
    });
    const call = pair.call();
    await pair.pass(500);
    expect(said(call.session().remote)).toBe(said(sdp("b", 5)));
    call.session().update({ body: sdp("a", 6) });
    await pair.pass(100);
    pair.b.incoming[0]?.update({ body: sdp("b", 7) });
    await pair.pass(2000);
    expect(pair.dialogue()).toEqual([
      "> INVITE",
      "< 183",
      "> PRACK",
      "< 200",
      "> UPDATE",
      "< 200",
      "< UPDATE",
      "> 200",
      "< 200",
      "> ACK",
    ]);
    expect(said(call.session().remote)).toBe(said(sdp("b", 7)));
    expect(said(pair.b.incoming[0]?.local)).toBe(said(sdp("b", 7)));
    expect(said(pair.b.incoming[0]?.remote)).toBe(said(call.session().local));
    expect(pair.a.events.filter((line) => line.startsWith("irregular"))).toEqual([]);
  });

  it("offer, and PRACK answers, where the INVITE did not offer", async () => {
    const pair = await createPair({
      answer: (incoming) => {
        incoming.ring({ reliable: true, body: sdp("b", 5) });
        incoming.accept();
      },
    });
    const { a, b } = pair;
    const invite = a.agent.invite({ to: b.hop, uri: "sip:b@example.org", from: "<sip:a@example.org>" });
    await pair.pass(2000);
    expect(pair.dialogue()).toEqual(["> INVITE", "< 180", "> PRACK", "< 200", "< 200", "> ACK"]);
    expect(said(invite.sessions[0]?.local)).toContain("o=a");
    expect(said(b.incoming[0]?.remote)).toBe(said(invite.sessions[0]?.local));
  });

  it("an offer in PRACK is answered in its 2xx (5)", async () => {
    const pair = await createPair({
      a: { without: ["PRACK"] },
      answer: (incoming) => incoming.ring({ status: 183, reliable: true, body: sdp("b", 5) }),
    });
    const call = pair.call({
      on: (event) => {
        if (event.type === "provisional" && event.reliable)
          event.session?.prack(event.response, { body: sdp("a", 8) });
      },
    });
    await pair.pass(1000);
    expect(said(call.session().local)).toBe(said(sdp("a", 8)));
    expect(said(pair.b.incoming[0]?.remote)).toBe(said(sdp("a", 8)));
    expect(said(pair.b.incoming[0]?.local)).toBe(said(call.session().remote));
  });

  it("without PRACK the INVITE gets 504 after 64 * T1", async () => {
    const pair = await createPair({
      a: { without: ["PRACK"] },
      answer: (incoming) => incoming.ring({ reliable: true }),
    });
    const call = pair.call();
    await pair.run();
    expect(call.events).toEqual(["180 reliable", "rejected 504"]);
    expect(pair.b.events).toEqual(["ended: local no PRACK"]);
    expect(pair.dialogue().filter((line) => line === "< 180 (again)").length).toBe(6);
  });

  it("go unreliably to whoever does not know them, and reliably to whoever insists", async () => {
    const ring = (incoming: IncomingInvite): void => incoming.ring({ reliable: true });
    const old = await createPair({ a: { supported: ["timer"] }, answer: ring });
    const call = old.call();
    await old.pass(100);
    expect(call.events).toEqual(["180"]);
    const strict = await createPair({ answer: (incoming) => incoming.ring() });
    const insisting = strict.call({ headers: [["Require", "100rel"]] });
    await strict.pass(100);
    expect(insisting.events).toEqual(["180 reliable"]);
  });

  it("a PRACK that fits nothing gets 481", async () => {
    const pair = await createPair({
      a: { edit: (message, occasion) => (occasion === "PRACK" ? renumbered(message) : message) },
      answer: (incoming) => incoming.ring({ reliable: true }),
    });
    pair.call();
    await pair.pass(100);
    expect(pair.dialogue()).toEqual(["> INVITE", "< 180", "> PRACK", "< 481"]);
  });
});

function renumbered<M extends SipMessage>(message: M): M {
  return {
    ...message,
    headers: message.headers.map((field) =>
      field.name === "RAck" ? { ...field, value: "1 1 INVITE" } : field,
    ),
  };
}

describe("session timers (RFC 4028)", () => {
  const timer = { interval: 90 };

  it("the caller refreshes with UPDATE at half the interval", async () => {
    const pair = await createPair({ a: { sessionTimer: timer } });
    const call = pair.call();
    const start = pair.clock.now();
    await pair.pass(200_000);
    expect(sent(pair, "INVITE", "Session-Expires")).toEqual(["90"]);
    expect(sent(pair, "UPDATE", "Session-Expires")).toEqual(
      Array.from({ length: 4 }, () => "90;refresher=uac"),
    );
    const refreshed = pair.crossings.filter(
      ({ node, message }) => node === "B" && message?.kind === "request" && message.method === "UPDATE",
    );
    expect(refreshed.map(({ at }) => Math.round((at - start) / 1000))).toEqual([45, 90, 135, 180]);
    expect(call.session().timer).toEqual({ interval: 90, refresher: "local" });
    expect(pair.b.incoming[0]?.timer).toEqual({ interval: 90, refresher: "remote" });
  });

  it("with re-INVITE where the peer does not know UPDATE; the offer is as it was", async () => {
    const pair = await createPair({ a: { sessionTimer: timer }, b: { allow: ["INVITE", "ACK", "BYE"] } });
    const call = pair.call();
    await pair.pass(50_000);
    expect(pair.dialogue().slice(3)).toEqual(["> INVITE", "< 200", "> ACK"]);
    expect(said(call.session().local)).toBe(said(sdp("a")));
  });

  it("the callee refreshes when it is to", async () => {
    const pair = await createPair({ a: { sessionTimer: { interval: 90, refresher: "uas" } } });
    pair.call();
    await pair.pass(50_000);
    expect(pair.dialogue().slice(3)).toEqual(["< UPDATE", "> 200"]);
    expect(sent(pair, 200, "Require")).toEqual(["timer", "timer"]);
  });

  it("nobody refreshes: BYE of the other end 30 s before the end", async () => {
    const pair = await createPair({ a: { sessionTimer: timer, without: ["refresh"] } });
    pair.call();
    const start = pair.clock.now();
    await pair.run();
    expect(pair.dialogue().slice(3)).toEqual(["< BYE", "> 200"]);
    expect(pair.b.events.at(-1)).toBe("ended: local expired");
    expect(Math.round((pair.crossings.at(-1)!.at - start) / 1000)).toBe(60);
  });

  it("nobody hangs up either: the refresher does, at the end", async () => {
    const pair = await createPair({
      a: { sessionTimer: timer, without: ["refresh"] },
      b: { without: ["expiry"] },
    });
    pair.call();
    const start = pair.clock.now();
    await pair.run();
    expect(pair.a.events.at(-1)).toBe("ended: local expired");
    expect(Math.round((pair.crossings.at(-1)!.at - start) / 1000)).toBe(90);
  });

  it("422 is answered with a longer interval (7.3, 7.4)", async () => {
    const pair = await createPair({ a: { sessionTimer: timer }, b: { sessionTimer: { minSe: 300 } } });
    const call = pair.call();
    await pair.pass(1000);
    expect(pair.dialogue()).toEqual(["> INVITE", "< 422", "> ACK", "> INVITE", "< 200", "> ACK"]);
    expect(sent(pair, "INVITE", "Session-Expires")).toEqual(["90", "300"]);
    expect(sent(pair, "INVITE", "Min-SE")).toEqual([undefined, "300"]);
    expect(sent(pair, "INVITE", "CSeq")).toEqual(["1 INVITE", "2 INVITE"]);
    expect(new Set(sent(pair, "INVITE", "Call-ID")).size).toBe(1);
    expect(call.session().timer).toEqual({ interval: 300, refresher: "local" });
  });

  it("422 within a dialog too", async () => {
    const pair = await createPair();
    const call = pair.call();
    await pair.pass(1000);
    call.session().refresh({ headers: [["Session-Expires", "60"]] });
    await pair.pass(1000);
    // The field was written by hand, and it is again: the peer refuses until the user agent gives up.
    expect(pair.dialogue().filter((line) => line === "< 422").length).toBe(5);
    expect(call.session().phase).toBe("confirmed");
  });

  it("a peer that does not know timers: the caller goes on alone", async () => {
    const pair = await createPair({ a: { sessionTimer: timer }, b: { supported: [] } });
    const call = pair.call();
    await pair.pass(50_000);
    expect(call.session().timer).toEqual({ interval: 90, refresher: "local" });
    expect(pair.dialogue().slice(3)).toEqual(["> UPDATE", "< 200"]);
    expect(pair.b.incoming[0]?.timer).toBeUndefined();
  });

  it("a refresh without an answer ends the session", async () => {
    const pair = await createPair({ a: { sessionTimer: timer } });
    pair.call();
    await pair.pass(1000);
    await pair.b.endpoint.close();
    await pair.run();
    expect(pair.a.events.at(-1)).toBe("ended: local failed");
  });
});

describe("Replaces (RFC 3891)", () => {
  const replacing = (
    call: { session(): { dialog: { callId: string; localTag: string; remoteTag: string } } },
    earlyOnly = false,
  ) => {
    const { callId, localTag, remoteTag } = call.session().dialog;
    // As the other end, which is to replace it, sees the dialog.
    return { callId, toTag: remoteTag, fromTag: localTag, earlyOnly };
  };

  it("a confirmed dialog gets BYE once the new one is accepted", async () => {
    const pair = await createPair();
    const call = pair.call();
    await pair.pass(100);
    const second = pair.call({ replaces: replacing(call) });
    await pair.pass(1000);
    expect(second.events).toEqual(["accepted 200"]);
    expect(pair.b.incoming[1]?.replaces).toBe(pair.b.incoming[0]);
    expect(pair.b.events).toContain("replaced");
    expect(call.session().phase).toBe("ended");
    expect(pair.dialogue().slice(3)).toEqual(["> INVITE", "< 200", "> ACK", "< BYE", "> 200"]);
  });

  it("a call that the own end makes and that rings gets CANCEL", async () => {
    const pair = await createPair({ answer: (incoming) => incoming.ring() });
    const call = pair.call();
    await pair.pass(100);
    pair.a.agent.onInvite((incoming) => incoming.accept());
    const { callId, localTag, remoteTag } = call.session().dialog;
    const replaces = { callId, toTag: localTag, fromTag: remoteTag, earlyOnly: true };
    pair.b.agent.invite({ to: pair.a.hop, uri: "sip:a@a", from: "<sip:c@example.org>", replaces });
    await pair.pass(1000);
    expect(call.events).toEqual(["180", "cancelled"]);
    expect(pair.a.agent.sessions.length).toBe(1);
  });

  it.each<[string, (pair: Pair, call: ReturnType<Pair["call"]>) => Promise<unknown>, boolean, number]>([
    ["confirmed, early-only", () => Promise.resolve(), true, 486],
    [
      "ended a moment ago",
      (pair, call) => {
        call.session().bye();
        return pair.pass(100);
      },
      false,
      603,
    ],
    [
      "ended long ago",
      (pair, call) => {
        call.session().bye();
        return pair.pass(40_000);
      },
      false,
      481,
    ],
  ])("%s: %#", async (_, prepare, earlyOnly, status) => {
    const pair = await createPair();
    const call = pair.call();
    await pair.pass(100);
    await prepare(pair, call);
    const second = pair.call({ replaces: replacing(call, earlyOnly) });
    await pair.pass(1000);
    expect(second.events).toEqual([`rejected ${status}`]);
  });

  it("a call of the peer that rings cannot be replaced; nor can one by whoever may not", async () => {
    const pair = await createPair({ answer: (incoming) => incoming.ring() });
    const call = pair.call();
    await pair.pass(100);
    const second = pair.call({ replaces: replacing(call) });
    await pair.pass(100);
    expect(second.events).toEqual(["rejected 481"]);
    const closed = await createPair({ b: { mayReplace: () => false } });
    const first = closed.call();
    await closed.pass(100);
    const refused = closed.call({ replaces: replacing(first) });
    await closed.pass(100);
    expect(refused.events).toEqual(["rejected 403"]);
    expect(first.session().phase).toBe("confirmed");
  });

  it("in a request other than INVITE gets 400", async () => {
    const pair = await createPair();
    const call = pair.call();
    await pair.pass(100);
    const statuses: (number | undefined)[] = [];
    const headers: HeaderPair[] = [["Replaces", "x;to-tag=1;from-tag=2"]];
    call.session().update({
      headers,
      onDone: (outcome) => statuses.push("response" in outcome ? outcome.response?.status : undefined),
    });
    await pair.pass(1000);
    expect(statuses).toEqual([400]);
  });

  it("malformed gets 400", async () => {
    const pair = await createPair();
    const call = pair.call({ headers: [["Replaces", "nothing"]] });
    await pair.pass(100);
    expect(call.events).toEqual(["rejected 400"]);
  });
});

describe("Expires in INVITE (RFC 3261 13.2.1, 13.3.1)", () => {
  const headers: HeaderPair[] = [["Expires", "20"]];
  const ringing = { answer: (incoming: { ring(): void }) => incoming.ring() };

  it("the caller cancels what was not answered in time", async () => {
    const pair = await createPair({ ...ringing, b: { without: ["expiry"] } });
    const call = pair.call({ headers });
    await pair.pass(19_900);
    expect(call.events).toEqual(["180"]);
    await pair.pass(1000);
    expect(call.events).toEqual(["180", "cancelled"]);
    expect(pair.b.events).toEqual(["ended: remote cancelled"]);
  });

  it("the callee refuses with 487", async () => {
    const pair = await createPair({ ...ringing, a: { without: ["expiry"] } });
    const call = pair.call({ headers });
    await pair.pass(21_000);
    expect(call.events).toEqual(["180", "rejected 487"]);
    expect(pair.b.events).toEqual(["ended: local expired"]);
  });

  it("is nothing to a call that was answered, on either side", async () => {
    const pair = await createPair();
    const call = pair.call({ headers });
    await pair.pass(60_000);
    expect(call.events).toEqual(["accepted 200"]);
    expect([call.session().phase, pair.b.incoming[0]?.phase]).toEqual(["confirmed", "confirmed"]);
  });
});

describe("refused at once", () => {
  it("420 names what is not supported", async () => {
    const pair = await createPair({ b: { supported: ["timer"] } });
    const call = pair.call({ headers: [["Require", "100rel, timer, gruu"]] });
    await pair.pass(100);
    expect(call.events).toEqual(["rejected 420"]);
    expect(sent(pair, 420, "Unsupported")).toEqual(["100rel, gruu"]);
  });

  it("482 for an INVITE that came by another way (RFC 3261 8.2.2.2)", async () => {
    const pair = await createPair({ answer: (incoming) => incoming.ring() });
    const call = pair.call();
    await pair.pass(100);
    const bytes = Buffer.from(serializeSip(call.invite.request))
      .toString()
      .replace(/branch=\S+/, "branch=z9hG4bKother");
    pair.a.endpoint.sendBytes(Buffer.from(bytes), pair.b.hop);
    await pair.pass(100);
    expect(pair.dialogue()).toEqual(["> INVITE", "< 180", "> INVITE", "< 482"]);
  });

  it("another attempt with what the refusal asks for", async () => {
    let asked = 0;
    const pair = await createPair({
      answer: (incoming) => {
        asked += 1;
        if (header(incoming.invite, "Authorization") === undefined)
          incoming.reject(401, { headers: [["WWW-Authenticate", 'Digest realm="r", nonce="n"']] });
        else incoming.accept();
      },
    });
    const call = pair.call({
      retry: ({ status }) =>
        status === 401 ? [["Authorization", 'Digest username="a", realm="r"']] : undefined,
    });
    await pair.pass(1000);
    expect([asked, call.events]).toEqual([2, ["accepted 200"]]);
    // RFC 3261 13.2.2.4
    expect(sent(pair, "ACK", "Authorization", "A")).toEqual([undefined, 'Digest username="a", realm="r"']);
  });
});

describe("forks (RFC 3261 13.2.2.4)", () => {
  /** B answers with two tags, as two phones behind a proxy would. */
  async function forked(forks: "first" | "all"): Promise<{ pair: Pair; call: ReturnType<Pair["call"]> }> {
    const pair = await createPair();
    const proxy = await pair.endpoint("P", "p");
    proxy.onRequest((incoming) => {
      const { message } = incoming;
      if (message.method === "BYE") return incoming.respond(sipResponse(message, 200));
      if (message.method !== "INVITE") return;
      const respond = (status: number, toTag: string): void =>
        incoming.respond(
          sipResponse(message, status, undefined, { toTag, headers: [["Contact", `<sip:${toTag}@p>`]] }),
        );
      respond(180, "one");
      respond(180, "two");
      respond(180, "three");
      respond(200, "two");
      respond(200, "one");
    });
    const call = pair.call({ to: udp("p"), forks });
    await pair.pass(1000);
    return { pair, call };
  }

  it("the first 2xx makes the session, others are hung up, and who never answers is over in the end", async () => {
    const { pair, call } = await forked("first");
    expect(call.events).toEqual(["180", "180", "180", "accepted 200", "accepted 200"]);
    expect(call.invite.sessions.map(({ phase, dialog }) => [dialog.remoteTag, phase])).toEqual([
      ["one", "ended"],
      ["two", "confirmed"],
      ["three", "early"],
    ]);
    const byes = pair.crossings.flatMap(({ node, direction, message }) =>
      node === "A" && direction === "out" && message?.kind === "request" && message.method === "BYE"
        ? [toOf(message)?.tag]
        : [],
    );
    expect(byes).toEqual(["one"]);
    await pair.pass(40_000);
    expect(call.invite.sessions[2]?.phase).toBe("ended");
    expect(call.invite.sessions[1]?.phase).toBe("confirmed");
  });

  it("or all of them", async () => {
    const { call } = await forked("all");
    expect(call.invite.sessions.map(({ phase }) => phase)).toEqual(["confirmed", "confirmed", "early"]);
  });
});

describe("misbehaving on purpose", () => {
  it("every message can be changed or kept back", async () => {
    const occasions: string[] = [];
    const note = (message: SipMessage, occasion: string): void =>
      void occasions.push(`${wordOf(message)} ${occasion}`);
    const edit = <M extends SipMessage>(message: M, occasion: string): M | undefined => {
      note(message, occasion);
      return occasion === "BYE" ? undefined : message;
    };
    const pair = await createPair({
      a: { edit },
      b: { edit },
      answer: (incoming) => {
        incoming.ring({ reliable: true });
        incoming.accept({
          headers: [
            ["Contact", "<sip:focus@b>;isfocus"],
            ["P-Test", "yes"],
          ],
        });
      },
    });
    const call = pair.call({ headers: [["P-Asserted-Identity", "<sip:a@example.org>"]] });
    await pair.pass(1000);
    call.session().reinvite();
    await pair.pass(1000);
    call.session().bye();
    await pair.pass(1000);
    expect(occasions).toEqual([
      "INVITE INVITE",
      "180 reliable provisional",
      "200 2xx to INVITE",
      "PRACK PRACK",
      "ACK ACK",
      "200 2xx",
      "INVITE re-INVITE",
      "200 2xx to INVITE",
      "ACK ACK",
      "BYE BYE",
    ]);
    expect(sent(pair, 200, "Contact")[0]).toBe("<sip:focus@b>;isfocus");
    expect(sent(pair, "INVITE", "P-Asserted-Identity")[0]).toBe("<sip:a@example.org>");
    expect(pair.dialogue()).not.toContain("> BYE");
  });

  it("what is sent can be read", async () => {
    const pair = await createPair({ a: { sessionTimer: { interval: 90 } } });
    pair.call();
    await pair.pass(100_000);
    for (const { bytes } of pair.crossings) expect(() => parseSip(bytes)).not.toThrow();
  });
});
