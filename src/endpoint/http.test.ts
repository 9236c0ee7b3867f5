import { describe, expect, it, onTestFinished } from "vitest";
import type { Clock } from "../net/clock.ts";
import type { Address, Network } from "../net/network.ts";
import { createRealNetwork } from "../net/real/real-network.ts";
import { realClock } from "../net/real/real-clock.ts";
import { createVirtualNet } from "../net/virtual/virtual-net.ts";
import { httpHeader, type HttpRequest, httpResponse } from "../wire/http/message.ts";
import type { WireCrossing } from "./crossing.ts";
import { httpRequest, type HttpRequestOptions } from "./http-client.ts";
import { createHttpServer, type HttpServer, type HttpServerOptions } from "./http-server.ts";

interface Place {
  readonly network: Network;
  readonly clock: Clock;
  /** Waits for a promise while time goes by. */
  await<T>(promise: Promise<T>): Promise<T>;
}

function virtualPlace(): Place {
  const net = createVirtualNet({ seed: 1, segmentBytes: 9 });
  return {
    network: net.network,
    clock: net.clock,
    await: async (promise) => {
      let settled = false;
      const done = (): void => void (settled = true);
      promise.then(done, done);
      await net.run(() => settled);
      return promise;
    },
  };
}

const PLACES: readonly (readonly [string, () => Place])[] = [
  ["the virtual network", virtualPlace],
  ["real sockets", () => ({ network: createRealNetwork(), clock: realClock, await: (promise) => promise })],
];

interface Site {
  readonly server: HttpServer;
  readonly crossings: WireCrossing[];
  readonly mistakes: unknown[];
  readonly ask: (method: string, path: string, more?: Partial<HttpRequestOptions>) => Promise<string>;
  /** Sends the text over a connection and reads until that closes. */
  readonly raw: (text: string) => Promise<string>;
}

async function site(place: Place, more: Partial<HttpServerOptions> = {}): Promise<Site> {
  const { network, clock } = place;
  const crossings: WireCrossing[] = [];
  const mistakes: unknown[] = [];
  const tap = (crossing: WireCrossing): void => void crossings.push(crossing);
  const server = await createHttpServer({
    name: "S",
    network,
    clock,
    tap,
    listen: { host: "127.0.0.1", port: 0 },
    onRequest: respond,
    onHandlerError: (error) => mistakes.push(error),
    ...more,
  });
  onTestFinished(() => server.close());
  const { host, port } = server.local;
  return {
    server,
    crossings,
    mistakes,
    ask: async (method, path, extra = {}) => {
      const url = `http://${host}:${port}${path}`;
      const response = await place.await(
        httpRequest({ name: "C", network, clock, tap, method, url, ...extra }),
      );
      return `${response.status} ${httpHeader(response, "Content-Length") ?? "-"} ${Buffer.from(response.body).toString()}`;
    },
    raw: (text) => place.await(exchange(network, server.local, text)),
  };
}

function respond(request: HttpRequest): ReturnType<HttpServerOptions["onRequest"]> {
  const body = Buffer.from(request.body).toString();
  if (request.target === "/throws") throw new Error("mine");
  if (request.target === "/rejects") return Promise.reject(new Error("mine"));
  if (request.target === "/none") return httpResponse(204);
  return Promise.resolve(httpResponse(200, { body: `${request.method} ${request.target} ${body}` }));
}

function exchange(network: Network, to: Address, text: string): Promise<string> {
  return new Promise((resolve) => {
    const connection = network.connect("tcp", to);
    let back = "";
    connection.onData((bytes) => (back += Buffer.from(bytes).toString()));
    connection.onClose(() => resolve(back));
    connection.send(Buffer.from(text));
  });
}

function statuses(back: string): number[] {
  return [...back.matchAll(/HTTP\/1\.1 (\d+)/g)].map((match) => Number(match[1]));
}

describe.each(PLACES)("HTTP over %s", (_name, place) => {
  it.each([
    ["GET", "/a/b?c=d", undefined, "200 13 GET /a/b?c=d "],
    ["PUT", "/document", "<xml/>", "200 20 PUT /document <xml/>"],
    ["HEAD", "/a", undefined, "200 8 "],
    ["DELETE", "/none", undefined, "204 - "],
    ["GET", "/throws", undefined, "500 0 "],
    ["GET", "/rejects", undefined, "500 0 "],
  ])("%s %s", async (method, path, body, expected) => {
    const { ask, crossings, mistakes } = await site(place());
    expect(await ask(method, path, body === undefined ? {} : { body })).toBe(expected);
    expect(crossings.map(({ node, direction, protocol }) => `${node} ${direction} ${protocol}`)).toEqual([
      "C out http",
      "S in http",
      "S out http",
      "C in http",
    ]);
    expect(crossings[1]?.bytes.length).toBe(crossings[0]?.bytes.length);
    expect(mistakes.length).toBe(expected.startsWith("500") ? 1 : 0);
  });

  it.each<[string, string, number[]]>([
    [
      "keeps the connection, answers in order",
      "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /none HTTP/1.1\r\nHost: x\r\n\r\nGET /3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
      [200, 204, 200],
    ],
    [
      "reads chunks",
      "PUT /1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
      [200],
    ],
    ["closes for HTTP/1.0", "GET /1 HTTP/1.0\r\n\r\n", [200]],
    ["no HTTP", "\u0001\u0002 nothing\r\n\r\n", [400]],
    ["a head that does not end", `GET / HTTP/1.1\r\nX: ${"x".repeat(20_000)}`, [431]],
    ["a body that is too large", "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n", [413]],
    ["a length that is none", "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", [400]],
    [
      "a bad chunk after a good request",
      "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nPUT /1 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
      [200, 400],
    ],
  ])("%s", async (_case, text, expected) => {
    const { raw, ask, mistakes } = await site(place());
    expect(statuses(await raw(text))).toEqual(expected);
    expect(mistakes).toEqual([]);
    expect(await ask("GET", "/after")).toContain("200");
  });

  it("is refused", async () => {
    const here = place();
    const { ask, server } = await site(here);
    await server.close();
    await expect(ask("GET", "/")).rejects.toMatchObject({ name: "HttpRequestError", code: "connection" });
  });

  it.each<[string, string | undefined, string]>([
    ["closes without a word", "", "closed"],
    ["closes in the middle", "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort", "closed"],
    ["speaks something else", "SIP/2.0 200 OK\r\n\r\n", "malformed"],
    ["says nothing", undefined, "timeout"],
  ])("the server %s", async (_case, answer, code) => {
    const here = place();
    const listener = await here.network.listen("tcp", { host: "127.0.0.1", port: 0 }, (connection) => {
      connection.onData(() => {
        if (answer === undefined) return;
        connection.send(Buffer.from(answer));
        connection.close();
      });
    });
    onTestFinished(() => listener.close());
    const url = `http://127.0.0.1:${listener.local.port}/`;
    const { network, clock } = here;
    const answered = here.await(
      httpRequest({ name: "C", network, clock, method: "GET", url, timeoutMs: 50 }),
    );
    await expect(answered).rejects.toMatchObject({ code, url });
  });

  it("closes a silent connection", async () => {
    const { raw } = await site(place(), { idleMs: 20 });
    expect(await raw("GET / HT")).toBe("");
  });
});

describe("bounds", () => {
  it("turns connections away above its number, and takes new ones when others have gone", async () => {
    const here = virtualPlace();
    const { ask, server } = await site(here, { connections: 1 });
    const first = here.network.connect("tcp", server.local);
    first.onData(() => undefined);
    await expect(ask("GET", "/")).rejects.toMatchObject({ code: "connection" });
    first.close();
    await here.await(new Promise<void>((resolve) => here.clock.callAt(here.clock.now() + 10, resolve)));
    expect(await ask("GET", "/")).toContain("200");
  });

  it("cuts off who asks much faster than is answered", async () => {
    const here = virtualPlace();
    const { raw } = await site(here, { onRequest: () => new Promise<never>(() => undefined) });
    expect(await raw("GET / HTTP/1.1\r\nHost: x\r\n\r\n".repeat(70))).toBe("");
  });

  it.each(["no url", "https://127.0.0.1/", "ftp://x/"])("refuses %j as a URL", async (url) => {
    const { network, clock } = virtualPlace();
    await expect(httpRequest({ name: "C", network, clock, method: "GET", url })).rejects.toMatchObject({
      code: "url",
    });
  });
});
