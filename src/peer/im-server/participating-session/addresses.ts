/** URIs by which the participating functions are reached again: as Contact of a B2BUA, and in Record-Route of a proxy. */
import { routesOf } from "../../../wire/sip/headers.ts";
import type { SipRequest } from "../../../wire/sip/message.ts";
import { sipUriOf } from "../../../wire/sip/uri.ts";
import type { ImServerConfig } from "../config.ts";

export type ParticipatingFunction = "originating" | "terminating";

/** `user` at the address of a function: `sip:user@192.0.2.1:5070;transport=tcp`. */
export function ownUri(config: ImServerConfig, at: ParticipatingFunction, user: string): string {
  const named = config.functions[at];
  const { scheme = "sip", host = "localhost", port, params } = sipUriOf(named) ?? {};
  const transport = params?.get("transport");
  return [
    `${scheme}:${user}@${host}`,
    port === undefined ? "" : `:${port}`,
    transport === undefined ? "" : `;transport=${transport}`,
  ].join("");
}

/** User part of a Record-Route: it tells the function when the route comes back. */
const PATH_USERS: Readonly<Record<ParticipatingFunction, string>> = {
  originating: "path-originating",
  terminating: "path-terminating",
};

/** The value of Record-Route (RFC 3261 16.6, item 4). */
export function pathValue(config: ImServerConfig, at: ParticipatingFunction): string {
  return `<${ownUri(config, at, PATH_USERS[at])};lr>`;
}

/** The function whose Record-Route is the topmost Route. */
export function pathOf(config: ImServerConfig, request: SipRequest): ParticipatingFunction | undefined {
  const top = sipUriOf(routesOf(request)[0]?.uri ?? "");
  if (top === undefined) return undefined;
  return (["originating", "terminating"] as const).find((at) => {
    const own = sipUriOf(ownUri(config, at, PATH_USERS[at]));
    return own?.user === top.user && own?.host === top.host && own?.port === top.port;
  });
}
