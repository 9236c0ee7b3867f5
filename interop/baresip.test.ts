/** baresip registers at Scrim's core and exchanges messages with a client that Scrim plays. */
import { describe, expect, test } from "vitest";
import { textOf } from "../src/peer/im/content.ts";
import { startBaresip } from "./baresip.ts";
import { openCore } from "./core-side.ts";
import { areMissing } from "./peers.ts";
import { nextMessage, registeredBob } from "./played-client.ts";
import { certificateFiles } from "./tls-hop.ts";

const DOMAIN = "localhost";
const ALICE = `sip:alice@${DOMAIN}`;
const BOB = `sip:bob@${DOMAIN}`;

describe.skipIf(areMissing("baresip"))("baresip", () => {
  test.each(["udp", "tcp", "tls"] as const)("registers and exchanges messages over %s", async (transport) => {
    const side = await openCore({ domain: DOMAIN, users: ["alice", "bob"], algorithms: ["MD5"] });
    const bob = await registeredBob(side, DOMAIN);
    const alice = await startBaresip({
      user: "alice",
      password: "secret-alice",
      domain: DOMAIN,
      transport,
      port: side.portOf(transport),
      authority: (await certificateFiles()).authority,
      contact: BOB,
    });
    await side.registered("alice");
    expect(side.core.bindingsOf(ALICE).map(({ source }) => source.transport)).toEqual([transport]);

    const outward = nextMessage(bob);
    alice.message("Watson, come here");
    expect(textOf((await outward).body)).toBe("Watson, come here");
    expect(bob.inbox).toEqual([{ from: ALICE, kind: "message", text: "Watson, come here" }]);

    const sent = await bob.perform({
      action: "send-message",
      to: [ALICE],
      toKind: "user",
      text: "I am here",
    });
    expect(sent).toMatchObject({ ok: true, says: "200 OK" });

    await alice.quit();
    expect(alice.process.output).toContain(`${BOB}: "I am here"`);
    expect(side.core.isRegistered(ALICE)).toBe(false);
  });
});
