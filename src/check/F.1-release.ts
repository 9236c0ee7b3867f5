/** User-Agent and Server, and the product that they begin with (Appendix F.1). */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { hasDeviceToken, isRelease1 } from "../spec/release-token.ts";
import { check } from "./check.ts";
import { expectThat, noted } from "./outcome.ts";
import { ofServer, tellings, tokensOf, written, type Telling } from "./release-fields.ts";

export const serverReleaseHeader = check("F.1-p1b", {
  trigger: ofServer,
  judge: (telling) =>
    expectThat(
      telling.fields.length > 0,
      "Server in a response, User-Agent (or Server) in a request",
      written(telling),
      telling.record,
    ),
});

/** One product with `/`, and something behind it. */
function hasFurtherProducts({ fields }: Telling): boolean {
  return fields.some(({ value }) => /^\S+\s+\S/u.test(value.trim().replace(/\s*\/\s*/u, "/")));
}

export const furtherProducts = check("F.1-p2a", {
  trigger: (trace) => tellings(trace).filter(hasFurtherProducts),
  judge: (telling) => noted("further products may follow the first", written(telling), "MAY", telling.record),
});

export const firstProductIm = check("F.1-p2b", {
  trigger: tellings,
  judge: (telling) =>
    expectThat(
      tokensOf(telling).length > 0,
      "a first product of the form IM-device/version",
      written(telling),
      telling.record,
    ),
});

/** What has not the form of F.1 at all is the business of F.1-p2b. */
function wellFormed(trace: ScenarioTrace): readonly Telling[] {
  return tellings(trace).filter((telling) => tokensOf(telling).length > 0);
}

export const serverDeviceToken = check("F.1-p3b", {
  trigger: wellFormed,
  judge: (telling) =>
    expectThat(
      tokensOf(telling).some((token) => hasDeviceToken(token, "server")),
      "IM-serv as the name of the first product",
      written(telling),
      telling.record,
    ),
});

export const releaseOma10 = check("F.1-p3c", {
  trigger: wellFormed,
  judge: (telling) =>
    expectThat(
      tokensOf(telling).some(isRelease1),
      "OMA1.0 as the version of the first product",
      written(telling),
      telling.record,
    ),
});
