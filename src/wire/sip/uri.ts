/** URIs: how they are read and written, and when two are the same (RFC 3261 19.1, RFC 3966). */
export * from "./parse-uri.ts";
export { sameAddressOfRecord, sameUri } from "./same-uri.ts";
