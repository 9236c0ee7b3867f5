/** The action vocabulary over HTTP: one POST an action, its answer in the response (spec/actions.ts, docs/actions.schema.json). */
import { createHttpServer } from "../../endpoint/http-server.ts";
import type { HttpServer } from "../../endpoint/http-server.ts";
import type { Clock } from "../../net/clock.ts";
import type { Address, Network } from "../../net/network.ts";
import { httpResponse } from "../../wire/http/message.ts";
import type { HttpRequest, HttpResponse } from "../../wire/http/message.ts";
import { performLine } from "./action-lines.ts";
import type { ActionPerformer } from "./action-lines.ts";

export interface ActionServerOptions extends ActionPerformer {
  readonly name: string;
  readonly network: Network;
  readonly clock: Clock;
  readonly listen: Address;
}

/** Fails with PortInUseError. */
export function createActionServer(options: ActionServerOptions): Promise<HttpServer> {
  const { name, network, clock, listen } = options;
  return createHttpServer({
    name,
    network,
    clock,
    listen,
    onRequest: (request) => respond(options, request),
  });
}

async function respond(performer: ActionPerformer, request: HttpRequest): Promise<HttpResponse> {
  if (request.method !== "POST") return httpResponse(405, { headers: [["Allow", "POST"]] });
  const answer = await performLine(performer, Buffer.from(request.body).toString("utf8"));
  return httpResponse(200, { headers: [["Content-Type", "application/json"]], body: JSON.stringify(answer) });
}
