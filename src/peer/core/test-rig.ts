/** A core on a virtual network, with clients and a stub application server that record what reaches them. For tests. */
import type { WireCrossing } from "../../endpoint/crossing.ts";
import type { IncomingRequest } from "../../endpoint/incoming.ts";
import { createSipEndpoint, type SipEndpoint } from "../../endpoint/sip-endpoint.ts";
import type { Hop } from "../../net/network.ts";
import { createVirtualNet, type VirtualNet } from "../../net/virtual/virtual-net.ts";
import { sipRequest, sipResponse, type HeaderPair } from "../../wire/sip/build.ts";
import { headerValues } from "../../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../../wire/sip/message.ts";
import { serializeSip } from "../../wire/sip/serialize.ts";
import { violations } from "../../wire/sip/validate.ts";
import type { ApplicationServer, CoreConfig } from "./config.ts";
import { makesDialog } from "./dialog-routes.ts";
import { createCore, type Core, type CoreOptions } from "./core.ts";
import { withRoutes } from "./route-set.ts";

export const CORE: Hop = { host: "10.0.0.1", port: 5060, transport: "udp" };
export const SERVER: Hop = { host: "10.0.0.2", port: 5070, transport: "udp" };

export const alice = {
  impi: "alice@home.example",
  identities: ["sip:alice@home.example", "tel:+15550001", "sip:al@home.example"],
  server: "im",
};
export const bob = { impi: "bob@home.example", identities: ["sip:bob@home.example"], server: "im" };
export const carol = { impi: "carol@visited.example", identities: ["sip:carol@visited.example"] };

export const imServer: ApplicationServer = {
  name: "im",
  originating: "sip:10.0.0.2:5070",
  terminating: "sip:10.0.0.2:5070",
  psi: "sip:10.0.0.2:5070",
  originalDialogToken: true,
  thirdPartyRegister: true,
};

export const homeConfig: CoreConfig = {
  domains: [
    { domain: "home.example", registrationExpiresS: 600 },
    { domain: "visited.example", registrationExpiresS: 300, minimumExpiresS: 60 },
  ],
  servers: [imServer],
  users: [alice, bob, carol],
  psis: [
    { uri: "sip:factory@im.home.example", server: "im" },
    { uri: "sip:session-*@im.home.example", server: "im" },
  ],
};

export interface Party {
  readonly endpoint: SipEndpoint;
  readonly hop: Hop;
  readonly received: IncomingRequest[];
  /** What it does with a request; default 200. */
  answer: (incoming: IncomingRequest) => void;
  /** Sends, to the core unless told otherwise, and gives the final response; undefined when the transaction failed. */
  ask(request: SipRequest, to?: Hop): Promise<SipResponse | undefined>;
}

export interface Rig {
  readonly net: VirtualNet;
  readonly core: Core;
  readonly crossings: WireCrossing[];
  party(name: string, hop: Hop): Promise<Party>;
  /** A stub application server: sends everything back to the core as a proxy does. */
  server(): Promise<Party>;
  /** Lets everything happen that is due within the next second, or so many milliseconds. */
  settle(ms?: number): Promise<void>;
  close(): Promise<void>;
}

export async function createRig(
  config: Partial<CoreConfig> = {},
  seed = 1,
  conditions: { readonly loss?: number } = {},
  open: (options: CoreOptions) => Promise<Core> = createCore,
): Promise<Rig> {
  const net = createVirtualNet({ seed, ...conditions });
  const crossings: WireCrossing[] = [];
  const { network, clock, ids } = net;
  const core = await open({
    config: { ...homeConfig, ...config },
    network,
    clock,
    ids,
    listen: [CORE, { ...CORE, transport: "tcp" }],
    tap: (crossing) => crossings.push(crossing),
    onHandlerError: (error) => {
      throw error;
    },
  });
  const endpoints: SipEndpoint[] = [];

  async function party(name: string, hop: Hop): Promise<Party> {
    const endpoint = await createSipEndpoint({
      name,
      network,
      clock,
      ids,
      listen: [hop, { ...hop, transport: "tcp" }],
    });
    endpoints.push(endpoint);
    const received: IncomingRequest[] = [];
    const made: Party = {
      endpoint,
      hop,
      received,
      answer: (incoming) => accept(incoming, { ...hop, toTag: ids.token() }),
      ask: async (request, to = CORE) => {
        let final: SipResponse | undefined;
        let failed = false;
        endpoint.send(request, {
          to,
          onResponse: (response) => (final = response.status >= 200 ? response : final),
          onFailure: () => (failed = true),
        });
        await net.run(() => final !== undefined || failed, clock.now() + 60_000);
        return final;
      },
    };
    endpoint.onRequest((incoming) => {
      received.push(incoming);
      made.answer(incoming);
    });
    return made;
  }

  return {
    net,
    core,
    crossings,
    party,
    server: async () => {
      const server = await party("im", SERVER);
      server.answer = (incoming) => passOn(server, incoming);
      return server;
    },
    settle: async (ms = 1000) => void (await net.run(undefined, clock.now() + ms)),
    close: async () => {
      for (const crossing of crossings) needConforming(crossing);
      await Promise.all([core.close(), ...endpoints.map((endpoint) => endpoint.close())]);
    },
  };
}

/** 200, with what the response of each method must have. */
export function accept(incoming: IncomingRequest, as: { host: string; port: number; toTag: string }): void {
  const { message } = incoming;
  const contact: HeaderPair[] = makesDialog(message.method)
    ? [["Contact", `<sip:${as.host}:${as.port}>`]]
    : [];
  const expires: HeaderPair[] = ["SUBSCRIBE", "PUBLISH"].includes(message.method) ? [["Expires", "60"]] : [];
  const etag: HeaderPair[] = message.method === "PUBLISH" ? [["SIP-ETag", as.toTag]] : [];
  incoming.respond(
    sipResponse(message, 200, undefined, { toTag: as.toTag, headers: [...contact, ...expires, ...etag] }),
  );
}

/** What the core sends conforms, unless it passes on what did not. */
function needConforming({ direction, message, remote }: WireCrossing): void {
  if (direction !== "out" || message === undefined) return;
  const [violation] = violations(message, {
    direction,
    transport: remote.transport === "tcp" ? "TCP" : "UDP",
  });
  if (violation !== undefined)
    throw new Error(
      `the core sent ${JSON.stringify(violation)} in\n${Buffer.from(serializeSip(message)).toString()}`,
    );
}

/** The server takes its own Route entry off and sends the request along the rest of the route, which leads to the core. */
export function passOn(server: Party, incoming: IncomingRequest): void {
  const { message } = incoming;
  if (message.method === "REGISTER") {
    const expires = headerValues(message, "Expires")[0] ?? "";
    return incoming.respond(
      sipResponse(message, 200, undefined, { headers: [["Expires", expires]], toTag: "as" }),
    );
  }
  const request = withRoutes(message, headerValues(message, "Route").slice(1));
  server.endpoint.forward(incoming, request, { to: CORE });
}

let count = 0;

/** A request with the headers that every request needs, and those given; IM-tagged unless told otherwise. */
export function request(
  method: string,
  uri: string,
  from: string,
  headers: readonly HeaderPair[] = [],
  options: { readonly tagged?: boolean; readonly body?: string } = {},
): SipRequest {
  count += 1;
  const given = new Set(headers.map(([name]) => name));
  const typed: HeaderPair[] =
    (options.body ?? "") === "" || given.has("Content-Type") ? [] : [["Content-Type", "text/plain"]];
  const reachable: HeaderPair[] =
    makesDialog(method) && !given.has("Contact") ? [["Contact", "<sip:test@10.0.1.1:5060>"]] : [];
  const tagged: HeaderPair[] =
    options.tagged === false ? [] : [["Accept-Contact", "*;+g.oma.sip-im;require;explicit"]];
  return sipRequest({
    method,
    uri,
    headers: [
      ["Max-Forwards", "70"],
      ["From", `<${from}>;tag=t${count}`],
      ["To", `<${uri}>`],
      ["Call-ID", `call-${count}`],
      ["CSeq", `1 ${method}`],
      ...tagged,
      ...headers,
      ...reachable,
      ...typed,
    ],
    body: new TextEncoder().encode(options.body ?? ""),
  });
}

/** A REGISTER of a client at `hop`. */
export function register(
  identity: string,
  hop: Hop,
  headers: readonly HeaderPair[] = [],
  contact?: string,
): SipRequest {
  const [user] = identity.replace(/^\w+:/, "").split("@");
  const domain = identity.split("@")[1] ?? "home.example";
  const made = request(
    "REGISTER",
    `sip:${domain}`,
    identity,
    [
      ["Contact", contact ?? `<sip:${user}@${hop.host}:${hop.port}>;+g.oma.sip-im`],
      ["Require", "pref"],
      ...headers,
    ],
    { tagged: false },
  );
  return {
    ...made,
    headers: made.headers.map((field) =>
      field.name === "To" ? { ...field, value: `<${identity}>` } : field,
    ),
  };
}
