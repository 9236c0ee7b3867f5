/** Who is told when registrations change: the application server by third-party REGISTER, subscribers to the `reg` event by NOTIFY. */
import type { SipEndpoint } from "../../endpoint/sip-endpoint.ts";
import type { Clock } from "../../net/clock.ts";
import type { Ids } from "../../net/ids.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import type { ApplicationServer, UserProfile } from "./config.ts";
import { hopOf, type OwnUris } from "./hops.ts";
import { createRegEvents, type RegEvents } from "./reg-event.ts";
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
  readonly bindingsOf: (impi: string) => readonly Binding[];
  readonly serverOf: (user: UserProfile) => ApplicationServer | undefined;
  readonly onChange: (change: RegistrationChanged) => void;
  readonly onThirdPartyRegister: (result: ThirdPartyRegisterResult) => void;
}

export interface Announcements {
  readonly regEvents: RegEvents;
  /** `tellServer`: by a third-party REGISTER. */
  announce(change: RegistrationChanged, before: readonly Binding[], tellServer: boolean): void;
}

const REGISTRATION = { serverFunction: "registration" } as const;

export function createAnnouncements(options: AnnouncementsOptions): Announcements {
  const { endpoint, clock, ids, ownUris, bindingsOf } = options;
  const regEvents = createRegEvents({ endpoint, clock, ids, bindingsOf, contact: ownUris.uri("reg") });

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

  return {
    regEvents,
    announce(change, before, tellServer) {
      const { user, bindings, changes } = change;
      const now = clock.now();
      const server = options.serverOf(user);
      if (tellServer && server !== undefined) thirdParty.changed(user, server, before, bindings, now);
      regEvents.changed(user, changes);
      options.onChange(change);
    },
  };
}
