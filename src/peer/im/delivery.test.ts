import { describe, expect, it } from "vitest";
import { parseCpim } from "../../wire/cpim/parse.ts";
import { imdnHeadersOf } from "../../wire/cpim/imdn-headers.ts";
import { sipRequest } from "../../wire/sip/build.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import { writeImdn } from "../../wire/xml/imdn.ts";
import {
  buildInstantMessage,
  buildNotification,
  cpimOf,
  deliveryNotificationOf,
  deliveryRequestOf,
  readableImdn,
  recordRoute,
  withoutFirstRoute,
} from "./delivery.ts";

const message = (contentType: string, body: Uint8Array | string): SipRequest =>
  sipRequest({
    method: "MESSAGE",
    uri: "sip:bob@home.example",
    headers: [["Content-Type", contentType]],
    body: typeof body === "string" ? new TextEncoder().encode(body) : body,
  });

const request = buildInstantMessage({
  from: "sip:alice@home.example",
  to: "sip:list@home.example",
  messageId: "m1",
  dateTime: "2007-08-16T00:00:00.000Z",
  dispositions: ["positive-delivery", "negative-delivery"],
  contentType: "text/plain",
  body: "hello",
});

const document = (recipientUri: string) =>
  writeImdn({
    kind: "delivery",
    status: "delivered",
    messageId: "m1",
    dateTime: "2007-08-16T00:00:00.000Z",
    recipientUri,
  });

const notification = (routes: readonly string[], ...recipients: readonly string[]) =>
  buildNotification({
    from: "sip:bob@home.example",
    to: "sip:alice@home.example",
    messageId: "n1",
    dateTime: "2007-08-16T00:00:01.000Z",
    routes,
    documents: recipients.map(document),
    boundary: "b1",
  });

describe("requests for notification", () => {
  it("are read from the CPIM headers", () => {
    expect(deliveryRequestOf(message("message/cpim", request))).toEqual({
      messageId: "m1",
      dispositions: ["positive-delivery", "negative-delivery"],
      dateTime: "2007-08-16T00:00:00.000Z",
      from: "sip:alice@home.example",
      to: "sip:list@home.example",
      recordRoutes: [],
    });
  });

  it.each([
    ["plain text", "text/plain", "hello"],
    ["a broken CPIM object", "message/cpim", "hello"],
    ["a broken multipart body", "multipart/mixed;boundary=x", "hello"],
    ["a notification", "message/cpim", notification([], "sip:bob@home.example")],
  ])("are not in %s", (_, type, body) => {
    expect(deliveryRequestOf(message(type, body))).toBeUndefined();
  });

  it("get the nearest intermediary in front", () => {
    const once = recordRoute(cpimOf(message("message/cpim", request))!, "sip:one@home.example");
    const twice = recordRoute(parseCpim(once), "sip:two@home.example");
    expect(deliveryRequestOf(message("message/cpim", twice))!.recordRoutes).toEqual([
      "sip:two@home.example",
      "sip:one@home.example",
    ]);
    expect(Buffer.from(parseCpim(twice).body).toString()).toBe("hello");
  });
});

describe("notifications", () => {
  it.each([
    ["alone", ["sip:bob@home.example"]],
    ["aggregated", ["sip:bob@home.example", "sip:carol@home.example"]],
  ])("are read %s", (_, recipients) => {
    const read = deliveryNotificationOf(
      message("message/cpim", notification(["sip:list@home.example"], ...recipients)),
    )!;
    expect(read.routes).toEqual(["sip:list@home.example"]);
    expect(read.documents.map((each) => readableImdn(each)!.recipientUri)).toEqual(recipients);
    expect(imdnHeadersOf(read.cpim).dispositionNotification).toEqual([]);
  });

  it("lose the route that they have reached", () => {
    const { cpim } = deliveryNotificationOf(
      message("message/cpim", notification(["sip:a@x.example", "sip:b@x.example"], "sip:bob@home.example")),
    )!;
    expect(imdnHeadersOf(parseCpim(withoutFirstRoute(cpim))).routes).toEqual(["<sip:b@x.example>"]);
  });

  it("that cannot be read are none", () =>
    expect(readableImdn(new TextEncoder().encode("<imdn"))).toBeUndefined());
});
