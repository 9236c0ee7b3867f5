/**
 * One spelling for every way to write an address-of-record, so that identities can be looked up.
 *
 * Parameters, headers and the password play no part, `sips` stands for the same user as `sip`, escaped characters of the user part are
 * equal to themselves unescaped (RFC 3261 10.3 step 5, 19.1.4), and a tel URI loses its visual separators (RFC 3966 4).
 */
const VISUAL_SEPARATORS = /[-.()]/g;

function unescape(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (whole, hex: string) => {
    const character = String.fromCharCode(Number.parseInt(hex, 16));
    // RFC 3261 19.1.4: reserved characters are not equal to their escapes.
    return /[!-~]/.test(character) && !/[;/?:@&=+$,%]/.test(character) ? character : whole.toUpperCase();
  });
}

function hostKey(hostport: string): string {
  const host = hostport.toLowerCase();
  return host.endsWith(":5060") && !host.endsWith("::5060") ? host.slice(0, -":5060".length) : host;
}

function sipKey(rest: string): string {
  const at = rest.indexOf("@");
  const userinfo = at < 0 ? "" : rest.slice(0, at);
  const user = userinfo.split(":")[0] ?? "";
  const hostport = (at < 0 ? rest : rest.slice(at + 1)).split(/[;?]/)[0] ?? "";
  const userKey = unescape(user.split(";")[0] ?? "");
  return `sip:${userKey === "" ? "" : `${userKey}@`}${hostKey(hostport)}`;
}

/** The key of an address; a URI of another scheme is its own key, in lower case. */
export function addressKey(uri: string): string {
  const colon = uri.indexOf(":");
  const scheme = uri.slice(0, Math.max(colon, 0)).trim().toLowerCase();
  const rest = uri.slice(colon + 1).trim();
  if (scheme === "sip" || scheme === "sips") return sipKey(rest);
  if (scheme === "tel")
    return `tel:${(rest.split(";")[0] ?? "").replace(VISUAL_SEPARATORS, "").toLowerCase()}`;
  return uri.trim().toLowerCase();
}

/** Whether two URIs are the same address-of-record. */
export function sameAddress(a: string, b: string): boolean {
  return addressKey(a) === addressKey(b);
}

/** `sip:+1555…@domain;user=phone` is the telephone number that it holds (RFC 3261 19.1.6); undefined where there is none. */
export function telOf(uri: string): string | undefined {
  const number = /^sips?:(\+[0-9().-]+)(?:;[^@]*)?@[^?]*;user=phone(?:[;?]|$)/i.exec(uri)?.[1];
  return number === undefined ? undefined : `tel:${number}`;
}

/** The domain of a SIP URI in lower case, without port; undefined for other schemes. */
export function domainOf(uri: string): string | undefined {
  const key = addressKey(uri);
  if (!key.startsWith("sip:")) return undefined;
  const hostport = key.slice(key.lastIndexOf("@") + 1).replace(/^sip:/, "");
  return hostport.startsWith("[")
    ? hostport.slice(0, hostport.indexOf("]") + 1)
    : hostport.replace(/:\d+$/, "");
}
