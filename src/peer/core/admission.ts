/** A client's request on its way into the trust domain: identity asserted, charging vector added, deviations of the scenario applied. */
import type { Ids } from "../../net/ids.ts";
import type { ChargingVector } from "../../wire/sip/charging-vector.ts";
import { fromOf } from "../../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../../wire/sip/message.ts";
import type { UserProfile } from "./config.ts";
import type { Deviation, Deviations } from "./deviations.ts";
import type { Origin } from "./origin.ts";
import { homeDomainOf } from "./subscribers.ts";
import {
  assertedValues,
  chooseIdentity,
  fromUntrusted,
  withAnsweredVector,
  withAssertedIdentity,
  withChargingVector,
} from "./trust-boundary.ts";

export interface AdmissionFacts {
  readonly ids: Ids;
  readonly host: string;
  readonly deviations: Deviations;
  userOf(uri: string): UserProfile | undefined;
}

export interface Admitted {
  readonly request: SipRequest;
  /** A stranger who was let in by a deviation counts as the client that it says it is. */
  readonly origin: Origin;
}

function deviationFor(user: UserProfile | undefined, facts: AdmissionFacts): Deviation | undefined {
  return user === undefined ? undefined : facts.deviations.find(user.identities);
}

function withIdentity(request: SipRequest, user: UserProfile, deviation: Deviation | undefined): SipRequest {
  if (deviation?.assertedIdentity === "as-sent") return request;
  const stripped = fromUntrusted(request);
  if (deviation?.assertedIdentity === undefined)
    return withAssertedIdentity(stripped, assertedValues(user, chooseIdentity(request, user)));
  return deviation.assertedIdentity === "none"
    ? stripped
    : withAssertedIdentity(stripped, deviation.assertedIdentity);
}

function withVector(request: SipRequest, user: UserProfile | undefined, facts: AdmissionFacts): SipRequest {
  const origIoi = user === undefined ? undefined : homeDomainOf(user);
  const vector = {
    icid: facts.ids.token(20),
    generatedAt: facts.host,
    ...(origIoi === undefined ? {} : { origIoi }),
  };
  return withChargingVector(request, vector);
}

/** Undefined: a stranger, who is not let in. */
export function admit(request: SipRequest, origin: Origin, facts: AdmissionFacts): Admitted | undefined {
  if (origin.kind === "server")
    return { request: withVector(request, origin.passage?.servedUser, facts), origin };
  const user = origin.kind === "client" ? origin.user : facts.userOf(fromOf(request)?.uri ?? "");
  const deviation = deviationFor(user, facts);
  if (user === undefined || (origin.kind === "stranger" && deviation?.admitUnregistered !== true))
    return undefined;
  if (deviation !== undefined) facts.deviations.use(deviation);
  const admitted = withVector(withIdentity(request, user, deviation), user, facts);
  return { request: admitted, origin: { kind: "client", user } };
}

/**
 * A response of a client, with the identity of the user that answered (3GPP TS 24.229 5.2.6.4) and the charging vector of the request, to which
 * the user's network is added.
 */
export function admitResponse(
  response: SipResponse,
  user: UserProfile,
  charging: ChargingVector | undefined,
): SipResponse {
  const asserted = withAssertedIdentity(
    fromUntrusted(response),
    assertedValues(user, chooseIdentity(response, user)),
  );
  return withAnsweredVector(asserted, charging, homeDomainOf(user));
}
