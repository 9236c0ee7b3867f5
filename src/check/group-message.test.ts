import { describe, expect, it } from "vitest";
import { sipRequest, sipResponse } from "../wire/sip/build.ts";
import type { Exchange, SipRecord } from "../trace/scenario-trace.ts";
import type { SipMessage } from "../wire/sip/message.ts";
import { requestUriOfCopy, copyPerMember, messagePerAddress } from "./8.3.2.1-recipients.ts";
import type { Check } from "./check.ts";
import { refusingCheck, type GroupKind, type GroupMessage, type RefusingCheck } from "./group-message.ts";
import { alice, bob, copyFor, friends, groupStory, ted, type Moment } from "./testdata/group-story.ts";

const request = sipRequest({
  method: "MESSAGE",
  uri: friends,
  headers: [
    ["Via", "SIP/2.0/UDP core;branch=z9hG4bK-1"],
    ["From", `<${alice}>;tag=1`],
    ["To", `<${friends}>`],
    ["Call-ID", "c"],
    ["CSeq", "1 MESSAGE"],
  ],
});

function recordOf<M extends SipMessage>(message: M): SipRecord<M> {
  return {
    seq: 1,
    at: 1,
    phase: "body",
    node: "core",
    nodeKind: "core",
    peer: "server",
    peerIsSut: true,
    direction: "out",
    transport: "udp",
    local: "",
    remote: "",
    message,
    bytes: new Uint8Array(),
  };
}

function refusedWith(kind: GroupKind, status: number, code: string): GroupMessage {
  const headers = code === "" ? [] : ([["Warning", `399 im "${code} Words"`]] as const);
  const final = recordOf(sipResponse(request, status, undefined, { headers }));
  const exchange: Exchange = {
    request: recordOf(request),
    retransmissions: [],
    responses: [final],
    final,
    way: "to-sut",
  };
  return { exchange, request, kind, target: friends, sender: alice, recipients: [bob] };
}

describe("the check that a refusal speaks for", () => {
  it.each<[GroupKind, number, string, boolean, RefusingCheck | undefined]>([
    ["predefined-group", 404, "", false, "group-service"],
    ["ongoing-session", 404, "", false, "session"],
    ["ongoing-session", 403, "", false, "session"],
    ["ongoing-session", 403, "127", false, "authority"],
    ["uri-list", 404, "", false, undefined],
    ["uri-list", 486, "102", false, "maximum"],
    ["predefined-group", 486, "102", false, undefined],
    ["uri-list", 403, "", false, "authority"],
    ["uri-list", 403, "", true, "anonymity"],
    ["uri-list", 403, "127", true, "authority"],
    ["uri-list", 403, "119", true, "anonymity"],
    ["uri-list", 500, "", false, undefined],
  ])("%s, %i, warning %s, anonymous: %s", (kind, status, code, anonymous, expected) => {
    expect(refusingCheck(refusedWith(kind, status, code), anonymous)).toBe(expected);
  });
});

const ok = [4, "200 OK"] as const;
const both = [...copyFor(bob, 2, ok), ...copyFor(ted, 2, ok)];
const silence: readonly Moment[] = [
  [10, { type: "window-opened", scenario: "s1", window: "w", purpose: "absence", of: "x", lengthMs: 50 }],
  [60, { type: "window-closed", scenario: "s1", window: "w", how: "elapsed" }],
];

describe("who gets a copy", () => {
  it.each<[string, Check, readonly Moment[], readonly string[]]>([
    ["every member but the sender", copyPerMember, both, ["pass"]],
    ["the sender too", copyPerMember, [...both, ...copyFor(alice, 2, ok)], ["pass"]],
    ["a stranger too", copyPerMember, [...both, ...copyFor("sip:x@home.test", 2, ok)], ["miss"]],
    ["not everyone", copyPerMember, [...copyFor(bob, 2, ok), ...silence], ["miss"]],
    ["not everyone yet", copyPerMember, copyFor(bob, 2, ok), ["inconclusive"]],
    [
      "not everyone, a stranger instead",
      messagePerAddress,
      [...copyFor(bob, 2, ok), ...copyFor("sip:x@home.test", 2, ok), ...silence],
      ["miss"],
    ],
    [
      "a stranger too: no wrong Request-URI",
      requestUriOfCopy,
      [...both, ...copyFor("sip:x@home.test", 2, ok)],
      ["pass", "pass"],
    ],
    [
      "a stranger instead: a wrong Request-URI",
      requestUriOfCopy,
      [...copyFor(bob, 2, ok), ...copyFor("sip:x@home.test", 2, ok)],
      ["pass", "miss"],
    ],
    [
      "by To alone: a wrong Request-URI",
      requestUriOfCopy,
      [...copyFor(bob, 2, ok), ...copyFor("sip:x@home.test", 2, ok, ted)],
      ["pass", "miss"],
    ],
    [
      "by To alone: a copy for everyone",
      copyPerMember,
      [...copyFor(bob, 2, ok), ...copyFor("sip:x@home.test", 2, ok, ted)],
      ["pass"],
    ],
  ])("%s", (_name, check, moments, results) => {
    expect(check.run(groupStory("", ...moments)).map(({ result }) => result)).toEqual(results);
  });
});
