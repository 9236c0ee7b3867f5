/** Authenticated Originator's IM Address (clause 5.1). */
import { fromOf } from "../wire/sip/headers.ts";
import { decide, serverFault, skip } from "./fault.ts";
import type { Fault } from "./fault.ts";

export const faults: readonly Fault[] = [
  serverFault(
    "5.1-1",
    "the originator is taken from From",
    decide({ admission: { originator: (request) => fromOf(request)?.uri } }),
  ),
  serverFault(
    "5.1-5a",
    "a message is passed on though nobody knows its originator",
    skip("require-originator"),
  ),
  serverFault(
    "5.1-5a",
    "a message without originator is answered 400",
    decide({ refusals: { noOriginator: () => ({ status: 400, warning: "127 Service not authorised" }) } }),
  ),
  serverFault(
    "5.1-5b",
    "the refusal of a message without originator has no warning",
    decide({ refusals: { noOriginator: () => ({ status: 403 }) } }),
  ),
];
