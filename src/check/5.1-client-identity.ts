/** How a client tells who its user is, and hides it (clauses 5.1, 14.3). */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { fromOf, header, preferredIdentities, privacyOf, toOf } from "../wire/sip/headers.ts";
import { sipUriOf } from "../wire/sip/uri.ts";
import { check, type Outcome } from "./check.ts";
import { sentMessages, messagesOfUser, type SentMessage } from "./client-messages.ts";
import { isClientUser, sentByClient } from "./client-view.ts";
import { readable } from "./pager-message.ts";
import { expectThat, missed, noted, passed } from "./outcome.ts";

/** Requests outside any dialog, of the kinds that pager mode has; a REGISTER tells its user in To. */
function initialRequests(trace: ScenarioTrace): readonly Exchange[] {
  return ["MESSAGE", "PUBLISH"]
    .flatMap((method) => sentByClient(method, trace))
    .filter(({ request }) => toOf(request.message)?.tag === undefined);
}

/** MAY: told either way. */
export const preferredIdentityOfClient = check("5.1-2", {
  trigger: initialRequests,
  judge: ({ request }) => {
    const preferred = preferredIdentities(request.message).map(({ uri }) => uri);
    const actual =
      preferred.length === 0 ? "no P-Preferred-Identity" : `P-Preferred-Identity: ${preferred.join(", ")}`;
    return noted("P-Preferred-Identity, or none", actual, "left to the client", request);
  },
});

/** Messages whose user wanted to be anonymous, or that ask for privacy of the identity by themselves. */
function privateMessages(trace: ScenarioTrace): readonly Exchange[] {
  const wished = sentMessages(trace).filter(({ wish }) => wish.anonymous);
  return messagesOfUser(trace).filter(
    (exchange) => wished.some((sent) => sent.exchange === exchange) || privacyIn(exchange).includes("id"),
  );
}

function privacyIn({ request }: Exchange): readonly string[] {
  return readable(() => privacyOf(request.message), []);
}

export const anonymousFromUri = check("5.1-3a", { trigger: privateMessages, judge: judgeFrom });

/** RFC 3323 4.1.1.3: sip:anonymous@anonymous.invalid, or another that tells nothing, in a domain that cannot exist. */
function judgeFrom({ request }: Exchange, trace: ScenarioTrace): Outcome {
  const expected = "From with sip:anonymous@anonymous.invalid";
  const from = fromOf(request.message)?.uri;
  const actual = `From: ${from ?? "none"}`;
  const uri = from === undefined ? undefined : sipUriOf(from);
  if (uri === undefined || isClientUser(from, trace)) return missed(expected, actual, request);
  const invalid = uri.host.toLowerCase().endsWith(".invalid");
  const anonymous = uri.user?.toLowerCase() === "anonymous";
  if (invalid && anonymous) return passed(expected, actual, request);
  return invalid || anonymous
    ? noted(expected, actual, "an anonymous URI, though not the one that RFC 3323 recommends", request)
    : missed(expected, actual, request);
}

export const anonymousDisplayName = check("5.1-3b", {
  trigger: privateMessages,
  judge: ({ request }) => {
    const name = fromOf(request.message)?.displayName;
    const actual = name === undefined || name === "" ? "no display name" : `display name ${name}`;
    return noted("an alias or Anonymous, or no display name", actual, "left to the client", request);
  },
});

/** RFC 3323 4.2, RFC 3325 9.3, and RFC 4244 5, which IMS clients may use as well. */
const PRIVACY_VALUES = ["header", "session", "user", "none", "critical", "id", "history"];

export const privacyValuesRegistered = check("5.1-3c", {
  trigger: (trace) =>
    messagesOfUser(trace).filter(({ request }) => header(request.message, "Privacy") !== undefined),
  judge: (exchange) => {
    const values = privacyIn(exchange);
    return expectThat(
      values.length > 0 &&
        values.every((value) => PRIVACY_VALUES.includes(value)) &&
        (values.length === 1 || !values.includes("none")),
      "Privacy with values of RFC 3323 and RFC 3325",
      `Privacy: ${header(exchange.request.message, "Privacy") ?? ""}`,
      exchange.request,
    );
  },
});

/** MAY: told of each message. */
export const privacyRequested = check("14.3-p1a", {
  trigger: messagesOfUser,
  judge: (exchange) => {
    const values = privacyIn(exchange);
    const actual = values.length === 0 ? "no privacy asked for" : `Privacy: ${values.join(";")}`;
    return noted("privacy asked for, or not", actual, "left to the user", exchange.request);
  },
});

export const privacyMechanismOfClient = check<SentMessage>("14.3-p1c", {
  trigger: (trace) => sentMessages(trace).filter(({ wish }) => wish.anonymous),
  judge: ({ exchange }) => {
    const values = privacyIn(exchange).filter((value) => value !== "none" && PRIVACY_VALUES.includes(value));
    return expectThat(
      values.length > 0,
      "privacy asked for in a Privacy header (RFC 3323, RFC 3325)",
      `Privacy: ${header(exchange.request.message, "Privacy") ?? "none"}`,
      exchange.request,
    );
  },
});
