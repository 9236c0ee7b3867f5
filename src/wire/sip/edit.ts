/**
 * Changed copies of messages. Each drops `received`, so that the copy is written anew; header fields that were not touched keep the bytes in
 * which they were sent (`origin`).
 */
import { checkedField } from "./field.ts";
import { sameName } from "./header-names.ts";
import type { HeaderField, SipMessage, SipRequest } from "./message.ts";

/** Puts `value` in the place of the first field of that name and removes the others; appends a field when there is none. */
export function withHeader<M extends SipMessage>(message: M, name: string, value: string): M {
  const made = checkedField(name, value);
  const first = message.headers.findIndex((field) => sameName(field.name, name));
  if (first === -1) return withHeaders(message, [...message.headers, made]);
  const headers = message.headers.flatMap((field, index) => {
    if (index === first) return [made];
    return sameName(field.name, name) ? [] : [field];
  });
  return withHeaders(message, headers);
}

/** Removes every field of that name. */
export function withoutHeader<M extends SipMessage>(message: M, name: string): M {
  return withHeaders(
    message,
    message.headers.filter((field) => !sameName(field.name, name)),
  );
}

/** Adds a field after all others of its name, or at the end when it is the first. */
export function appendHeader<M extends SipMessage>(message: M, name: string, value: string): M {
  const last = message.headers.findLastIndex((field) => sameName(field.name, name));
  const at = last === -1 ? message.headers.length : last + 1;
  return withHeaders(message, message.headers.toSpliced(at, 0, checkedField(name, value)));
}

/** Adds a field before all others of its name, or at the top: where a Via or a Record-Route goes (RFC 3261 16.6). */
export function prependHeader<M extends SipMessage>(message: M, name: string, value: string): M {
  const first = message.headers.findIndex((field) => sameName(field.name, name));
  return withHeaders(message, message.headers.toSpliced(Math.max(0, first), 0, checkedField(name, value)));
}

/** Changes each field of that name: `undefined` removes it. The offset stays, so that a copy can still be traced to its original. */
export function mapHeader<M extends SipMessage>(
  message: M,
  name: string,
  change: (value: string, index: number) => string | undefined,
): M {
  let index = -1;
  const headers = message.headers.flatMap((field) => {
    if (!sameName(field.name, name)) return [field];
    index += 1;
    const value = change(field.value, index);
    return value === undefined ? [] : [{ ...checkedField(field.name, value), offset: field.offset }];
  });
  return withHeaders(message, headers);
}

export function withRequestUri(message: SipRequest, uri: string): SipRequest {
  return fresh({ ...message, uri }, message);
}

/** Replaces the body, Content-Type and Content-Length. An empty content type removes the field, for a message without a body. */
export function withBody<M extends SipMessage>(message: M, contentType: string, bytes: Uint8Array): M {
  const typed =
    contentType === ""
      ? withoutHeader(message, "Content-Type")
      : withHeader(message, "Content-Type", contentType);
  const sized = withHeader(typed, "Content-Length", String(bytes.length));
  return { ...sized, body: bytes };
}

function withHeaders<M extends SipMessage>(message: M, headers: readonly HeaderField[]): M {
  return fresh({ ...message, headers }, message);
}

/** `message` is a copy already; only its original bytes are no longer its own. */
function fresh<M extends SipMessage>(message: M, { headers, body, received }: SipMessage): M {
  Reflect.deleteProperty(message, "received");
  return received === undefined ? message : Object.assign(message, { origin: { headers, body, received } });
}
