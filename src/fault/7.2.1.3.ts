/** Sessions of Pre-defined Groups that are set up (clause 7.2.1.3). Where the joining of 7.2.1.4 asks the same, the fault is of both. */

import { decide, serverFault, type Fault } from "./fault.ts";

export const faults: readonly Fault[] = [
  serverFault(
    ["7.2.1.3-1a", "7.2.1.3-1b"],
    "sets up sessions of groups for other services",
    decide({ sessionAdmission: { groupServesSessions: () => true } }),
  ),
  serverFault(
    "7.2.1.3-1b",
    "forbids sessions of groups for other services",
    decide({ refusals: { groupWithoutSessions: () => ({ status: 403 }) } }),
  ),
  serverFault(
    "7.2.1.3-1a",
    "finds no group that has sessions",
    decide({ sessionAdmission: { groupServesSessions: () => false } }),
  ),
  serverFault(
    ["7.2.1.3-2a", "7.2.1.3-2b", "7.2.1.4-1a", "7.2.1.4-1b"],
    "does not look for isfocus",
    decide({ sessionAdmission: { isFocus: () => false } }),
  ),
  serverFault(
    ["7.2.1.3-2b", "7.2.1.4-1b"],
    "is busy for another focus",
    decide({ refusals: { focusAssigned: () => ({ status: 486, warning: "105 isfocus already assigned" }) } }),
  ),
  serverFault(
    ["7.2.1.3-2d", "7.2.1.4-1c"],
    "refuses another focus without a word",
    decide({ refusals: { focusAssigned: () => ({ status: 403 }) } }),
  ),
  serverFault(
    ["7.2.1.3-3a", "7.2.1.3-3b"],
    "lets anybody start the session of a group",
    decide({ sessionAdmission: { mayInitiate: () => true } }),
  ),
  serverFault(
    "7.2.1.3-3a",
    "lets nobody start the session of a group",
    decide({ sessionAdmission: { mayInitiate: () => false } }),
  ),
  serverFault(
    "7.2.1.3-3b",
    "asks who may not start a session for credentials",
    decide({
      refusals: { initiationNotAuthorised: () => ({ status: 480, warning: "127 Service not authorised" }) },
    }),
  ),
  serverFault(
    "7.2.1.3-3c",
    "tells who may not start a session of another reason",
    decide({
      refusals: { initiationNotAuthorised: () => ({ status: 403, warning: "122 Function not allowed" }) },
    }),
  ),
  serverFault(
    ["7.2.1.3-7a", "7.2.1.4-7a"],
    "finds no offer of messages acceptable",
    decide({ sessionMedia: { acceptable: () => false } }),
  ),
  serverFault(
    ["7.2.1.3-7b", "7.2.1.4-7b"],
    "has no media type for an offer that it does not take",
    decide({ refusals: { sessionMedia: () => ({ status: 415 }) } }),
  ),
];
