/** Route headers of a request: reading them, and writing them anew. */
import { appendHeader, withoutHeader } from "../../wire/sip/edit.ts";
import { headerValues } from "../../wire/sip/headers.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import { parseNameAddr } from "../../wire/sip/name-addr.ts";
import { sipUriOf } from "../../wire/sip/uri.ts";
import type { OwnUris } from "./hops.ts";

export interface RouteEntry {
  /** As it stood in the header. */
  readonly value: string;
  readonly uri: string;
  readonly user: string | undefined;
}

export function routeEntries(request: SipRequest): readonly RouteEntry[] {
  return headerValues(request, "Route").map((value) => {
    const uri = uriIn(value);
    return { value, uri, user: sipUriOf(uri)?.user };
  });
}

/** The URI of a route value; a value that is no address is taken as it stands, so that it is nobody's. */
export function uriIn(value: string): string {
  try {
    return parseNameAddr(value).uri;
  } catch {
    return value;
  }
}

export function withRoutes(request: SipRequest, values: readonly string[]): SipRequest {
  return values.reduce(
    (routed, value) => appendHeader(routed, "Route", value),
    withoutHeader(request, "Route"),
  );
}

export interface SplitRoute {
  /** The entries at the top that are the core's own: they have done their duty (RFC 3261 16.4). */
  readonly own: readonly RouteEntry[];
  readonly rest: readonly RouteEntry[];
}

export function splitRoutes(request: SipRequest, ownUris: OwnUris): SplitRoute {
  const entries = routeEntries(request);
  const foreign = entries.findIndex((entry) => !ownUris.isOwn(entry.uri));
  const count = foreign < 0 ? entries.length : foreign;
  return { own: entries.slice(0, count), rest: entries.slice(count) };
}
