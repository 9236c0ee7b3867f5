/** A client tells its release in requests and responses, and calls itself a client (F.1). The form of the product is in F.1-release.ts. */
import type { ScenarioTrace, SipRecord } from "../trace/scenario-trace.ts";
import { hasDeviceToken } from "../spec/release-token.ts";
import { check } from "./check.ts";
import { releaseHeaders } from "./client-release.ts";
import { givenToClient, sentByClient } from "./client-view.ts";
import { expectThat } from "./outcome.ts";
import { tellings, tokensOf, written } from "./release-fields.ts";

/** Where a clause asks for the header: REGISTER, PUBLISH, MESSAGE, and responses to MESSAGE. */
function messagesThatTell(trace: ScenarioTrace): readonly SipRecord[] {
  const requests = ["REGISTER", "PUBLISH", "MESSAGE"].flatMap((method) => sentByClient(method, trace));
  const answers = givenToClient("MESSAGE", trace).flatMap(({ final }) => final ?? []);
  return [...requests.map(({ request }) => request), ...answers];
}

export const clientReleaseHeader = check("F.1-p1a", {
  trigger: messagesThatTell,
  judge: (record) => {
    const found = releaseHeaders(record);
    return expectThat(
      found.length > 0,
      record.message.kind === "request" ? "a User-Agent header" : "a Server or User-Agent header",
      found.map(([name, value]) => `${name}: ${value}`).join(", ") || "none",
      record,
    );
  },
});

export const clientDeviceToken = check("F.1-p3a", {
  trigger: (trace) => tellings(trace).filter((telling) => tokensOf(telling).length > 0),
  judge: (telling) =>
    expectThat(
      tokensOf(telling).some((token) => hasDeviceToken(token, "client")),
      "IM-client as the name of the first product",
      written(telling),
      telling.record,
    ),
});
