import { describe, expect, it } from "vitest";
import { type HeaderPair, sipRequest, sipResponse } from "../../wire/sip/build.ts";
import { header, headerValues } from "../../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../../wire/sip/message.ts";
import { dialogIdOf, dialogKey } from "./dialog-id.ts";
import {
  confirmed,
  type Dialog,
  dialogOfNotify,
  dialogOfRequest,
  dialogOfResponse,
  withTargetOf,
} from "./dialog.ts";
import { failureScope } from "./failure-scope.ts";
import { addressed, claimsDialog, received, requestInDialog } from "./in-dialog.ts";

function request(method: string, more: readonly HeaderPair[] = [], to = "<sip:bob@example.org>"): SipRequest {
  return sipRequest({
    method,
    uri: "sip:bob@example.org",
    headers: [
      ["From", '"Alice" <sip:alice@example.org>;tag=a'],
      ["To", to],
      ["Call-ID", "call"],
      ["CSeq", `7 ${method}`],
      ["Contact", "<sip:alice@192.0.2.1>;isfocus"],
      ...more,
    ],
  });
}

const INVITE = request("INVITE", [
  ["Record-Route", "<sip:p2.example;lr>"],
  ["Record-Route", "<sip:p1.example;lr>"],
]);

function response(status: number, headers: readonly HeaderPair[] = [], toTag = "b"): SipResponse {
  const contact: HeaderPair = ["Contact", "<sip:bob@192.0.2.2>"];
  return sipResponse(INVITE, status, undefined, { headers: [contact, ...headers], toTag });
}

function uac(status = 200): Dialog {
  const dialog = dialogOfResponse(INVITE, response(status));
  if (dialog === undefined) throw new Error(`${status} makes no dialog`);
  return dialog;
}

describe("what makes a dialog (RFC 3261 12.1)", () => {
  it.each([
    [100, undefined],
    [180, "early"],
    [183, "early"],
    [200, "confirmed"],
    [302, undefined],
    [486, undefined],
  ])("%i at the UAC: %s", (status, state) => {
    expect(dialogOfResponse(INVITE, response(status))?.state).toBe(state);
  });

  it("a provisional response without To tag makes none", () => {
    expect(dialogOfResponse(INVITE, sipResponse(INVITE, 180))).toBeUndefined();
  });

  it("at the UAC the route set is Record-Route reversed", () => {
    expect(uac()).toEqual({
      state: "confirmed",
      role: "uac",
      callId: "call",
      localTag: "a",
      remoteTag: "b",
      local: '"Alice" <sip:alice@example.org>;tag=a',
      remote: "<sip:bob@example.org>;tag=b",
      remoteTarget: "sip:bob@192.0.2.2",
      routeSet: ["<sip:p1.example;lr>", "<sip:p2.example;lr>"],
      localSequence: 7,
      remoteSequence: undefined,
      secure: false,
    });
  });

  it("at the UAS it is Record-Route in order", () => {
    expect(dialogOfRequest(INVITE, "b", "early")).toEqual({
      state: "early",
      role: "uas",
      callId: "call",
      localTag: "b",
      remoteTag: "a",
      local: "<sip:bob@example.org>;tag=b",
      remote: '"Alice" <sip:alice@example.org>;tag=a',
      remoteTarget: "sip:alice@192.0.2.1",
      routeSet: ["<sip:p2.example;lr>", "<sip:p1.example;lr>"],
      localSequence: 0,
      remoteSequence: 7,
      secure: false,
    });
  });

  it("a NOTIFY makes the dialog of a subscriber (RFC 6665 4.4.1)", () => {
    const notify = sipRequest({
      method: "NOTIFY",
      uri: "sip:alice@192.0.2.1",
      headers: [
        ["From", "<sip:bob@example.org>;tag=n"],
        ["To", "<sip:alice@example.org>;tag=a"],
        ["Call-ID", "call"],
        ["CSeq", "31 NOTIFY"],
        ["Contact", "<sip:focus@192.0.2.9>"],
        ["Record-Route", "<sip:p1.example;lr>, <sip:p2.example;lr>"],
      ],
    });
    expect(dialogOfNotify(request("SUBSCRIBE"), notify)).toMatchObject({
      remoteTag: "n",
      remoteTarget: "sip:focus@192.0.2.9",
      routeSet: ["<sip:p1.example;lr>", "<sip:p2.example;lr>"],
      localSequence: 7,
      remoteSequence: 31,
    });
  });

  it("a peer of RFC 2543 has no tag", () => {
    const old = sipRequest({
      ...INVITE,
      headers: [
        ["From", "<sip:a@x>"],
        ["To", "<sip:b@x>"],
        ["Call-ID", "c"],
        ["CSeq", "1 INVITE"],
      ],
    });
    expect(dialogOfRequest(old, "b", "confirmed")).toMatchObject({ remoteTag: "", remote: "<sip:a@x>" });
  });
});

describe("how it goes on", () => {
  it("a 2xx confirms, and its Record-Route counts (13.2.2.4)", () => {
    const early = dialogOfResponse(INVITE, response(180));
    const accepted = sipResponse(request("INVITE"), 200, undefined, {
      headers: [
        ["Contact", "<sip:bob@192.0.2.3>"],
        ["Record-Route", "<sip:p3.example;lr>"],
      ],
      toTag: "b",
    });
    expect(early && confirmed(early, accepted)).toMatchObject({
      state: "confirmed",
      routeSet: ["<sip:p3.example;lr>"],
      remoteTarget: "sip:bob@192.0.2.3",
    });
  });

  it.each([
    ["INVITE", true],
    ["UPDATE", true],
    ["SUBSCRIBE", true],
    ["NOTIFY", true],
    ["REFER", true],
    ["MESSAGE", false],
    ["INFO", false],
    ["BYE", false],
    ["PRACK", false],
  ])("%s moves the target: %s", (method, moves) => {
    const { remoteTarget } = withTargetOf(uac(), request(method));
    expect(remoteTarget).toBe(moves ? "sip:alice@192.0.2.1" : "sip:bob@192.0.2.2");
  });

  it("only a 2xx moves it", () => {
    const moved = (status: number): string | undefined =>
      withTargetOf({ ...uac(), remoteTarget: "sip:old" }, response(status)).remoteTarget;
    expect([moved(180), moved(200), moved(488)]).toEqual(["sip:old", "sip:bob@192.0.2.2", "sip:old"]);
  });
});

describe("requests within it (12.2.1.1)", () => {
  it("go to the target by the route set, with the next number", () => {
    const { request, dialog } = requestInDialog(uac(), {
      method: "BYE",
      headers: [["Reason", "SIP;cause=200"]],
    });
    expect(request.uri).toBe("sip:bob@192.0.2.2");
    expect(headerValues(request, "Route")).toEqual(["<sip:p1.example;lr>", "<sip:p2.example;lr>"]);
    expect(["From", "To", "Call-ID", "CSeq", "Reason"].map((name) => header(request, name))).toEqual([
      '"Alice" <sip:alice@example.org>;tag=a',
      "<sip:bob@example.org>;tag=b",
      "call",
      "8 BYE",
      "SIP;cause=200",
    ]);
    expect(dialog.localSequence).toBe(8);
  });

  it("ACK takes the number of its INVITE", () => {
    const { request, dialog } = requestInDialog(uac(), { method: "ACK", sequence: 7 });
    expect(header(request, "CSeq")).toBe("7 ACK");
    expect(dialog.localSequence).toBe(7);
  });

  it.each<[string, readonly string[], string, readonly string[]]>([
    ["no route", [], "sip:t", []],
    ["loose", ["<sip:p1;lr>", "<sip:p2>"], "sip:t", ["<sip:p1;lr>", "<sip:p2>"]],
    ["strict", ["<sip:p1>", "<sip:p2;lr>"], "sip:p1", ["<sip:p2;lr>", "<sip:t>"]],
    ["unreadable", ["rubbish"], "sip:t", ["rubbish"]],
  ])("%s", (_, routeSet, uri, routes) => {
    expect(addressed("sip:t", routeSet)).toEqual({ uri, routes });
  });
});

describe("the order of received requests (12.2.2)", () => {
  const dialog = { ...uac(), remoteSequence: 5 };
  const numbered = (cseq: string): SipRequest =>
    sipRequest({ method: cseq.split(" ")[1] ?? "", uri: "sip:a", headers: [["CSeq", cseq]] });

  it.each([
    ["4 BYE", false, undefined],
    ["5 BYE", true, 5],
    ["6 BYE", true, 6],
    ["600 MESSAGE", true, 600],
    ["4 ACK", true, 5],
    ["4 CANCEL", true, 5],
    ["nothing INVITE", false, undefined],
  ])("%s after 5: %s", (cseq, inOrder, remoteSequence) => {
    const verdict = received(dialog, numbered(cseq));
    expect(verdict.inOrder).toBe(inOrder);
    expect(verdict.inOrder ? verdict.dialog.remoteSequence : undefined).toBe(remoteSequence);
  });

  it("the first may have any number", () => {
    const verdict = received({ ...uac(), remoteSequence: undefined }, numbered("9 INFO"));
    expect(verdict).toMatchObject({ inOrder: true, dialog: { remoteSequence: 9 } });
  });
});

describe("which dialog a message is in", () => {
  it("both ends give their own key, from requests and responses", () => {
    const near = uac();
    const far = dialogOfRequest(INVITE, "b", "confirmed");
    const fromNear = requestInDialog(near, { method: "BYE" }).request;
    const answer = sipResponse(fromNear, 200);
    const keyOf = (message: SipRequest | SipResponse): string => dialogKey(dialogIdOf(message) ?? near);
    expect(keyOf(fromNear)).toBe(dialogKey(far));
    expect(keyOf(answer)).toBe(dialogKey(near));
    expect(dialogKey(near)).not.toBe(dialogKey(far));
  });

  it("a request without To tag is in none", () => {
    expect(dialogIdOf(INVITE)).toBeUndefined();
    expect(claimsDialog(INVITE)).toBe(false);
    expect(claimsDialog(request("BYE", [], "<sip:bob@example.org>;tag=b"))).toBe(true);
  });
});

it.each([
  [400, "transaction"],
  [404, "dialog"],
  [408, "usage"],
  [481, "usage"],
  [488, "transaction"],
  [489, "usage"],
  [491, "transaction"],
  [503, "transaction"],
  [604, "dialog"],
])("%i takes down the %s (RFC 5057 5.1)", (status, scope) => {
  expect(failureScope(status)).toBe(scope);
});
