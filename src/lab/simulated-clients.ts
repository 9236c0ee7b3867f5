/** The IM Clients that Scrim plays, each on an address of its own. */
import type { WireCrossing } from "../endpoint/crossing.ts";
import type { MsrpTap } from "../endpoint/msrp/crossing.ts";
import type { Clock } from "../net/clock.ts";
import type { Ids } from "../net/ids.ts";
import type { Hop, Network } from "../net/network.ts";
import { createImClient, type ImClient } from "../peer/im-client/client.ts";
import { defaultSettings } from "../peer/im-client/config.ts";
import type { SessionScript } from "../peer/im-client/session/session.ts";
import { referenceClientDecisions } from "../peer/im-client/decisions.ts";
import { coreListening } from "../spec/core-addresses.ts";
import type { PooledUser, SutFile } from "../spec/sut-file.ts";
import { akaSubscription } from "../wire/aka/subscription.ts";
import { withBody, withHeader, withoutHeader, withRequestUri } from "../wire/sip/edit.ts";
import { header } from "../wire/sip/headers.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import type { MessageAlteration } from "./alterations.ts";
import { sipLimitsOf } from "./limits.ts";

export interface SimulatedClientOptions {
  readonly node: string;
  readonly user: PooledUser;
  readonly sutFile: SutFile;
  readonly conferenceFactory: string;
  readonly core: Hop;
  readonly network: Network;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly tap: (crossing: WireCrossing) => void;
  readonly msrpTap: MsrpTap;
}

export interface ClientScript {
  /** Final response to every MESSAGE. */
  readonly answer?: number;
  /** Whether delivery notifications that are asked for are sent. */
  readonly notifications?: boolean;
  /** How long answers and notifications keep the network waiting, in milliseconds. */
  readonly answerAfterMs?: number;
  readonly notifyAfterMs?: number;
  /** How it misbehaves in sessions. */
  readonly sessions?: SessionScript;
}

export interface SimulatedClient {
  readonly user: PooledUser;
  readonly client: ImClient;
  script(script: ClientScript): void;
}

export async function openSimulatedClient(options: SimulatedClientOptions): Promise<SimulatedClient> {
  const { node, user, sutFile, core, network, clock, ids, tap, msrpTap, conferenceFactory } = options;
  let [notifications, answerAfterMs, notifyAfterMs] = [true, 0, 0];
  const { receiving } = referenceClientDecisions;
  const client = await createImClient({
    network,
    clock,
    ids,
    tap,
    msrpTap,
    config: {
      node,
      listen: coreListening(sutFile).map(({ host, transport }) => ({ host, port: 0, transport })),
      advertisedHost: sutFile.core.advertised,
      core,
      homeDomain: domainOf(user.impu) ?? sutFile.core.homeDomain,
      imAddress: user.impu,
      privateIdentity: user.impi,
      ...(user.password === undefined ? {} : { password: user.password }),
      ...(user.aka === undefined ? {} : { aka: akaSubscription(user.aka) }),
      registrationExpiresS: sutFile.core.registrationExpiresS,
      conferenceFactory,
      congestionSafe: true,
      settings: defaultSettings,
      udpLimitBytes: sutFile.core.udpLimitBytes,
      ...sipLimitsOf(sutFile),
    },
    faults: [
      {
        decisions: {
          receiving: {
            reports: (parts, request) => notifications && receiving.reports(parts, request),
            answerAfterMs: () => answerAfterMs,
            reportAfterMs: () => notifyAfterMs,
          },
        },
      },
    ],
  });
  return {
    user,
    client,
    script(script) {
      if (script.answer !== undefined) client.answerWith(script.answer);
      if (script.notifications !== undefined) notifications = script.notifications;
      if (script.sessions !== undefined) client.scriptSessions(script.sessions);
      answerAfterMs = script.answerAfterMs ?? answerAfterMs;
      notifyAfterMs = script.notifyAfterMs ?? notifyAfterMs;
    },
  };
}

function domainOf(uri: string): string | undefined {
  return uri.split("@")[1]?.split(/[;?]/u)[0];
}

const encoder = new TextEncoder();

/** The request with the alterations of a scenario's table in it. */
export function altered(request: SipRequest, { requestUri, headers, body }: MessageAlteration): SipRequest {
  const addressed = requestUri === undefined ? request : withRequestUri(request, requestUri);
  const type =
    headers.find(([name]) => name === "Content-Type")?.[1] ?? header(request, "Content-Type") ?? "text/plain";
  const filled = body === undefined ? addressed : withBody(addressed, type, encoder.encode(body));
  return headers.reduce(
    (message, [name, value]) =>
      value === "" ? withoutHeader(message, name) : withHeader(message, name, value),
    filled,
  );
}
