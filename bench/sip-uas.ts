/** A process of its own that answers MESSAGE with 200 through Scrim's endpoint; says its port on standard output, ends with its standard input. */
import { createSipEndpoint } from "../src/endpoint/sip-endpoint.ts";
import { randomIds } from "../src/net/real/random-ids.ts";
import { realClock } from "../src/net/real/real-clock.ts";
import { createRealNetwork } from "../src/net/real/real-network.ts";
import { sipResponse } from "../src/wire/sip/build.ts";

const ids = randomIds();
const endpoint = await createSipEndpoint({
  name: "uas",
  network: createRealNetwork(),
  clock: realClock,
  ids,
  listen: [{ host: "127.0.0.1", port: 0, transport: "udp" }],
});
endpoint.onRequest((incoming) =>
  incoming.respond(sipResponse(incoming.message, 200, undefined, { toTag: ids.token() })),
);
process.stdout.write(`${endpoint.hops[0]?.port}\n`);
process.stdin.resume().once("end", () => process.exit());
