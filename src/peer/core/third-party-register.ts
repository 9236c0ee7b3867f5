/** Third-party REGISTER: the core tells an application server that a user is, or is no longer, registered (3GPP TS 24.229 5.4.1.7, TS 5.3). */
import type { Ids } from "../../net/ids.ts";
import { sipRequest, type HeaderPair } from "../../wire/sip/build.ts";
import type { SipRequest, SipResponse } from "../../wire/sip/message.ts";
import type { ApplicationServer, ThirdPartyRegisterConfig, UserProfile } from "./config.ts";
import { IM_FEATURE_TAG } from "./filter-criteria.ts";
import type { Binding } from "./registrar.ts";
import { homeDomainOf } from "./subscribers.ts";

const TYPE_3GPP = "application/3gpp-ims+xml";

export interface ThirdPartyRegistration {
  readonly user: UserProfile;
  readonly server: string;
  readonly request: SipRequest;
  readonly expiresS: number;
}

/** What became of one: the server's answer, or that none came. */
export interface ThirdPartyRegisterResult extends ThirdPartyRegistration {
  readonly response?: SipResponse;
  readonly failure?: "timeout" | "transport";
}

export function hasImFeatureTag(binding: Binding): boolean {
  return binding.contact.features.some((feature) => feature.name === IM_FEATURE_TAG);
}

/**
 * Seconds for which the server is told that the user is registered for IM: those of the binding with the IM tag that lasts longest, 0 when
 * the last one has gone, be it that the terminal stays registered without the tag (TS 5.2.3). Undefined: nothing to tell.
 */
export function expiresToTell(
  before: readonly Binding[],
  after: readonly Binding[],
  now: number,
): number | undefined {
  const im = after.filter(hasImFeatureTag);
  if (im.length === 0) return before.some(hasImFeatureTag) ? 0 : undefined;
  return Math.max(...im.map((binding) => Math.ceil((binding.expiresAt - now) / 1000)));
}

export function thirdPartyRegisterConfig(server: ApplicationServer): ThirdPartyRegisterConfig | undefined {
  if (server.thirdPartyRegister === false) return undefined;
  return server.thirdPartyRegister === true ? { body: "none" } : server.thirdPartyRegister;
}

function bodyOf(config: ThirdPartyRegisterConfig): string {
  if (config.body === "none") return "";
  const info = (config.serviceInfo ?? "").replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<?xml version="1.0" encoding="UTF-8"?>\r\n<ims-3gpp version="1"><service-info>${info}</service-info></ims-3gpp>\r\n`;
}

/** RFC 3261 10.2: the Request-URI of a REGISTER names a host, without user information; `lr` is for Route. */
export function withoutUser(uri: string): string {
  return uri.replace(/^(sips?:)[^@]*@/iu, "$1").replace(/;lr(?=;|$)/iu, "");
}

/** The series of REGISTERs for one user and server: one Call-ID, a CSeq that counts up (RFC 3261 10.2). */
interface Series {
  readonly callId: string;
  readonly fromTag: string;
  cseq: number;
}

export type ThirdPartyAnswer = Pick<ThirdPartyRegisterResult, "response" | "failure">;

export interface ThirdPartyRegistrationsOptions {
  readonly ids: Ids;
  /** The core's own URI: it registers on behalf of the user. */
  readonly registrarUri: string;
  readonly host: string;
  readonly send: (
    request: SipRequest,
    server: ApplicationServer,
    done: (answer: ThirdPartyAnswer) => void,
  ) => void;
  readonly onResult: (result: ThirdPartyRegisterResult) => void;
}

export interface ThirdPartyRegistrations {
  /** Tells the server of the user what has become of the bindings, if that concerns it. */
  changed(
    user: UserProfile,
    server: ApplicationServer,
    before: readonly Binding[],
    after: readonly Binding[],
    now: number,
  ): void;
}

export function createThirdPartyRegistrations(
  options: ThirdPartyRegistrationsOptions,
): ThirdPartyRegistrations {
  const { ids, registrarUri } = options;
  const series = new Map<string, Series>();

  function seriesOf(user: UserProfile, server: ApplicationServer): Series {
    const key = `${server.name} ${user.impi}`;
    const known = series.get(key) ?? { callId: ids.token(20), fromTag: ids.token(13), cseq: 0 };
    series.set(key, known);
    return known;
  }

  /** From and Contact name the core, To the user, the Request-URI the server. */
  function requestFor(
    user: UserProfile,
    server: ApplicationServer,
    body: string,
    expiresS: number,
  ): SipRequest {
    const known = seriesOf(user, server);
    const orig = homeDomainOf(user);
    const vector = `icid-value=${ids.token(20)};icid-generated-at=${options.host}${orig === undefined ? "" : `;orig-ioi=${orig}`}`;
    return sipRequest({
      method: "REGISTER",
      uri: withoutUser(server.originating),
      headers: [
        ["Max-Forwards", "70"],
        ["From", `<${registrarUri}>;tag=${known.fromTag}`],
        ["To", `<${user.identities[0] ?? ""}>`],
        ["Call-ID", known.callId],
        ["CSeq", `${++known.cseq} REGISTER`],
        ["Contact", `<${registrarUri}>`],
        ["Expires", String(expiresS)],
        ["P-Charging-Vector", vector],
        ...(body === "" ? [] : ([["Content-Type", TYPE_3GPP]] satisfies HeaderPair[])),
      ],
      body: new TextEncoder().encode(body),
    });
  }

  return {
    changed(user, server, before, after, now) {
      const config = thirdPartyRegisterConfig(server);
      const expiresS = expiresToTell(before, after, now);
      if (config === undefined || expiresS === undefined) return;
      const request = requestFor(user, server, bodyOf(config), expiresS);
      options.send(request, server, (answer) =>
        options.onResult({ user, server: server.name, request, expiresS, ...answer }),
      );
    },
  };
}
