/** HTTP/1.1 messages (RFC 7230), as far as XCAP (RFC 4825) and the triggers of a client need them. */

export interface HttpHeader {
  /** As sent; names compare without case. */
  readonly name: string;
  /** Without surrounding white space. */
  readonly value: string;
}

interface HttpMessageBase {
  readonly version: "1.0" | "1.1";
  readonly headers: readonly HttpHeader[];
  /** Decoded: without the chunks' framing. */
  readonly body: Uint8Array;
  /** The bytes on the wire, when the message was read from it. */
  readonly received?: Uint8Array;
}

export interface HttpRequest extends HttpMessageBase {
  readonly kind: "request";
  readonly method: string;
  /** As sent: a path with query, or an absolute URI. */
  readonly target: string;
}

export interface HttpResponse extends HttpMessageBase {
  readonly kind: "response";
  readonly status: number;
  readonly reason: string;
}

export type HttpMessage = HttpRequest | HttpResponse;

/** First header of that name. */
export function httpHeader(
  message: { readonly headers: readonly HttpHeader[] },
  name: string,
): string | undefined {
  return httpHeaders(message, name)[0];
}

/** Values of all headers of that name, in order. */
export function httpHeaders(
  message: { readonly headers: readonly HttpHeader[] },
  name: string,
): readonly string[] {
  const wanted = name.toLowerCase();
  return message.headers
    .filter((header) => header.name.toLowerCase() === wanted)
    .map((header) => header.value);
}

export interface HttpRequestDraft {
  readonly method: string;
  readonly target: string;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: Uint8Array | string;
}

/** A request with Content-Length where it has a body. Host is the caller's. */
export function httpRequest(draft: HttpRequestDraft): HttpRequest {
  const body = bytesOf(draft.body);
  return {
    kind: "request",
    version: "1.1",
    method: draft.method,
    target: draft.target,
    headers: withLength(draft.headers ?? [], body, body.length > 0),
    body,
  };
}

export interface HttpResponseDraft {
  readonly reason?: string;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: Uint8Array | string;
}

/** A response with Content-Length, except where a response has no body by its status. */
export function httpResponse(status: number, draft: HttpResponseDraft = {}): HttpResponse {
  const body = bytesOf(draft.body);
  return {
    kind: "response",
    version: "1.1",
    status,
    reason: draft.reason ?? REASONS[status] ?? "",
    headers: withLength(draft.headers ?? [], body, !isBodiless(status)),
    body,
  };
}

/** RFC 7230 3.3.3: 1xx, 204 and 304 end with their headers. */
export function isBodiless(status: number): boolean {
  return status < 200 || status === 204 || status === 304;
}

function bytesOf(body: Uint8Array | string | undefined): Uint8Array {
  return typeof body === "string" ? new Uint8Array(Buffer.from(body, "utf8")) : (body ?? new Uint8Array());
}

function withLength(
  headers: readonly (readonly [string, string])[],
  body: Uint8Array,
  wanted: boolean,
): readonly HttpHeader[] {
  const given = headers.map(([name, value]) => ({ name, value }));
  const framed = given.some(({ name }) => /^(?:content-length|transfer-encoding)$/iu.test(name));
  return framed || !wanted ? given : [...given, { name: "Content-Length", value: String(body.length) }];
}

const REASONS: Readonly<Record<number, string>> = {
  100: "Continue",
  200: "OK",
  201: "Created",
  202: "Accepted",
  204: "No Content",
  304: "Not Modified",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  411: "Length Required",
  412: "Precondition Failed",
  413: "Payload Too Large",
  415: "Unsupported Media Type",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
  501: "Not Implemented",
  503: "Service Unavailable",
  505: "HTTP Version Not Supported",
};
