import { describe, expect, it } from "vitest";
import { sipRequest, type HeaderPair } from "../sip/build.ts";
import { validateXml } from "../xml/validate.ts";
import type { ListEntry } from "../xml/resource-lists.ts";
import {
  bodyWithList,
  recipientHistoryOf,
  recipientHistoryPart,
  recipientListOf,
  recipientListPart,
} from "./recipient-list.ts";
import { ANONYMOUS_RECIPIENT, historyEntries, recipientsOf } from "./recipients.ts";

const bill: ListEntry = { uri: "sip:bill@example.com", copyControl: "to" };
const joe: ListEntry = { uri: "sip:joe@example.org", copyControl: "cc" };
const ted: ListEntry = { uri: "sip:ted@example.net", copyControl: "bcc" };

describe("recipients (RFC 5363 4.1, RFC 5364 4)", () => {
  it.each<[string, ListEntry[], ListEntry[]]>([
    ["each once", [bill, joe, bill], [bill, joe]],
    ["compared as URIs", [bill, { ...bill, uri: "sip:bill@EXAMPLE.com" }], [bill]],
    [
      "other parameters are another",
      [bill, { ...bill, uri: "sip:bill@example.com;method=BYE" }],
      [bill, { ...bill, uri: "sip:bill@example.com;method=BYE" }],
    ],
    [
      "with the highest level",
      [
        { ...bill, copyControl: "bcc" },
        { ...bill, copyControl: "cc" },
      ],
      [{ ...bill, copyControl: "cc" }],
    ],
    ["none is bcc", [{ uri: bill.uri }, { ...bill, copyControl: "cc" }], [{ ...bill, copyControl: "cc" }]],
    ["hidden stays hidden", [bill, { ...bill, anonymize: true }], [{ ...bill, anonymize: true }]],
  ])("%s", (_what, listed, entries) => expect(recipientsOf(listed).entries).toEqual(entries));
});

describe("recipient history", () => {
  const hidden = (uri: string, copyControl: "to" | "cc" | "bcc"): ListEntry => ({
    uri,
    copyControl,
    anonymize: true,
  });
  it.each<[string, ListEntry[], string | undefined, ListEntry[]]>([
    ["no bcc", [bill, joe, ted], undefined, [bill, joe]],
    ["no level is bcc", [{ uri: "sip:x@y" }], undefined, []],
    ["one's own bcc", [bill, ted, { uri: "sip:x@y" }], ted.uri, [bill, ted]],
    [
      "counted",
      [
        hidden("sip:a@b", "to"),
        joe,
        hidden("sip:c@d", "to"),
        hidden("sip:e@f", "cc"),
        hidden("sip:g@h", "bcc"),
      ],
      undefined,
      [
        { uri: ANONYMOUS_RECIPIENT, copyControl: "to", count: 2 },
        joe,
        { uri: ANONYMOUS_RECIPIENT, copyControl: "cc", count: 1 },
      ],
    ],
  ])("%s", (_what, entries, recipient, told) => expect(historyEntries(entries, recipient)).toEqual(told));

  it("is a valid document, and is read back", () => {
    const part = recipientHistoryPart([hidden("sip:a@b", "to"), joe, ted]);
    expect(validateXml("resource-lists", Buffer.from(part?.body ?? ""))).toEqual([]);
    const { contentType, bytes } = bodyWithList(
      { contentType: "text/plain", bytes: Buffer.from("hi") },
      part!,
      "b",
    );
    const message = request(bytes, ["Content-Type", contentType]);
    expect(recipientHistoryOf(message)).toEqual([
      { uri: ANONYMOUS_RECIPIENT, copyControl: "to", count: 1 },
      joe,
    ]);
    expect(recipientListOf(message)).toEqual({ kind: "none" });
    expect(recipientHistoryPart([ted])).toBeUndefined();
  });
});

function request(body: Uint8Array | string, ...headers: readonly HeaderPair[]) {
  return sipRequest({ method: "INVITE", uri: "sip:factory@x", headers, body: Buffer.from(body) });
}

const LIST = Buffer.from(recipientListPart([bill, joe]).body).toString();
const TYPE: HeaderPair = ["Content-Type", "application/resource-lists+xml"];
const DISPOSITION: HeaderPair = ["Content-Disposition", "recipient-list"];

describe("a list in a body", () => {
  it("is a part among others", () => {
    const sdp = { contentType: "application/sdp", bytes: Buffer.from("v=0") };
    const { contentType, bytes } = bodyWithList(
      sdp,
      recipientListPart([bill, joe, bill], "list@x"),
      "frontier",
    );
    const message = request(bytes, ["Content-Type", contentType]);
    expect(recipientListOf(message)).toEqual({ kind: "list", entries: [bill, joe], duplicates: [bill] });
    expect(recipientListOf(message, "list@x")).toMatchObject({ kind: "list" });
  });

  it.each<[string, ReturnType<typeof request>, string | undefined, object]>([
    ["alone", request(LIST, TYPE, DISPOSITION), undefined, { kind: "list", entries: [bill, joe] }],
    ["by its Content-ID", request(LIST, TYPE, ["Content-ID", "<a@b>"]), "a@b", { kind: "list" }],
    [
      "of another Content-ID",
      request(LIST, TYPE, ["Content-ID", "<a@b>"]),
      "c@d",
      { kind: "bad", status: 400 },
    ],
    ["without disposition", request(LIST, TYPE), undefined, { kind: "none" }],
    ["no body", request(""), undefined, { kind: "none" }],
    ["no body, but a Content-ID", request(""), "a@b", { kind: "bad", status: 400 }],
    [
      "of another format",
      request("x", ["Content-Type", "text/uri-list"], DISPOSITION),
      undefined,
      { kind: "bad", status: 415 },
    ],
    ["malformed", request("<resource-lists", TYPE, DISPOSITION), undefined, { kind: "bad", status: 400 }],
    [
      "an entry without URI",
      request(LIST.replace(/uri="[^"]*"/, ""), TYPE, DISPOSITION),
      undefined,
      { kind: "bad", status: 400 },
    ],
    [
      "empty",
      request(LIST.replace(/<entry[^>]*>/g, ""), TYPE, DISPOSITION),
      undefined,
      { kind: "bad", status: 400 },
    ],
    [
      "in what is not multipart",
      request("x", ["Content-Type", "multipart/mixed;boundary=b"]),
      undefined,
      { kind: "bad", status: 400 },
    ],
    [
      "in a type that is none",
      request("x", ["Content-Type", "list"]),
      undefined,
      { kind: "bad", status: 400 },
    ],
  ])("%s", (_what, message, contentId, expected) => {
    expect(recipientListOf(message, contentId)).toMatchObject(expected);
  });
});
