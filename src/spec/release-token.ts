/** The first product of User-Agent and Server (F.1): `IM-client/OMA1.0`, `IM-serv/OMA1.0`. Strings of ABNF are compared without case. */
export const CLIENT_RELEASE = "IM-client/OMA1.0";
export const SERVER_RELEASE = "IM-serv/OMA1.0";

export interface ReleaseToken {
  /** As written: `client`, `serv` or another token. */
  readonly device: string;
  /** As written: `OMA1.0` in this release. */
  readonly version: string;
  /** What follows the first product: more products and comments. */
  readonly rest: string;
}

const TOKEN = "[A-Za-z0-9.!%*_+`'~-]+";
const FIRST_PRODUCT = new RegExp(`^IM-(${TOKEN})/(${TOKEN})(?:[ \\t]+(\\S.*))?$`, "i");

/** Reads the value of a User-Agent or Server header; undefined: its first product has not the form of F.1. */
export function parseReleaseToken(value: string): ReleaseToken | undefined {
  const [, device, version, rest] = FIRST_PRODUCT.exec(value.trim()) ?? [];
  return device === undefined || version === undefined ? undefined : { device, version, rest: rest ?? "" };
}

export type DeviceKind = "client" | "server";

const DEVICE_TOKENS: Readonly<Record<DeviceKind, string>> = { client: "client", server: "serv" };

/** F.1: a client calls itself client, a server serv. */
export function hasDeviceToken({ device }: ReleaseToken, kind: DeviceKind): boolean {
  return device.toLowerCase() === DEVICE_TOKENS[kind];
}

/** F.1: the version of this release. */
export function isRelease1({ version }: ReleaseToken): boolean {
  return version.toLowerCase() === "oma1.0";
}

/** Whether the header tells release 1.0 of a client or a server in its first product. */
export function tellsRelease(value: string, kind: DeviceKind): boolean {
  const token = parseReleaseToken(value);
  return token !== undefined && hasDeviceToken(token, kind) && isRelease1(token);
}

/** Whether a first product (`IM-client/OMA1.0`) is among the releases that a server supports. */
export function isSupportedRelease(value: string, supported: readonly string[]): boolean {
  const product = value.trim().split(/[ \t]/)[0]?.toLowerCase();
  return supported.some((release) => release.toLowerCase() === product);
}
