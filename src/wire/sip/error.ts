import { ParseError, type ParseErrorDetails, readOrThrown } from "../parse-error.ts";

/**
 * What is wrong with bytes that ought to be SIP, and where.
 *
 * The codes are stable: reports and tests name them.
 */
export type SipParseErrorCode =
  | "empty"
  | "start-line"
  | "method"
  | "request-uri"
  | "version"
  | "status-code"
  | "reason-phrase"
  | "line-end"
  | "header-name"
  | "header-colon"
  | "header-value"
  | "head-incomplete"
  | "head-too-large"
  | "header-too-large"
  | "too-many-headers"
  | "content-length-syntax"
  | "content-length-conflict"
  | "content-length-missing"
  | "body-incomplete"
  | "body-too-large"
  | "field-syntax"
  | "uri-syntax"
  | "duplicate-parameter";

export type SipParseErrorDetails = ParseErrorDetails;

/** The one error of the SIP codec. Offsets are relative to the text that was given to the function that threw. */
export class SipParseError extends ParseError<SipParseErrorCode> {
  override readonly name = "SipParseError";
}

/** What `read` gives; undefined when it throws a SipParseError. */
export function readable<T>(read: () => T): T | undefined {
  const found = readOrError(read);
  return found instanceof SipParseError ? undefined : found;
}

/** What `read` gives, or the SipParseError that it throws. */
export function readOrError<T>(read: () => T): T | SipParseError {
  return readOrThrown(SipParseError, read);
}

export { excerpt } from "../parse-error.ts";
