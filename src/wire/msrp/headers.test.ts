import { describe, expect, test } from "vitest";
import { msrpRequest, withMsrpHeader, withoutMsrpHeader } from "./build.ts";
import { readOrMsrpError } from "./error.ts";
import {
  authorizationOf,
  byteRangeOf,
  challengesOf,
  contentTypeOf,
  expiresOf,
  failureReportOf,
  formatByteRange,
  formatMsrpStatus,
  fromPathOf,
  maxExpiresOf,
  messageIdOf,
  minExpiresOf,
  msrpHeader,
  statusOf,
  successReportOf,
  toPathOf,
  useNicknameOf,
  usePathOf,
} from "./headers.ts";
import type { MsrpHead, MsrpRequestHead } from "./message.ts";

const PATHS = { toPath: "msrp://b:1/s;tcp", fromPath: "msrp://r:2/t;tcp msrp://a:3/u;tcp" };

function head(...headers: [string, string][]): MsrpRequestHead {
  return msrpRequest({ method: "SEND", transactionId: "abcd", ...PATHS, headers });
}

test.each<[string, (head: MsrpHead) => unknown, [string, string][], unknown]>([
  ["To-Path", (one) => toPathOf(one)?.map(({ host }) => host), [], ["b"]],
  ["From-Path", (one) => fromPathOf(one)?.map(({ port }) => port), [], [2, 3]],
  ["Use-Path", (one) => usePathOf(one)?.length, [["Use-Path", PATHS.fromPath]], 2],
  ["Use-Path missing", usePathOf, [], undefined],
  ["Message-ID", messageIdOf, [["message-id", "1234"]], "1234"],
  ["Byte-Range", byteRangeOf, [["Byte-Range", "1-12/12"]], { start: 1, end: 12, total: 12 }],
  ["Byte-Range with stars", byteRangeOf, [["Byte-Range", "5-*/*"]], { start: 5, end: "*", total: "*" }],
  ["Byte-Range missing", byteRangeOf, [], undefined],
  ["Success-Report", successReportOf, [["Success-Report", "yes"]], true],
  ["Success-Report missing", successReportOf, [], false],
  ["Failure-Report", failureReportOf, [["Failure-Report", "Partial"]], "partial"],
  ["Failure-Report missing", failureReportOf, [], "yes"],
  [
    "Status",
    statusOf,
    [["Status", "000 413 too much"]],
    { namespace: "000", code: 413, comment: "too much" },
  ],
  ["Status without comment", statusOf, [["Status", "000 200"]], { namespace: "000", code: 200 }],
  ["Content-Type", contentTypeOf, [["Content-Type", "text/plain;a=b"]], "text/plain;a=b"],
  ["Expires", expiresOf, [["Expires", "900"]], 900],
  ["Min-Expires", minExpiresOf, [["Min-Expires", "0"]], 0],
  ["Max-Expires", maxExpiresOf, [["Max-Expires", "3600"]], 3600],
  [
    "WWW-Authenticate",
    challengesOf,
    [
      ["WWW-Authenticate", "Digest a"],
      ["WWW-Authenticate", "Digest b"],
    ],
    ["Digest a", "Digest b"],
  ],
  ["Authorization", authorizationOf, [["Authorization", "Digest c"]], "Digest c"],
  ["Use-Nickname", useNicknameOf, [["Use-Nickname", '"a \\"b\\" \\\\"']], 'a "b" \\'],
  ["Use-Nickname, given up", useNicknameOf, [["Use-Nickname", '""']], ""],
])("%s", (_name, view, headers, value) => {
  expect(view(head(...headers))).toEqual(value);
});

test.each<[(head: MsrpHead) => unknown, string, string]>([
  [byteRangeOf, "Byte-Range", "1-2"],
  [byteRangeOf, "Byte-Range", "1-2/99999999999999999999"],
  [successReportOf, "Success-Report", "partial"],
  [failureReportOf, "Failure-Report", ""],
  [statusOf, "Status", "200 OK"],
  [statusOf, "Status", "000 20"],
  [expiresOf, "Expires", "-1"],
  [useNicknameOf, "Use-Nickname", "alice"],
])("a value that does not follow its grammar is an error", (view, name, value) => {
  expect(readOrMsrpError(() => view(head([name, value])))).toMatchObject({ code: "field-syntax", offset: 0 });
});

test.each(["1-*/*", "1-0/0", "5-8/8"])("Byte-Range %s is written as it was read", (text) => {
  const range = byteRangeOf(head(["Byte-Range", text]));
  expect(range && formatByteRange(range)).toBe(text);
});

test.each(["000 200", "000 200 OK", "000 005 "])("Status %s is written as it was read", (text) => {
  const status = statusOf(head(["Status", text]));
  expect(status && formatMsrpStatus(status)).toBe(text);
});

describe("changed copies", () => {
  const old = head(["Message-ID", "1234"], ["X", "1"], ["x", "2"], ["Content-Type", "a/b"]);
  const names = (one: MsrpHead): string =>
    one.headers
      .map(({ name, value }) => `${name}=${value}`)
      .slice(2)
      .join(" ");
  test.each([
    [
      "replaces the first, drops the others",
      withMsrpHeader(old, "X", "3"),
      "Message-ID=1234 X=3 Content-Type=a/b",
    ],
    [
      "comes before Content-Type",
      withMsrpHeader(old, "Y", "3"),
      "Message-ID=1234 X=1 x=2 Y=3 Content-Type=a/b",
    ],
    ["comes last without Content-Type", withMsrpHeader(head(["A", "1"]), "Y", "3"), "A=1 Y=3"],
    ["are gone", withoutMsrpHeader(old, "x"), "Message-ID=1234 Content-Type=a/b"],
  ])("%s", (_name, changed, expected) => {
    expect(names(changed)).toBe(expected);
  });
  test("leave the original alone", () => {
    expect(msrpHeader(old, "x")).toBe("1");
  });
});
