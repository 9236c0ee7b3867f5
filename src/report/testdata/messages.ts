import type { Sip } from "./record.ts";

type Headers = readonly (readonly [string, string])[];

export interface MessageParts {
  readonly uri: string;
  readonly from: string;
  readonly to: string;
  readonly callId: string;
  readonly branch: string;
  readonly via: string;
  readonly more?: Headers;
  readonly type?: string;
  readonly body: string;
}

export function messageRequest(parts: MessageParts): Sip {
  return {
    start: `MESSAGE ${parts.uri} SIP/2.0`,
    headers: [
      ["Via", `SIP/2.0/UDP ${parts.via};branch=z9hG4bK${parts.branch}`],
      ["Max-Forwards", "70"],
      ["From", parts.from],
      ["To", parts.to],
      ["Call-ID", parts.callId],
      ["CSeq", "1 MESSAGE"],
      ["Accept-Contact", '*;+g.oma.sip-im;require;explicit'],
      ["User-Agent", "IM-client/OMA1.0"],
      ...(parts.more ?? []),
      ["Content-Type", parts.type ?? "text/plain;charset=UTF-8"],
    ],
    body: parts.body,
  };
}

export function response(status: string, request: Sip, toTag: string, more: Headers = []): Sip {
  const copied = request.headers.filter(([name]) => /^(Via|From|To|Call-ID|CSeq)$/.test(name));
  return {
    start: `SIP/2.0 ${status}`,
    headers: [...copied.map(([name, value]) => [name, name === "To" ? `${value};tag=${toTag}` : value] as const), ...more],
  };
}

export function register(user: string, authorization?: string): Sip {
  return {
    start: "REGISTER sip:home.example SIP/2.0",
    headers: [
      ["Via", `SIP/2.0/UDP 127.0.0.1:5071;branch=z9hG4bKreg${authorization ? 2 : 1}`],
      ["Max-Forwards", "70"],
      ["From", `<sip:${user}@home.example>;tag=r1`],
      ["To", `<sip:${user}@home.example>`],
      ["Call-ID", `reg-${user}`],
      ["CSeq", `${authorization ? 2 : 1} REGISTER`],
      ["Contact", `<sip:${user}@127.0.0.1:5071>;+g.oma.sip-im`],
      ...(authorization ? ([["Authorization", authorization]] as const) : []),
      ["Expires", "3600"],
    ],
  };
}
