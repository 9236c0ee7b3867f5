/** Who is told when registrations change: the application server by third-party REGISTER, subscribers to the `reg` event by NOTIFY. */
import type { SipEndpoint } from "../../endpoint/sip-endpoint.ts";
import type { Clock } from "../../net/clock.ts";
import type { Ids } from "../../net/ids.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import type { ApplicationServer, UserProfile } from "./config.ts";
import { hopOf, sameAddressAndPort, type OwnUris } from "./hops.ts";
import { createRegEvents, type RegEvents, type SubscribeResult } from "./reg-event.ts";
import type { NotifyToSend } from "./reg-subscription.ts";
import type { Binding, BindingChange } from "./registrar.ts";
import {
  createThirdPartyRegistrations,
  type ThirdPartyAnswer,
  type ThirdPartyRegisterResult,
} from "./third-party-register.ts";

export interface RegistrationChanged {
  readonly user: UserProfile;
  readonly changes: readonly BindingChange[];
  /** What is bound now. */
  readonly bindings: readonly Binding[];
}

export interface AnnouncementsOptions {
  readonly endpoint: SipEndpoint;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly ownUris: OwnUris;
  readonly servers: readonly ApplicationServer[];
  readonly serverOf: (user: UserProfile) => ApplicationServer | undefined;
  readonly onChange: (change: RegistrationChanged) => void;
  readonly onThirdPartyRegister: (result: ThirdPartyRegisterResult) => void;
}

export interface Announcements {
  readonly regEvents: RegEvents;
  /** `tellServer`: by a third-party REGISTER. */
  announce(change: RegistrationChanged, before: readonly Binding[], tellServer: boolean): void;
  /** Sends the NOTIFY that a subscription brought about. */
  notify(result: Pick<SubscribeResult, "notify">): void;
  notifyAll(requests: readonly NotifyToSend[]): void;
}

const REGISTRATION = { serverFunction: "registration" } as const;

export function createAnnouncements(options: AnnouncementsOptions): Announcements {
  const { endpoint, clock, ids, ownUris, servers } = options;
  const regEvents = createRegEvents(ids, ownUris.uri("reg"));

  function sendToServer(
    request: SipRequest,
    server: ApplicationServer,
    done: (answer: ThirdPartyAnswer) => void,
  ): void {
    const to = hopOf(server.originating, server);
    if (to === undefined) return done({ failure: "transport" });
    endpoint.send(request, {
      to,
      annotation: REGISTRATION,
      onResponse: (response) => response.status >= 200 && done({ response }),
      onFailure: (failure) => done({ failure }),
    });
  }

  const thirdParty = createThirdPartyRegistrations({
    ids,
    registrarUri: ownUris.uri(undefined),
    host: ownUris.host,
    send: sendToServer,
    onResult: options.onThirdPartyRegister,
  });

  function send({ request, to, dialog }: NotifyToSend): void {
    const hops = servers
      .map((server) => hopOf(server.originating, server))
      .filter((hop) => hop !== undefined);
    const toServer = hops.some((hop) => sameAddressAndPort(hop, to));
    endpoint.send(request, {
      to,
      ...(toServer ? { annotation: REGISTRATION } : {}),
      // RFC 3265 3.2.2: a subscriber that knows nothing of the subscription, or is not there, has none.
      onResponse: (response) => response.status === 481 && regEvents.end(dialog),
      onFailure: () => regEvents.end(dialog),
    });
  }

  return {
    regEvents,
    notifyAll: (requests) => requests.forEach(send),
    notify: ({ notify }) => notify !== undefined && send(notify),
    announce(change, before, tellServer) {
      const { user, bindings, changes } = change;
      const now = clock.now();
      const server = options.serverOf(user);
      if (tellServer && server !== undefined) thirdParty.changed(user, server, before, bindings, now);
      regEvents.changed(user, bindings, changes, now).forEach(send);
      options.onChange(change);
    },
  };
}
