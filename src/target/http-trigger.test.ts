/** Drivers behind a URL that do not do what they should. */
import { createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { httpTrigger } from "./http-trigger.ts";

const servers: Server[] = [];
const sockets: Socket[] = [];

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

/** The URL of a driver that does this with every connection. */
function driver(serve: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined);
    socket.once("data", () => serve(socket));
  });
  servers.push(server);
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(`http://127.0.0.1:${typeof address === "object" ? (address?.port ?? 0) : 0}/`);
    });
  });
}

function response(body: string, status = "200 OK"): string {
  return `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** As much as is taken: a gigabyte, if nobody stops it. */
function flood(socket: Socket): void {
  const chunk = Buffer.alloc(65_536, "x");
  let left = 1_000_000_000;
  socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${left}\r\n\r\n`);
  const more = (): void => {
    if (left <= 0 || socket.destroyed) return;
    left -= chunk.length;
    if (socket.write(chunk)) setImmediate(more);
    else socket.once("drain", more);
  };
  more();
}

const cases: readonly {
  readonly name: string;
  readonly serve: (socket: Socket) => void;
  readonly says: RegExp;
}[] = [
  { name: "never answers", serve: () => undefined, says: /does not answer: .*timeout/u },
  {
    name: "stops in the middle of its answer",
    serve: (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{"version":1'),
    says: /does not answer: .*timeout/u,
  },
  { name: "hangs up", serve: (socket) => socket.destroy(), says: /does not answer/u },
  {
    name: "speaks no HTTP",
    serve: (socket) => socket.end("SIP/2.0 200 OK\r\n\r\n"),
    says: /does not answer/u,
  },
  { name: "answers garbage", serve: (socket) => socket.end(response("\u0000<html>")), says: /is not JSON/u },
  { name: "answers null", serve: (socket) => socket.end(response("null")), says: /no object/u },
  {
    name: "speaks another version",
    serve: (socket) => socket.end(response('{"version":7,"ok":true}')),
    says: /version 7/u,
  },
  {
    name: "says in numbers what should be words",
    serve: (socket) => socket.end(response('{"version":1,"ok":true,"says":5}')),
    says: /says/u,
  },
  { name: "answers a gigabyte", serve: flood, says: /more than 1000000 bytes/u },
  {
    name: "fails with a page",
    serve: (socket) => socket.end(response("<h1>Oops</h1>", "500 Internal Server Error")),
    says: /HTTP 500.*is not JSON/u,
  },
];

describe("a driver behind a URL that", () => {
  it.each(cases)("$name", async ({ serve, says }) => {
    const trigger = httpTrigger({ url: await driver(serve), timeoutMs: 400 });
    const answer = await trigger.perform({ action: "reset" });
    expect(answer).toMatchObject({ version: 1, ok: false, code: "failed" });
    expect(answer.says).toMatch(says);
  });

  it("is not there", async () => {
    const url = await driver(() => undefined);
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
    const answer = await httpTrigger({ url, timeoutMs: 400 }).perform({ action: "register" });
    expect(answer).toMatchObject({ ok: false, code: "failed" });
    expect(answer.says).toContain("ECONNREFUSED");
  });

  it("is not waited for when the run is stopped", async () => {
    const trigger = httpTrigger({ url: await driver(() => undefined), timeoutMs: 60_000 });
    const asked = trigger.perform({ action: "register" });
    trigger.cut?.();
    expect((await asked).says).toContain("the run was stopped");
    expect((await trigger.perform({ action: "register" })).says).toContain("the run was stopped");
  });

  it("answers as it should is believed", async () => {
    const url = await driver((socket) => socket.end(response('{"version":1,"ok":true,"says":"done"}')));
    expect(await httpTrigger({ url, timeoutMs: 2_000 }).perform({ action: "register" })).toEqual({
      version: 1,
      ok: true,
      says: "done",
    });
  });
});
