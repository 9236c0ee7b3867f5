/** Relays for a session (RFC 4976 5.1): AUTH to each, through those before it, and again before what they gave expires. */
import { createRelayClient } from "../../machine/msrp/relay-client.ts";
import type { RelayAction, RelayClient, RelayCredentials } from "../../machine/msrp/relay-client.ts";
import type { Clock } from "../../net/clock.ts";
import { msrpRequest } from "../../wire/msrp/build.ts";
import { newIdent } from "../../wire/msrp/ident.ts";
import { parseMsrpUri } from "../../wire/msrp/uri.ts";
import type { MsrpUri } from "../../wire/msrp/uri.ts";
import type { Link } from "./link.ts";
import type { Session } from "./session.ts";

export interface RelayOptions {
  readonly uri: string;
  readonly credentials: RelayCredentials;
  /** Seconds that are asked for. */
  readonly expires?: number;
}

export interface RelayPath {
  /** In the order in which requests pass the relays. */
  readonly usePath: readonly string[];
  /** A relay refused to go on, or does not answer. */
  onLost(handler: (error: MsrpRelayError) => void): void;
}

/** `status`: what the relay said, 408 when it said nothing. */
export class MsrpRelayError extends Error {
  readonly code = "msrp-relay";
  readonly relay: string;
  readonly status: number;
  constructor(relay: string, status: number, reason: string) {
    super(`${relay}: ${status} ${reason}; look at its address, name and password`);
    this.name = "MsrpRelayError";
    this.relay = relay;
    this.status = status;
  }
}

export interface Authorization {
  readonly session: Session;
  readonly relays: readonly RelayOptions[];
  readonly clock: Clock;
  readonly token: (length: number) => string;
  linkTo(uri: MsrpUri): Link;
}

/** Fails with {@link MsrpRelayError}. @throws MsrpParseError for a relay that is no URI */
export async function authorize(authorization: Authorization): Promise<RelayPath> {
  const { session, relays } = authorization;
  const [nearest] = relays;
  if (nearest === undefined) return { usePath: [], onLost: () => undefined };
  const link = authorization.linkTo(parseMsrpUri(nearest.uri));
  // Until the session has a path, it has the link all the same: its end closes it.
  session.useRelays([], link);
  const lost: ((error: MsrpRelayError) => void)[] = [];
  let usePath: readonly string[] = [];
  for (const relay of relays) {
    const through = usePath;
    usePath = await keepAuthorized(authorization, link, { relay, through }, (error) => {
      for (const handler of lost) handler(error);
    });
  }
  session.useRelays(usePath, link);
  return { usePath, onLost: (handler) => void lost.push(handler) };
}

/** Settles with the first path that the relay gives, and goes on asking while the session lasts. */
function keepAuthorized(
  { session, clock, token }: Authorization,
  link: Link,
  { relay, through }: { relay: RelayOptions; through: readonly string[] },
  onLost: (error: MsrpRelayError) => void,
): Promise<readonly string[]> {
  const { uri, credentials, expires } = relay;
  const client = createRelayClient({
    relay: uri,
    through,
    credentials,
    token: () => newIdent(token),
    ...(expires === undefined ? {} : { expires }),
  });
  return new Promise((resolve, reject) => {
    let disarm = (): void => undefined;
    session.onClosed(() => disarm());
    const arm = (): void => {
      disarm();
      if (client.deadline === undefined || session.state === "closed") return;
      disarm = clock.callAt(client.deadline, () => perform(client.time(clock.now())));
    };
    const perform = (actions: readonly RelayAction[]): void => {
      for (const action of actions) {
        if (action.type === "auth") ask(action);
        else if (action.type === "authorized") resolve(action.usePath);
        else {
          const error = new MsrpRelayError(uri, action.status, action.reason);
          onLost(error);
          reject(error);
        }
      }
      arm();
    };
    const ask = ({ toPath, headers }: Extract<RelayAction, { type: "auth" }>): void =>
      sendAuth(link, client, {
        head: msrpRequest({
          method: "AUTH",
          transactionId: newIdent(token),
          toPath,
          fromPath: session.uri,
          headers,
        }),
        session: session.uri,
        now: () => clock.now(),
        perform,
      });
    perform(client.start());
  });
}

function sendAuth(
  link: Link,
  client: RelayClient,
  request: {
    readonly head: ReturnType<typeof msrpRequest>;
    readonly session: string;
    readonly now: () => number;
    readonly perform: (actions: readonly RelayAction[]) => void;
  },
): void {
  const { head, session, now, perform } = request;
  link.request(head, {
    context: { session },
    response: (response) => perform(client.response(response, now())),
    timeout: () => perform(client.lost("no answer within 30 s")),
    lost: () => perform(client.lost("the connection ended")),
  });
}
