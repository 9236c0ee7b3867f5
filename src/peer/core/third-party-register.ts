/** Third-party REGISTER: the core tells an application server that a user is, or is no longer, registered (3GPP TS 24.229 5.4.1.7, TS 5.3). */
import type { Ids } from "../../net/ids.ts";
import { sipRequest, type HeaderPair } from "../../wire/sip/build.ts";
import type { SipRequest, SipResponse } from "../../wire/sip/message.ts";
import type { ApplicationServer, ThirdPartyRegisterConfig, UserProfile } from "./config.ts";
import { IM_FEATURE_TAG } from "./filter-criteria.ts";
import type { Binding } from "./registrar.ts";

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
export function expiresToTell(before: readonly Binding[], after: readonly Binding[], now: number): number | undefined {
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

export interface ThirdPartyRegisterDetails {
  readonly user: UserProfile;
  readonly server: ApplicationServer;
  readonly config: ThirdPartyRegisterConfig;
  /** The core's own URI: it registers on behalf of the user. */
  readonly registrarUri: string;
  readonly expiresS: number;
  readonly cseq: number;
  readonly ids: Ids;
}

/** From and Contact name the core, To the user, the Request-URI the server. */
export function thirdPartyRegister(details: ThirdPartyRegisterDetails): SipRequest {
  const { user, server, config, registrarUri, ids } = details;
  const body = bodyOf(config);
  const type: HeaderPair[] = body === "" ? [] : [["Content-Type", TYPE_3GPP]];
  return sipRequest({
    method: "REGISTER",
    uri: server.terminating,
    headers: [
      ["Max-Forwards", "70"],
      ["From", `<${registrarUri}>;tag=${ids.token(13)}`],
      ["To", `<${user.identities[0] ?? ""}>`],
      ["Call-ID", ids.token(20)],
      ["CSeq", `${details.cseq} REGISTER`],
      ["Contact", `<${registrarUri}>`],
      ["Expires", String(details.expiresS)],
      ...type,
    ],
    body: new TextEncoder().encode(body),
  });
}
