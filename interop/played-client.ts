/** Bob, whom Scrim plays, registered at a core of these tests. */
import { onTestFinished } from "vitest";
import { createImClient, type ImClient } from "../src/peer/im-client/client.ts";
import { defaultSettings } from "../src/peer/im-client/config.ts";
import type { SipRequest } from "../src/wire/sip/message.ts";
import type { CoreSide } from "./core-side.ts";
import { everyTransport, networkWithTls, surroundings } from "./scrim-side.ts";

/** Registers over UDP; closed when the test is finished. */
export async function registeredBob({ portOf }: CoreSide, domain: string): Promise<ImClient> {
  const bob = await createImClient({
    ...surroundings,
    network: await networkWithTls(),
    config: {
      node: "bob",
      listen: everyTransport("127.0.0.1"),
      core: { host: "127.0.0.1", port: portOf("udp"), transport: "udp" },
      homeDomain: domain,
      imAddress: `sip:bob@${domain}`,
      privateIdentity: `bob@${domain}`,
      password: "secret-bob",
      registrationExpiresS: 600,
      conferenceFactory: `sip:factory@${domain}`,
      congestionSafe: true,
      settings: defaultSettings,
    },
  });
  onTestFinished(() => bob.close());
  await bob.register("register");
  return bob;
}

/** Settles with the next message that arrives. */
export function nextMessage(client: ImClient): Promise<SipRequest> {
  return new Promise((resolve) => {
    client.onMessage(resolve);
  });
}
