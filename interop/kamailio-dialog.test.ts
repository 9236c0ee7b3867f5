/**
 * A session by way of Kamailio: its Record-Route, loose routing and branches against Scrim's dialogs, with Scrim and a server between on both
 * sides. Pager mode has no dialogs; what follows it has little else.
 */
import { describe, expect, onTestFinished, test } from "vitest";
import { createUserAgent, type UserAgent } from "../src/endpoint/user-agent/user-agent.ts";
import type { IncomingInvite, InviteSession } from "../src/endpoint/user-agent/session-events.ts";
import { coreConfig, profileOf } from "../src/lab/core-config.ts";
import type { Hop } from "../src/net/network.ts";
import { createExternalCore } from "../src/peer/core/external/external-core.ts";
import { hopOf } from "../src/peer/core/hops.ts";
import { withRoutes } from "../src/peer/core/route-set.ts";
import type { PooledUser, SutFile } from "../src/spec/sut-file.ts";
import { sipRequest } from "../src/wire/sip/build.ts";
import { prependHeader } from "../src/wire/sip/edit.ts";
import { digestCredentials, parseDigestChallenge } from "../src/wire/sip/digest.ts";
import { header, headerValues, toOf } from "../src/wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../src/wire/sip/message.ts";
import { sdpBody } from "../src/wire/sip/session-description.ts";
import { HOST, kamailioLab } from "./kamailio/lab.ts";
import { areMissing } from "./peers.ts";
import { openEndpoint, recordCrossings, surroundings, type Crossings, type ScrimSide } from "./scrim-side.ts";

const LIMIT_MS = 60_000;
const IM_TAG = "+g.oma.sip-im";

interface Phone {
  readonly side: ScrimSide;
  readonly agent: UserAgent;
  readonly events: string[];
  readonly serviceRoute: readonly string[];
  watch(session: InviteSession): void;
}

async function phoneOf(user: PooledUser, core: Hop): Promise<Phone> {
  const side = await openEndpoint(HOST);
  const { port } = side.hop("udp");
  const contact = `<sip:${HOST}:${port}>`;
  const agent = createUserAgent({
    ...surroundings,
    endpoint: side.endpoint,
    contact,
    onOffer: () => ({ body }),
  });
  onTestFinished(() => agent.close());
  side.endpoint.onRequest((incoming) => agent.receive(incoming) || agent.refuse(incoming));
  const registered = await register(side, user, contact, core);
  expect(registered.status).toBe(200);
  const events: string[] = [];
  return {
    side,
    agent,
    events,
    serviceRoute: headerValues(registered, "Service-Route"),
    watch: (session) => session.on(({ type }) => events.push(type)),
  };
}

const body = sdpBody("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n");

/** With the credentials that the challenge asks for. */
async function register(side: ScrimSide, user: PooledUser, contact: string, to: Hop): Promise<SipResponse> {
  const uri = `sip:${user.impu.split("@")[1]}`;
  const make = (cseq: number, credentials: readonly (readonly [string, string])[]): SipRequest =>
    sipRequest({
      method: "REGISTER",
      uri,
      headers: [
        ["From", `<${user.impu}>;tag=${cseq}`],
        ["To", `<${user.impu}>`],
        ["Call-ID", `register-${user.impi}`],
        ["CSeq", `${cseq} REGISTER`],
        ["Contact", `${contact};${IM_TAG}`],
        ["Expires", "600"],
        ...credentials,
      ],
    });
  const challenge = await ask(side, make(1, []), to);
  expect(challenge.status).toBe(401);
  const credentials = digestCredentials(parseDigestChallenge(header(challenge, "WWW-Authenticate") ?? ""), {
    username: user.impi,
    password: user.password ?? "",
    method: "REGISTER",
    uri,
    cnonce: "0a4f113b",
  });
  return ask(side, make(2, [["Authorization", credentials]]), to);
}

function ask({ endpoint }: ScrimSide, request: SipRequest, to: Hop): Promise<SipResponse> {
  return new Promise((resolve, reject) => {
    endpoint.send(request, {
      to,
      onResponse: (response) => response.status >= 200 && resolve(response),
      onFailure: (reason) => reject(new Error(reason)),
    });
  });
}

/** Scrim before Kamailio, and what crosses it. */
async function openBorder(sutFile: SutFile): Promise<Crossings> {
  const { bind, port, address = "" } = sutFile.core;
  const crossings = recordCrossings();
  const border = await createExternalCore({
    ...surroundings,
    config: coreConfig(sutFile, undefined),
    listen: (["udp", "tcp"] as const).map((transport) => ({ host: bind, port, transport })),
    address,
    tap: crossings.tap,
  });
  onTestFinished(() => border.close());
  for (const user of sutFile.users) border.provision(profileOf(user, "server", "scrim"));
  return crossings;
}

/** A server that stays on the path of each dialog, on either side of it. */
async function openServer({ server }: SutFile): Promise<void> {
  const at = hopOf(server?.originating ?? "");
  if (at === undefined) throw new Error("the SUT file names no server");
  const listen = (["udp", "tcp"] as const).map((transport) => ({ ...at, transport }));
  const { endpoint } = await openEndpoint(HOST, { name: "server", listen });
  endpoint.onRequest((incoming) => {
    const { message } = incoming;
    const routed = withRoutes(message, headerValues(message, "Route").slice(1));
    const within = toOf(message)?.tag !== undefined;
    const request = within ? routed : prependHeader(routed, "Record-Route", `<sip:${HOST}:${at.port};lr>`);
    const to = hopOf(/<([^>]*)>/u.exec(headerValues(request, "Route")[0] ?? "")?.[1] ?? request.uri) ?? at;
    if (message.method === "ACK") endpoint.send(request, { to });
    else endpoint.forward(incoming, request, { to });
  });
}

/** Functions of the legs to and from the server, in the order in which a request of this method took them. */
const legsOf = (crossings: Crossings, method: string): readonly (string | undefined)[] =>
  crossings.all
    .filter(({ message, retransmission }) => isOf(message, method) && !retransmission)
    .map(({ direction, annotation }) => `${direction} ${annotation?.serverFunction ?? "-"}`);

function isOf(
  message: { readonly kind: string; readonly method?: string } | undefined,
  method: string,
): boolean {
  return message?.kind === "request" && message.method === method;
}

const FORTH = [
  ["in -", "out originating", "in originating", "out -"],
  ["in -", "out terminating", "in terminating", "out -"],
].flat();

describe.skipIf(areMissing("kamailio"))("a session by way of Kamailio", () => {
  test(
    "is made, modified by either end and ended along the recorded route",
    async () => {
      const { sutFile, kamailio, port } = await kamailioLab(LIMIT_MS);
      const crossings = await openBorder(sutFile);
      await openServer(sutFile);
      const core: Hop = { host: HOST, port, transport: "udp" };
      const [caller, callee] = sutFile.users;
      if (caller === undefined || callee === undefined) throw new Error("two users are needed");
      const [alice, bob] = [await phoneOf(caller, core), await phoneOf(callee, core)];

      const taken = new Promise<IncomingInvite>((resolve) => {
        bob.agent.onInvite((incoming) => {
          bob.watch(incoming);
          incoming.ring();
          incoming.accept();
          resolve(incoming);
        });
      });
      const made = new Promise<InviteSession>((resolve, reject) => {
        alice.agent.invite({
          to: core,
          uri: callee.impu,
          from: `<${caller.impu}>`,
          route: alice.serviceRoute,
          headers: [["Accept-Contact", `*;${IM_TAG};require;explicit`]],
          body,
          on: (event) => {
            if (event.type === "session") alice.watch(event.session);
            if (event.type === "accepted") resolve(event.session);
            if (event.type === "rejected")
              reject(new Error(`${event.response.status} ${event.response.reason}`));
          },
        });
      });
      const [session, incoming] = [await made, await taken];
      expect(legsOf(crossings, "INVITE")).toEqual(FORTH);
      const asserted = headerValues(incoming.invite, "P-Asserted-Identity");
      expect(asserted).toEqual([`<${caller.impu}>`, `<${caller.tel}>`]);
      const kamailios = session.dialog.routeSet.filter((route) => route.includes(`:${port}`));
      expect(kamailios.length).toBeGreaterThan(0);
      await crossings.until(({ message, direction }) => isOf(message, "ACK") && direction === "out");

      await done((onDone) => session.reinvite({ body, onDone }));
      await done((onDone) => incoming.reinvite({ body, onDone }));
      await new Promise<void>((resolve) => incoming.bye({ onDone: () => resolve() }));
      expect(legsOf(crossings, "BYE")).toEqual(FORTH.toReversed().map(turned));
      expect(alice.events.filter((type) => type === "modified" || type === "ended")).toEqual([
        "modified",
        "modified",
        "ended",
      ]);
      expect(kamailio.output).not.toMatch(/ERROR|CRITICAL|WARNING/u);
    },
    LIMIT_MS,
  );
});

/** The same leg, the other way. */
const turned = (leg: string): string =>
  leg.startsWith("in") ? leg.replace("in", "out") : leg.replace("out", "in");

async function done(
  modify: (onDone: (outcome: { readonly outcome: string }) => void) => unknown,
): Promise<void> {
  const { outcome } = await new Promise<{ readonly outcome: string }>((resolve) => void modify(resolve));
  expect(outcome).toBe("accepted");
}
