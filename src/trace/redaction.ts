/**
 * Takes credentials, and on request message bodies, out of what leaves the lab. The record itself stays complete. Bytes are replaced one for
 * one, so that lengths, offsets of evidence and Content-Length stay true.
 */
import type { SutFile, TriggerConfig, UsimKeys } from "../spec/sut-file.ts";
import type { RecordedBytes, RunEvent } from "./event.ts";

export interface RedactionOptions {
  /** Also takes out what users wrote: bodies, texts of stimuli, what a client shows. Types and lengths of bodies stay. */
  readonly bodies?: boolean;
}

const REDACTED = "redacted";

/** Changes neither order nor number of events. */
export function redactEvents(
  events: readonly RunEvent[],
  options: RedactionOptions = {},
): readonly RunEvent[] {
  return events.map((event) => redactEvent(event, options));
}

export function redactEvent(event: RunEvent, options: RedactionOptions = {}): RunEvent {
  const bodies = options.bodies ?? false;
  if (event.type === "crossed") return { ...event, bytes: redactRecorded(event.bytes, bodies) };
  if (event.type === "run-opened") return { ...event, sutFile: redactSutFile(event.sutFile) };
  if (event.type === "finding") {
    return { ...event, expected: maskParameters(event.expected), actual: maskParameters(event.actual) };
  }
  if (bodies && event.type === "driver-answered") return { ...event, says: REDACTED };
  if (bodies && event.type === "stimulated" && "text" in event.intent) {
    return { ...event, intent: { ...event.intent, text: REDACTED } };
  }
  return event;
}

/** The bytes of a message without credentials, and without its body where that is asked for; as long as before. */
export function redactBytes(bytes: Uint8Array, options: RedactionOptions = {}): Uint8Array {
  return new Uint8Array(redactWhole(Buffer.from(bytes), options.bodies ?? false));
}

function redactRecorded(recorded: RecordedBytes, bodies: boolean): RecordedBytes {
  if ("text" in recorded)
    return { text: redactWhole(Buffer.from(recorded.text, "utf8"), bodies).toString("utf8") };
  if ("base64" in recorded) {
    return { base64: redactWhole(Buffer.from(recorded.base64, "base64"), bodies).toString("base64") };
  }
  const tail = bodies ? mask(recorded.tail) : recorded.tail;
  return { ...recorded, head: redactText(recorded.head, bodies), tail };
}

function redactWhole(bytes: Buffer, bodies: boolean): Buffer {
  return Buffer.from(redactText(bytes.toString("latin1"), bodies), "latin1");
}

/** RFC 3261 20.7, 20.28; RFC 9110 11.6.2: the field with its continuation lines. */
const CREDENTIALS_FIELD = /^((?:proxy-)?authorization[ \t]*:)(.*(?:\r?\n[ \t].*)*)/gim;
/** 3GPP TS 24.229 5.4.1.2.1: the keys of AKA in a challenge. */
const CHALLENGE = /^((?:www|proxy)-authenticate[ \t]*:)(.*(?:\r?\n[ \t].*)*)/gim;
/** RFC 3261 20.6: what the server proves with. */
const AUTHENTICATION_INFO = /^((?:proxy-)?authentication-info[ \t]*:)(.*(?:\r?\n[ \t].*)*)/gim;
/** `password` of a SIP URI (RFC 3261 19.1.1). */
const URI_PASSWORD = /(\bsips?:[^\s@:<>";?]{1,256}:)([^\s@<>";?]{1,256})(?=@)/gi;

/** One character a byte. */
function redactText(text: string, bodies: boolean): string {
  const masked = text
    .replace(CREDENTIALS_FIELD, (_all, name: string, value: string) => name + maskCredentials(value))
    .replace(AUTHENTICATION_INFO, (_all, name: string, value: string) => name + maskParameters(value))
    .replace(CHALLENGE, (_all, name: string, value: string) => name + maskParameters(value))
    .replace(URI_PASSWORD, (_all, before: string, password: string) => before + mask(password));
  const end = masked.indexOf("\r\n\r\n");
  return bodies && end >= 0 ? masked.slice(0, end + 4) + mask(masked.slice(end + 4)) : masked;
}

/** Digest keeps what is not secret; of every other scheme only its name stays. */
function maskCredentials(value: string): string {
  if (/^\s*Digest\s/i.test(value)) return maskParameters(value);
  const scheme = /^\s*[^\s=,]+(?=[ \t]+\S)/.exec(value)?.[0] ?? "";
  return scheme + mask(value.slice(scheme.length));
}

const SECRET_PARAMETER =
  /(\b(?:response|rspauth|auts|ik|ck|password)[ \t]*=[ \t]*)("(?:[^"\\\r\n]|\\.)*"?|[^\s,;"]+)/gi;

function maskParameters(text: string): string {
  return text.replace(SECRET_PARAMETER, (_all, name: string, value: string) => name + maskUnquoted(value));
}

function maskUnquoted(value: string): string {
  if (!value.startsWith('"')) return mask(value);
  const closed = value.length > 1 && value.endsWith('"');
  return `"${mask(value.slice(1, closed ? -1 : undefined))}${closed ? '"' : ""}`;
}

/** White space stays, so that lines stay lines. */
function mask(text: string): string {
  return text.replace(/[^\s]/g, "*");
}

function redactSutFile(sutFile: SutFile): SutFile {
  const { server, client } = sutFile;
  const users = sutFile.users.map((user) => ({
    ...user,
    ...(user.password === undefined ? {} : { password: REDACTED }),
    ...(user.aka === undefined ? {} : { aka: redactUsim(user.aka) }),
  }));
  return {
    ...sutFile,
    users,
    ...(server === undefined
      ? {}
      : {
          server: {
            ...server,
            ...(server.control === undefined ? {} : { control: redactTrigger(server.control) }),
          },
        }),
    ...(client === undefined ? {} : { client: { ...client, trigger: redactTrigger(client.trigger) } }),
  };
}

/** Sequence number and management field are no secrets. */
function redactUsim(keys: UsimKeys): UsimKeys {
  const { op, opc } = keys;
  return {
    ...keys,
    k: mask(keys.k),
    ...(op === undefined ? {} : { op: mask(op) }),
    ...(opc === undefined ? {} : { opc: mask(opc) }),
  };
}

/** RFC 3986 3.2.1: what stands before the `@` of a URL. */
function redactTrigger(trigger: TriggerConfig): TriggerConfig {
  if (trigger.kind !== "http") return trigger;
  return { ...trigger, url: trigger.url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, `$1${REDACTED}@`) };
}
