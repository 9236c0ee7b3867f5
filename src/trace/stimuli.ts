/** Ties exchanges to the stimuli that caused them. */
import { sameAddressOfRecord } from "../wire/sip/same-uri.ts";
import type { LeasedUser, Stimulated } from "./event.ts";
import type { Exchange, ScenarioTrace } from "./scenario-trace.ts";
import { addressIn, firstHeader } from "./sip-identity.ts";

/** What an action of a client makes it send, where no token in a body can tell. */
const METHOD_OF_ACTION: ReadonlyMap<string, string> = new Map([
  ["register", "REGISTER"],
  ["refresh-registration", "REGISTER"],
  ["leave-im-service", "REGISTER"],
  ["deregister", "REGISTER"],
  ["publish-settings", "PUBLISH"],
]);

type StimulusQueries = Pick<ScenarioTrace, "stimulusOf" | "carriersOf">;

export function readStimuli(
  stimuli: readonly Stimulated[],
  exchanges: readonly Exchange[],
  user: (actor: string) => LeasedUser | undefined,
): StimulusQueries {
  const causes = new Map<Exchange, Stimulated>();
  const carriers = new Map<string, Exchange[]>();
  for (const exchange of exchanges) {
    const cause = byId(exchange, stimuli) ?? byToken(exchange, stimuli) ?? byActor(exchange, stimuli, user);
    if (cause === undefined) continue;
    causes.set(exchange, cause);
    const carried = carriers.get(cause.id);
    if (carried === undefined) carriers.set(cause.id, [exchange]);
    else carried.push(exchange);
  }
  return {
    stimulusOf: (exchange) => causes.get(exchange),
    carriersOf: (stimulus) => carriers.get(stimulus.id) ?? [],
  };
}

function byId(exchange: Exchange, stimuli: readonly Stimulated[]): Stimulated | undefined {
  const { stimulus } = exchange.request;
  return stimulus === undefined ? undefined : stimuli.find((one) => one.id === stimulus);
}

/** The token may stand at any depth: within a multipart, or a CPIM object; and in the URL of a body that lies elsewhere (RFC 4483). */
function byToken(exchange: Exchange, stimuli: readonly Stimulated[]): Stimulated | undefined {
  const { body } = exchange.request.message;
  const type = firstHeader(exchange.request.message, "content-type") ?? "";
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return stimuli.find(
    ({ token }) => token !== undefined && token !== "" && (bytes.includes(token) || type.includes(token)),
  );
}

/** What a client under test sent as one of its users, after it was last asked for such a thing. */
function byActor(
  exchange: Exchange,
  stimuli: readonly Stimulated[],
  user: (actor: string) => LeasedUser | undefined,
): Stimulated | undefined {
  const { request, way } = exchange;
  if (way !== "from-sut") return undefined;
  const from = addressIn(firstHeader(request.message, "from") ?? "");
  return stimuli.findLast((stimulus) => {
    const actor = user(stimulus.actor);
    return (
      stimulus.seq < request.seq &&
      METHOD_OF_ACTION.get(stimulus.action) === request.message.method &&
      actor?.played === "sut" &&
      sameAddressOfRecord(actor.imAddress, from)
    );
  });
}
