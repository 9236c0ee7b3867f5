/** Session descriptions to bytes, and lines made by Scrim (RFC 4566 5). */
import { encodeText } from "../sip/text.ts";
import type { SdpDescription, SdpLine, SdpSection } from "./description.ts";
import type { SdpConnection, SdpMediaLine, SdpOrigin } from "./lines.ts";

/** Every line with CRLF, in its order. */
export function serializeSdp(description: SdpDescription): Uint8Array {
  const lines = [...description.lines, ...description.media.flatMap((media) => media.lines)];
  return encodeText(lines.map(textOf).join(""));
}

function textOf({ type, value }: SdpLine): string {
  return type === "" ? `${value}\r\n` : `${type}=${value}\r\n`;
}

export function sdpLine(type: string, value: string): SdpLine {
  return { type, value, offset: -1 };
}

/** `a=name`, or `a=name:value`. */
export function sdpAttribute(name: string, value?: string): SdpLine {
  return sdpLine("a", value === undefined ? name : `${name}:${value}`);
}

export function originLine(origin: SdpOrigin): SdpLine {
  const { username, sessionId, sessionVersion, netType, addrType, address } = origin;
  return sdpLine("o", [username, sessionId, sessionVersion, netType, addrType, address].join(" "));
}

export function connectionLine({ netType, addrType, address }: SdpConnection): SdpLine {
  return sdpLine("c", `${netType} ${addrType} ${address}`);
}

export function mediaLine({ media, port, ports, protocol, formats }: SdpMediaLine): SdpLine {
  const number = ports === undefined ? `${port}` : `${port}/${ports}`;
  return sdpLine("m", [media, number, protocol, ...formats].join(" "));
}

/** A copy with one attribute of the name: in the place of the first, or last. */
export function withAttribute<S extends SdpSection>(section: S, name: string, value?: string): S {
  const first = section.lines.findIndex((line) => isAttribute(line, name));
  const attribute = sdpAttribute(name, value);
  if (first === -1) return { ...section, lines: [...section.lines, attribute] };
  const lines = section.lines.flatMap((line, index) => {
    if (index === first) return [attribute];
    return isAttribute(line, name) ? [] : [line];
  });
  return { ...section, lines };
}

/** A copy without the attributes of the name. */
export function withoutAttribute<S extends SdpSection>(section: S, name: string): S {
  return { ...section, lines: section.lines.filter((line) => !isAttribute(line, name)) };
}

function isAttribute({ type, value }: SdpLine, name: string): boolean {
  return type === "a" && (value === name || value.startsWith(`${name}:`));
}

/** `IN IP4`, `IN IP6` or, for a host name, `IN IP4` with the name (RFC 4566 5.7 has no type for names). */
export function connectionTo(host: string): SdpConnection {
  const bare = host.startsWith("[") ? host.slice(1, -1) : host;
  return { netType: "IN", addrType: bare.includes(":") ? "IP6" : "IP4", address: bare };
}
