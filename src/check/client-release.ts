/** How a client tells its release in a message (F.1): the first product of User-Agent, in a response also of Server. */
import type { SipRecord } from "../trace/scenario-trace.ts";
import { tellsRelease } from "../spec/release-token.ts";
import { header } from "../wire/sip/headers.ts";
import type { Outcome } from "./check.ts";
import { expectHeader, expectThat } from "./outcome.ts";

const RELEASE = "IM-client/OMA1.0 as the first product";

export function expectClientRelease(record: SipRecord): Outcome {
  return expectHeader(record, "User-Agent", (value) => tellsRelease(value, "client"), RELEASE);
}

/** User-Agent as 8.2.1 prints it, or Server as F.1 and RFC 3261 have it: either passes. */
export function expectClientReleaseInResponse(record: SipRecord): Outcome {
  const found = releaseHeaders(record);
  const actual = found.map(([name, value]) => `${name}: ${value}`).join(", ");
  return expectThat(
    found.some(([, value]) => tellsRelease(value, "client")),
    `User-Agent or Server: ${RELEASE}`,
    actual === "" ? "neither User-Agent nor Server" : actual,
    record,
  );
}

/** The headers of the message that may tell the release; Server only in a response. */
export function releaseHeaders({ message }: SipRecord): readonly (readonly [name: string, value: string])[] {
  const names = message.kind === "response" ? ["User-Agent", "Server"] : ["User-Agent"];
  return names.flatMap((name) => {
    const value = header(message, name);
    return value === undefined ? [] : [[name, value] as const];
  });
}
