/** What a SUT file says of limits reaches whatever the SUT can send to. */
import { describe, expect, test } from "vitest";
import type { WireCrossing } from "../endpoint/crossing.ts";
import { createVirtualNet } from "../net/virtual/virtual-net.ts";
import { createXdms } from "../peer/xdms/xdms.ts";
import { readSutFile } from "../spec/sut-file-reader.ts";
import type { SutFile } from "../spec/sut-file.ts";
import { AddressBook } from "./address-book.ts";
import { scrimServerConfig } from "./core-config.ts";
import { httpLimitsOf, sipLimitsOf } from "./limits.ts";
import { openCore } from "./open-core.ts";

const reference = readSutFile(new URL("../../scenarios/sut/reference.yaml", import.meta.url).pathname);
const limited: SutFile = { ...reference, limits: { sip: { headers: 20 }, http: { headBytes: 300 } } };

describe("limits", () => {
  test("are the defaults where the file is silent", () => {
    expect([sipLimitsOf(reference), httpLimitsOf(reference)]).toEqual([{}, {}]);
  });

  test("go under the names that the framer of HTTP has", () => {
    expect(httpLimitsOf({ ...reference, limits: { http: { bodyBytes: 500 } } })).toEqual({
      limits: { maxBodyBytes: 500 },
    });
  });

  test("are those of Scrim's own server too", () => {
    const hop = { host: "127.0.0.1", port: 1, transport: "udp" } as const;
    expect(scrimServerConfig(limited, hop).limits).toEqual({ headers: 20 });
    expect(scrimServerConfig(reference, hop).limits).toBeUndefined();
  });

  test.each([
    [reference, undefined],
    [limited, "too-many-headers"],
  ])("hold at the core", async (sutFile, code) => {
    const net = createVirtualNet({ seed: 1 });
    const { network, clock, ids } = net;
    const seen: WireCrossing[] = [];
    const tap = (crossing: WireCrossing): void => void seen.push(crossing);
    const core = await openCore(sutFile, undefined, new AddressBook(sutFile), { network, clock, ids, tap });
    const socket = await network.bindUdp({ host: "10.0.0.9", port: 5060 }, () => undefined);
    const { bind, port } = sutFile.core;
    const fields = [
      "Via: SIP/2.0/UDP 10.0.0.9;branch=z9hG4bK1",
      "Call-ID: c",
      ...Array.from({ length: 30 }, () => "X: y"),
    ];
    socket.send(Buffer.from(`OPTIONS sip:h SIP/2.0\r\n${fields.join("\r\n")}\r\n\r\n`), { host: bind, port });
    await net.run(() => seen.length > 0, clock.now() + 1000);
    expect(seen[0]?.error?.code).toBe(code);
    await core.close();
  });

  test.each([
    [reference, 404],
    [limited, 431],
  ])("hold at the XDM server", async (sutFile, status) => {
    const net = createVirtualNet({ seed: 1 });
    const { network, clock, ids } = net;
    const listen = { host: "10.0.0.1", port: 8080 };
    const xdms = await createXdms({ network, clock, ids, listen, ...httpLimitsOf(sutFile) });
    let answer = "";
    const connection = network.connect("tcp", listen);
    connection.onData((bytes) => (answer += Buffer.from(bytes).toString("latin1")));
    connection.send(Buffer.from(`GET /a/global/b HTTP/1.1\r\nHost: h\r\nX: ${"y".repeat(400)}\r\n\r\n`));
    await net.run(() => answer !== "", clock.now() + 1000);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    await xdms.close();
  });
});
