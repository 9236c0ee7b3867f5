/** Session descriptions that a scenario has a client offer in place of its own. */
import { header } from "../wire/sip/headers.ts";
import type { SipMessage } from "../wire/sip/message.ts";

/** Without message media: nobody can take it for an offer of MSRP. */
export const SPEECH = [
  "v=0",
  "o=- 1 1 IN IP4 127.0.0.1",
  "s=-",
  "c=IN IP4 127.0.0.1",
  "t=0 0",
  "m=audio 49170 RTP/AVP 0",
  "",
].join("\r\n");

/** As text, where it has message media. */
export function descriptionIn(message: SipMessage): string | undefined {
  const text = Buffer.from(message.body).toString("utf8");
  return /^application\/sdp\b/iu.test(header(message, "Content-Type") ?? "") && /^m=message /mu.test(text)
    ? text
    : undefined;
}

/** Whether no medium was declined. */
export function takesAll(message: SipMessage): boolean {
  return !/^m=\S+ 0 /mu.test(Buffer.from(message.body).toString("utf8"));
}

/** The next version of the description; the file has an MSRP session of its own. */
export function withFile(sdp: string): string {
  const [, media = ""] = /^(m=message .*)$/mu.exec(sdp.replaceAll("\r", "")) ?? [];
  const [, path = ""] = /^a=path:(.*)$/mu.exec(sdp.replaceAll("\r", "")) ?? [];
  const next = sdp.replace(
    /^(o=\S+ \S+ )(\d+)/mu,
    (_line, head: string, version: string) => `${head}${Number(version) + 1}`,
  );
  const file = [
    media,
    "a=sendonly",
    "a=accept-types:message/cpim image/png",
    `a=path:${path.replace(/;tcp\s*$/iu, "-file;tcp")}`,
    'a=file-selector:name:"picture.png" type:image/png size:1200',
    "a=file-transfer-id:scrim-picture",
  ];
  return `${next.trimEnd()}\r\n${file.join("\r\n")}\r\n`;
}
