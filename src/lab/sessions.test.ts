/** Session mode through the lab's eyes: taps, attribution by the SDP of the scenario, and the view that checks read. Both ends are driven by hand. */
import { beforeEach, describe, expect, it } from "vitest";
import { createMsrpEndpoint, type MsrpEndpoint } from "../endpoint/msrp/msrp-endpoint.ts";
import { answerSessions, offerSessions, takeAnswer } from "../endpoint/msrp/negotiation.ts";
import type { MsrpSession } from "../endpoint/msrp/msrp-session.ts";
import { createEventAgent } from "../endpoint/events/event-agent.ts";
import { createWorld, tcp, udp, type World } from "../endpoint/testdata.ts";
import type { InviteSession as Call } from "../endpoint/user-agent/session-events.ts";
import { createUserAgent, type UserAgent } from "../endpoint/user-agent/user-agent.ts";
import { identitiesIn } from "../peer/core/identities-in.ts";
import { createRecorder, type Recorder } from "../trace/recorder.ts";
import { ladderOf } from "../trace/ladder.ts";
import { readScenarioTrace } from "../trace/scenario-trace-reader.ts";
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { isUnreadable } from "../trace/session/readable.ts";
import { sutFile } from "../trace/testdata/events.ts";
import { buildCpim } from "../wire/cpim/build.ts";
import { cpimHeader } from "../wire/cpim/cpim.ts";
import { parseSdp } from "../wire/sdp/parse.ts";
import { serializeSdp } from "../wire/sdp/serialize.ts";
import { sdpBody } from "../wire/sip/session-description.ts";
import { writeConferenceInfo } from "../wire/xml/conference-info.ts";
import { AddressBook } from "./address-book.ts";
import { Attribution } from "./attribution.ts";
import { CrossingRecorder } from "./crossing-recorder.ts";
import { Live } from "./live.ts";

const SUT = { name: "server", isSut: true } as const;
const TERMS = { acceptTypes: ["message/cpim", "text/plain"], maxSize: 1_000_000 };

interface Stage {
  readonly world: World;
  readonly recorder: Recorder;
  readonly live: Live;
  readonly alice: { readonly agent: UserAgent; readonly msrp: MsrpEndpoint };
  readonly server: { readonly agent: UserAgent; readonly msrp: MsrpEndpoint };
  /** Sessions of the server under test, and of Alice. */
  readonly media: { near?: MsrpSession; far?: MsrpSession };
  readonly events: ReturnType<typeof createEventAgent>;
  readonly watcher: ReturnType<typeof createEventAgent>;
  call: Call | undefined;
}

let stage: Stage;

async function createStage(): Promise<Stage> {
  const world = createWorld();
  const recorder = createRecorder({ clock: world.clock });
  const attribution = new Attribution(identitiesIn);
  attribution.claim("sip:alice@home.test", "s1");
  const book = new AddressBook(sutFile);
  for (const hop of [udp("server"), tcp("server")]) book.enter(hop, SUT);
  const live = new Live();
  const crossings = new CrossingRecorder({
    recorder,
    attribution,
    book,
    liveOf: () => live,
    open: () => ["s1", "s2"],
    sutOf: () => SUT,
    xcapClientOf: () => SUT,
    onCrossing: () => undefined,
  });
  recorder.record({
    type: "scenario-opened",
    scenario: "s1",
    name: "a session",
    feature: "Sessions",
    location: "features/x.feature:1",
    tags: [],
    purpose: [],
    sut: "server",
    configurationSet: "default",
    lane: 0,
  });
  const near = await world.endpoint("alice", "alice", { tap: crossings.tap("client") });
  const far = await world.endpoint("server", "server");
  const common = { network: world.network, clock: world.clock, ids: world.ids };
  const msrp = (name: string, tapped: boolean): Promise<MsrpEndpoint> =>
    createMsrpEndpoint({
      ...common,
      name,
      listen: [tcp(name, 0)],
      ...(tapped ? { tap: crossings.msrpTap("client") } : {}),
    });
  const [nearAgent, farAgent] = [near, far].map((endpoint, index) =>
    createUserAgent({
      endpoint,
      clock: world.clock,
      ids: world.ids,
      contact: `<sip:${index === 0 ? "alice" : "server"}>`,
    }),
  );
  if (nearAgent === undefined || farAgent === undefined) throw new Error("two agents are made");
  const [watcher, events] = [
    createEventAgent({
      endpoint: near,
      clock: world.clock,
      ids: world.ids,
      contact: "<sip:alice>",
      dialogs: nearAgent.dialogs,
    }),
    createEventAgent({
      endpoint: far,
      clock: world.clock,
      ids: world.ids,
      contact: "<sip:server>",
      dialogs: farAgent.dialogs,
    }),
  ];
  near.onRequest((incoming) => {
    if (!nearAgent.receive(incoming) && !watcher.receiveOutside(incoming)) nearAgent.refuse(incoming);
  });
  far.onRequest((incoming) => {
    if (!farAgent.receive(incoming) && !events.receiveOutside(incoming)) farAgent.refuse(incoming);
  });
  return {
    world,
    recorder,
    live,
    alice: { agent: nearAgent, msrp: await msrp("alice", true) },
    server: { agent: farAgent, msrp: await msrp("server", false) },
    media: {},
    events,
    watcher,
    call: undefined,
  };
}

/** Alice calls the server; both have an MSRP session when it is accepted. */
async function establish(): Promise<void> {
  const { world, alice, server, media } = stage;
  server.agent.onInvite((incoming) => {
    incoming.onOffer = ({ offer }) => {
      const session = server.msrp.session(TERMS);
      media.far = session;
      const answer = answerSessions(parseSdp(offer?.bytes ?? new Uint8Array()), { sessionId: "2" }, () => ({
        session,
        terms: TERMS,
      }));
      answer.start();
      return { body: sdpBody(serializeSdp(answer.description)) };
    };
    incoming.accept();
  });
  const session = alice.msrp.session(TERMS);
  media.near = session;
  const offer = offerSessions([{ session, terms: TERMS }], { sessionId: "1" });
  alice.agent.invite({
    to: udp("server"),
    uri: "sip:factory@home.test",
    from: "<sip:alice@home.test>",
    body: sdpBody(serializeSdp(offer)),
    on: (event) => {
      if (event.type !== "accepted") return;
      stage.call = event.session;
      const answer = event.session.remote;
      if (answer !== undefined) takeAnswer(session, offer, parseSdp(answer.bytes));
    },
  });
  await world.run(() => media.near?.state === "bound" && media.far?.state === "bound");
}

const cpim = (text: string): Uint8Array =>
  buildCpim({
    headers: [
      ["From", "<sip:alice@home.test>"],
      ["To", "<sip:conference@home.test>"],
    ],
    contentType: "text/plain",
    body: text,
  });

function trace(): ScenarioTrace {
  stage.recorder.record({ type: "scenario-closed", scenario: "s1", how: "complete" });
  return readScenarioTrace(stage.recorder.scenarioEvents("s1"), sutFile);
}

beforeEach(async () => {
  stage = await createStage();
});

describe("a session of Alice with the server under test", () => {
  beforeEach(establish);

  it("has its MSRP under the dialog that made it", async () => {
    const { world, media } = stage;
    media.far?.onMessage(() => undefined);
    media.near?.onMessage(() => undefined);
    const own = media.near?.send(cpim("hello token-1"), { contentType: "message/cpim", successReport: true });
    const theirs = media.far?.send(cpim("answer token-2"), { contentType: "message/cpim" });
    await world.run(() => own?.outcome !== undefined && theirs?.outcome !== undefined);
    stage.call?.bye();
    await world.run();
    const { sessionMode } = trace();
    const [session, ...others] = sessionMode.invites;
    expect(others).toEqual([]);
    expect(session?.accepted?.message.status).toBe(200);
    expect(session?.requests.map(({ method }) => method)).toEqual(["ACK", "BYE"]);
    expect(session?.bye?.method).toBe("BYE");
    const [agreement] = session?.agreements ?? [];
    expect([agreement?.offeredBy, agreement?.offer.media.length, agreement?.answer?.media.length]).toEqual([
      "requester",
      1,
      1,
    ]);
    expect(sessionMode.media.map(({ sessions }) => sessions[0])).toEqual([session]);
    const messages = session === undefined ? [] : sessionMode.messagesIn(session);
    const texts = messages.map(({ way, cpim: read, isEmpty, status, reports }) => {
      const found = read === undefined || isUnreadable(read) ? undefined : read;
      const said = found === undefined ? "" : Buffer.from(found.body).toString();
      const from = found === undefined ? "" : cpimHeader(found, "From")?.value;
      return [way, isEmpty, said, from, status, reports.map((report) => report.status)];
    });
    expect(texts).toHaveLength(3);
    expect(texts).toContainEqual(["to-sut", true, "", "", 200, []]);
    expect(texts).toContainEqual(["to-sut", false, "hello token-1", "<sip:alice@home.test>", 200, [200]]);
    expect(texts).toContainEqual(["from-sut", false, "answer token-2", "<sip:alice@home.test>", 200, []]);
    expect(sessionMode.msrp.every(({ peerIsSut, peer }) => peerIsSut && peer === "server")).toBe(true);
  });

  it("is waited for by the beginning of its messages", async () => {
    const { world, media, live } = stage;
    media.near?.onMessage(() => undefined);
    media.far?.send(cpim("token-3 " + "x".repeat(50_000)), { contentType: "message/cpim" });
    const arrived = (): boolean =>
      live.media
        .receivedBy({ node: "alice", played: "scrim" }, 0)
        .some(({ begun, complete, status }) => begun.includes("token-3") && complete && status === 200);
    await world.run(arrived);
    expect(arrived()).toBe(true);
    expect(live.media.sentBy({ node: "server", played: "sut" }, 0)).toHaveLength(1);
  });

  it("has a message that is too large for the record by its ends", async () => {
    const { world, media } = stage;
    media.near?.onMessage(() => undefined);
    const sending = media.far?.send(Buffer.alloc(300_000, "y"), { contentType: "text/plain" });
    await world.run(() => sending?.outcome !== undefined);
    const { messages } = trace().sessionMode;
    const large = messages.find(({ way }) => way === "from-sut");
    expect([large?.flag, large?.contentType, large?.body, large?.status]).toEqual([
      "$",
      "text/plain",
      undefined,
      200,
    ]);
    expect(large?.chunks.reduce((sum, { request }) => sum + request.bodyBytes, 0)).toBe(300_000);
  });

  it("has garbage on its connection told as malformed, in the scenario of the connection", async () => {
    const { world, media } = stage;
    media.far?.sendBytes(Buffer.from("MSRP abcd SEND\r\nTo-Path: nowhere\r\n\u0000\u0001-------abcd$\r\n"));
    media.far?.sendBytes(Buffer.from("this is not MSRP\r\n\r\n"));
    await world.run();
    const { sessionMode, complete } = trace();
    expect(complete).toBe(true);
    expect(sessionMode.malformedMsrp.length).toBeGreaterThan(0);
    expect(sessionMode.malformedMsrp.every(({ peer, peerIsSut }) => peer === "server" && peerIsSut)).toBe(
      true,
    );
  });

  it("stands in the ladder, MSRP named with the dialog that it belongs to", async () => {
    const { world, media } = stage;
    media.far?.onMessage(() => undefined);
    const sending = media.near?.send(cpim("hello"), { contentType: "message/cpim" });
    await world.run(() => sending?.outcome !== undefined);
    const { arrows } = ladderOf(trace());
    const [invite] = arrows.filter(({ label }) => label === "INVITE");
    const sends = arrows.filter(({ label }) => label === "SEND");
    expect(sends).toHaveLength(2);
    expect(invite?.dialog).toBeDefined();
    expect(new Set(arrows.map(({ dialog }) => dialog))).toEqual(new Set([invite?.dialog]));
    expect(sends.map(({ session }) => session)).toEqual([1, 1]);
  });
});

describe("a subscription to the participants", () => {
  it("has its documents absorbed, and a REFER its progress", async () => {
    const { world, events, watcher } = stage;
    const document = (version: number, full: boolean, users: readonly string[]): Uint8Array =>
      writeConferenceInfo({
        entity: "sip:conference@home.test",
        state: full ? "full" : "partial",
        version,
        users: {
          state: full ? "full" : "partial",
          list: users.map((entity) => ({ entity, state: "full", endpoints: [] })),
        },
      });
    let version = 0;
    events.serve({
      name: "conference",
      contentTypes: ["application/conference-info+xml"],
      admit: () => ({ admit: "active" }),
      content: (_subscription, cause) => {
        version += 1;
        const bytes =
          cause === "subscribed"
            ? document(version, true, ["sip:alice@home.test"])
            : document(version, false, ["sip:bob@home.test"]);
        return { body: { contentType: "application/conference-info+xml", bytes } };
      },
    });
    watcher.subscribe({
      to: udp("server"),
      uri: "sip:conference@home.test",
      from: "<sip:alice@home.test>",
      event: "conference",
      expiresS: 600,
      on: { onNotify: () => undefined },
    });
    await world.run(() => version === 1, world.clock.now() + 1000);
    await world.run(() => false, world.clock.now() + 100);
    for (const each of events.notifier.subscriptions("conference")) each.changed();
    await world.run(() => version === 2, world.clock.now() + 10_000);
    await world.run(() => false, world.clock.now() + 100);
    events.onRefer((refer) => refer.accept()?.tell(200, "OK"));
    watcher.refer({
      to: udp("server"),
      uri: "sip:conference@home.test",
      from: "<sip:alice@home.test>",
      referTo: "sip:carol@home.test",
    });
    await world.run(() => false, world.clock.now() + 2000);
    const { subscriptions } = trace().sessionMode;
    const told = subscriptions.map(({ event, opened, notifications }) => ({
      event,
      by: opened.method,
      told: notifications.map(({ state, absorption, known, frag }) => [
        state?.state,
        absorption,
        known === undefined ? [] : [...known.users.keys()],
        frag === undefined || isUnreadable(frag) || frag.start?.kind !== "response"
          ? undefined
          : frag.start.status,
      ]),
    }));
    expect(told).toEqual([
      {
        event: "conference",
        by: "SUBSCRIBE",
        told: [
          ["active", "taken", ["sip:alice@home.test"], undefined],
          ["active", "taken", ["sip:alice@home.test", "sip:bob@home.test"], undefined],
        ],
      },
      {
        event: "refer",
        by: "REFER",
        told: expect.arrayContaining([["terminated", undefined, [], 200]]),
      },
    ]);
  });
});
