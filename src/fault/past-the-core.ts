/** A client that sends past its core: to where the Via of a message that it was given says that its sender is. */
import type { ClientAlteration } from "../peer/im-client/client.ts";
import { receiving } from "../peer/im-client/decisions/receiving.ts";
import { routing } from "../peer/im-client/decisions/registering.ts";
import type { ClientParts } from "../peer/im-client/parts.ts";
import type { Hop } from "../net/network.ts";
import { vias } from "../wire/sip/headers.ts";

/** Requests of a method, once the client has been given a message. */
export function directly(method: string): ClientAlteration {
  const senders = new WeakMap<ClientParts["registration"], Hop>();
  return {
    decisions: {
      receiving: {
        stores: (client, message) => {
          const origin = vias(message).at(-1);
          const transport = origin?.transport === "TCP" ? "tcp" : "udp";
          if (origin)
            senders.set(client.registration, { host: origin.host, port: origin.port ?? 5060, transport });
          return receiving.stores(client, message);
        },
      },
      routing: {
        nextHop: (client, request) =>
          (request.method === method ? senders.get(client.registration) : undefined) ??
          routing.nextHop(client, request),
      },
    },
  };
}
