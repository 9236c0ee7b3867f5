/** Other ways to write the same SIP message (RFC 3261 7.3), which no check may mind. */
import { bytesOf, textOf } from "../../peer/im/content.ts";
import { withBody } from "../../wire/sip/edit.ts";
import { header } from "../../wire/sip/headers.ts";
import { canonicalName, isListField } from "../../wire/sip/header-names.ts";
import { splitOutsideQuotes } from "../../wire/sip/grammar.ts";
import type { HeaderField, SipMessage, SipRequest } from "../../wire/sip/message.ts";
import { startLineOf } from "../../wire/sip/serialize.ts";

/** What is sent in the place of a message: one, several, or bytes. */
export type Form = (message: SipMessage) => SipMessage | Uint8Array;

/** How one field is written, line ends included. */
type Line = (field: HeaderField) => string;

function written(
  message: SipMessage,
  line: Line,
  headers: readonly HeaderField[] = message.headers,
): Uint8Array {
  const head = `${startLineOf(message)}\r\n${headers.map(line).join("")}\r\n`;
  return Buffer.concat([Buffer.from(head, "utf8"), message.body]);
}

const COMPACT: Readonly<Record<string, string>> = {
  "accept-contact": "a",
  "referred-by": "b",
  "content-type": "c",
  from: "f",
  "call-id": "i",
  supported: "k",
  "content-length": "l",
  contact: "m",
  event: "o",
  subject: "s",
  to: "t",
  via: "v",
};

export const compactNames: Form = (message) =>
  written(message, ({ name, value }) => `${COMPACT[canonicalName(name)] ?? name}:${value}\r\n`);

export const namesInOtherCase: Form = (message) =>
  written(message, ({ name, value }) => `${swapCase(name)} \t: ${value}  \r\n`);

function swapCase(name: string): string {
  return name.replaceAll(/./gsu, (letter, index: number) =>
    index % 2 === 0 ? letter.toLowerCase() : letter.toUpperCase(),
  );
}

/** A line may be folded wherever white space may stand. */
export const foldedLines: Form = (message) =>
  written(message, ({ name, value }) => `${name}:\r\n\t ${value}\r\n`);

/** The order of fields with different names means nothing. */
export const lastHeadersFirst: Form = (message) => {
  const names = [...new Set(message.headers.map(({ name }) => canonicalName(name)))].reverse();
  const headers = names.flatMap((name) =>
    message.headers.filter((field) => canonicalName(field.name) === name),
  );
  return { ...withoutReceived(message), headers };
};

/** One value in each line, where the field is a list. */
export const oneValuePerLine: Form = (message) => ({
  ...withoutReceived(message),
  headers: message.headers.flatMap((field) =>
    isListField(field.name)
      ? splitOutsideQuotes(field.value, ",").map((value) => ({ ...field, value }))
      : [field],
  ),
});

/** All values of a list in its first line. */
export const allValuesInOneLine: Form = (message) => {
  const lists = new Map<string, string[]>();
  for (const { name, value } of message.headers)
    if (isListField(name)) lists.set(canonicalName(name), [...(lists.get(canonicalName(name)) ?? []), value]);
  const headers = message.headers.flatMap((field) => {
    if (!isListField(field.name)) return [field];
    const values = lists.get(canonicalName(field.name));
    lists.delete(canonicalName(field.name));
    return values === undefined ? [] : [{ ...field, value: values.join(" ,  ") }];
  });
  return { ...withoutReceived(message), headers };
};

export const zerosInContentLength: Form = (message) => ({
  ...withoutReceived(message),
  headers: message.headers.map((field) =>
    canonicalName(field.name) === "content-length"
      ? { ...field, value: field.value.padStart(8, "0") }
      : field,
  ),
});

/** Fields of which a message has one, so that what was passed on with them gets no second (RFC 3261 20.25, RFC 7315 4.6). */
const ONCE: ReadonlySet<string> = new Set(["p-charging-vector", "organization"]);

/** Fields that nobody asked for. */
export const fieldsOfOthers: Form = (message) => ({
  ...withoutReceived(message),
  headers: [
    { name: "X-Vendor", value: 'a;b="c, d" <sip:e@f.example>', offset: -1 },
    ...message.headers.filter(({ name }) => !ONCE.has(canonicalName(name))),
    { name: "P-Charging-Vector", value: "icid-value=1234bc9876e;icid-generated-at=192.0.6.8", offset: -1 },
    { name: "Allow", value: "INVITE, ACK, CANCEL, OPTIONS, BYE, MESSAGE, NOTIFY, PUBLISH", offset: -1 },
    { name: "Organization", value: "Müller & Söhne", offset: -1 },
  ],
});

/** A notification as RFC 5438 prints them, without the empty line before the headers of its content, which products copied. */
export function asPrinted(request: SipRequest): SipRequest {
  const type = header(request, "Content-Type");
  const text = textOf(request.body);
  if (type !== "message/cpim" || !text.includes("delivery-notification>")) return request;
  return withBody(request, type, bytesOf(text.replace("\r\n\r\n", "\r\n")));
}

/** Each message in another form, so that one run meets them all. */
export function inTurn(...forms: readonly Form[]): Form {
  let next = 0;
  return (message) => {
    const form = forms[next % forms.length];
    next += 1;
    return form === undefined ? message : form(message);
  };
}

function withoutReceived<M extends SipMessage>(message: M): M {
  const copy = { ...message };
  Reflect.deleteProperty(copy, "received");
  return copy;
}
