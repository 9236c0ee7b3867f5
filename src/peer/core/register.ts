/** REGISTER, from the request to the answer (RFC 3261 10.3, RFC 3327 5.3, RFC 3608 6, RFC 3840 6, RFC 7315 4.1). */
import { sipResponse, type HeaderPair } from "../../wire/sip/build.ts";
import { header, headerValues } from "../../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../../wire/sip/message.ts";
import { parseNameAddr } from "../../wire/sip/name-addr.ts";
import type { Hop } from "../../net/network.ts";
import type { UserProfile } from "./config.ts";
import { isFeatureParameter, parametersOf } from "./feature-parameters.ts";
import type { Binding, BindingChange, ContactToBind, Registrar, RegistrationAttempt } from "./registrar.ts";

const SUPPORTED_OPTIONS: ReadonlySet<string> = new Set(["pref", "path"]);
const DIGITS = /^\d{1,10}$/;

export interface RegisterContext {
  readonly user: UserProfile;
  readonly registrar: Registrar;
  readonly minimumExpiresS: number;
  readonly source: Hop;
  /** Value of Service-Route: the way for this user's own requests. */
  readonly serviceRoute: string;
  readonly toTag: string;
  readonly now: number;
}

export interface RegisterResult {
  readonly response: SipResponse;
  readonly changes: readonly BindingChange[];
}

/** A Contact or an Expires that cannot be read. */
export class RegisterSyntaxError extends Error {
  readonly code = "register-syntax";
}

function seconds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  // RFC 3261 10.2.1.1: a malformed value is like 3600.
  return DIGITS.test(text.trim()) ? Number(text) : 3600;
}

/** Reads one Contact value; a `q` that is no number counts as 1, as if it were absent. */
export function contactToBind(value: string): ContactToBind {
  let address;
  try {
    address = parseNameAddr(value);
  } catch (error) {
    throw new RegisterSyntaxError(
      `Contact cannot be read: ${error instanceof Error ? error.message : value}`,
    );
  }
  const parameters = parametersOf(value);
  const own = (name: string) => parameters.find((parameter) => parameter.name === name)?.value;
  const q = Number(own("q") ?? Number.NaN);
  const expiresS = seconds(own("expires"));
  return {
    uri: address.uri,
    ...(address.displayName === undefined ? {} : { displayName: address.displayName }),
    parameters: rawParameters(value),
    features: parameters.filter((parameter) => isFeatureParameter(parameter.name)),
    ...(Number.isFinite(q) ? { q: Math.min(Math.max(q, 0), 1) } : {}),
    ...(expiresS === undefined ? {} : { expiresS }),
  };
}

/** The parameters as they were sent, quotes and case included, but for those that the registrar sets itself. */
function rawParameters(value: string): string {
  const bracket = value.lastIndexOf(">");
  const tail = bracket < 0 ? value.slice(indexOrEnd(value, ";")) : value.slice(bracket + 1);
  return (tail.match(/;(?:[^;"]|"(?:\\.|[^"\\])*")*/g) ?? [])
    .map((parameter) => parameter.trim())
    .filter((parameter) => !/^;\s*(?:q|expires)\s*(?:=|$)/i.test(parameter))
    .join("");
}

function indexOrEnd(text: string, wanted: string): number {
  const at = text.indexOf(wanted);
  return at < 0 ? text.length : at;
}

function attemptOf(request: SipRequest, source: Hop): RegistrationAttempt {
  const values = headerValues(request, "Contact");
  const expiresS = seconds(header(request, "Expires"));
  if (values.includes("*") && values.length > 1)
    throw new RegisterSyntaxError("Contact * stands beside others");
  return {
    contacts: values.includes("*") ? "*" : values.map(contactToBind),
    ...(expiresS === undefined ? {} : { expiresS }),
    callId: header(request, "Call-ID") ?? "",
    cseq: Number.parseInt(header(request, "CSeq") ?? "0", 10),
    path: headerValues(request, "Path"),
    source,
  };
}

/** A binding as a Contact value of the answer: everything that was registered, with the seconds that are left. */
export function contactOfBinding({ contact, expiresAt }: Binding, now: number): string {
  const name = contact.displayName === undefined ? "" : `"${contact.displayName.replace(/["\\]/g, "\\$&")}" `;
  const q = contact.q === undefined ? "" : `;q=${contact.q}`;
  const left = Math.max(0, Math.ceil((expiresAt - now) / 1000));
  return `${name}<${contact.uri}>${contact.parameters}${q};expires=${left}`;
}

function successHeaders(
  request: SipRequest,
  bindings: readonly Binding[],
  context: RegisterContext,
): HeaderPair[] {
  const contacts = bindings.map((binding): HeaderPair => ["Contact", contactOfBinding(binding, context.now)]);
  if (bindings.length === 0) return [];
  const paths = headerValues(request, "Path").map((path): HeaderPair => ["Path", path]);
  return [
    ...contacts,
    ...paths,
    ["Service-Route", context.serviceRoute],
    ["P-Associated-URI", context.user.identities.map((identity) => `<${identity}>`).join(", ")],
  ];
}

/** Options of Require that the registrar does not know (RFC 3261 8.2.2.3). */
function unsupportedOptions(request: SipRequest): readonly string[] {
  return headerValues(request, "Require").filter((option) => !SUPPORTED_OPTIONS.has(option.toLowerCase()));
}

/** The answer to an authenticated REGISTER, and what it changed. */
export function answerRegister(request: SipRequest, context: RegisterContext): RegisterResult {
  const refuse = (status: number, reason?: string, headers: HeaderPair[] = []): RegisterResult => ({
    response: sipResponse(request, status, reason, { headers, toTag: context.toTag }),
    changes: [],
  });
  const unsupported = unsupportedOptions(request);
  if (unsupported.length > 0) return refuse(420, undefined, [["Unsupported", unsupported.join(", ")]]);
  let attempt;
  try {
    attempt = attemptOf(request, context.source);
  } catch (error) {
    if (error instanceof RegisterSyntaxError) return refuse(400, "Bad Contact");
    throw error;
  }
  const outcome = context.registrar.register(context.user, attempt, context.now);
  if (!outcome.ok) {
    const minimum: HeaderPair[] =
      outcome.status === 423 ? [["Min-Expires", String(context.minimumExpiresS)]] : [];
    return refuse(outcome.status, outcome.reason, minimum);
  }
  const headers = successHeaders(request, outcome.bindings, context);
  return {
    response: sipResponse(request, 200, undefined, { headers, toTag: context.toTag }),
    changes: outcome.changes,
  };
}
