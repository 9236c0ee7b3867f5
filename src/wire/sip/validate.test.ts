import { describe, expect, test } from "vitest";
import { changed, found, MESSAGE, OK, REGISTER, SUBSCRIBE } from "./testdata/conforming.ts";
import type { Change } from "./testdata/conforming.ts";

describe("conforming messages", () => {
  test.each<[string, readonly string[], string, Change[]]>([
    ["MESSAGE", MESSAGE, "hi", []],
    ["REGISTER", REGISTER, "", ["Contact: *", "Expires: 0"]],
    ["SUBSCRIBE", SUBSCRIBE, "", ["Event: reg", "Contact: <sip:a@h>"]],
    ["200", OK, "", []],
    [
      "100 without tag",
      OK,
      "",
      [
        [/200 OK/, "100 Trying"],
        [/;tag=2/, ""],
      ],
    ],
    [
      "compact forms",
      MESSAGE,
      "hi",
      [
        [/^Via/, "v"],
        [/^From/, "f"],
        [/^To/, "t"],
        [/^Call-ID/, "i"],
        [/^Content-Type/, "c"],
        [/^Content-Length/, "l"],
      ],
    ],
    ["no Content-Length in a datagram", MESSAGE, "hi", [/^Content-Length/]],
    ["unknown fields, even twice", MESSAGE, "hi", ["X-Unknown: <;,", "X-Unknown:"]],
    ["display name without space before the bracket", MESSAGE, "hi", [[/"Alice" </, "caller<"]]],
    ["folded Via", MESSAGE, "hi", [[/;branch/, "\r\n ;\r\n\tbranch"]]],
    ["two identities", MESSAGE, "hi", ['P-Asserted-Identity: "A" <sip:a@h>, <tel:+1>']],
    [
      "two identities in two lines",
      MESSAGE,
      "hi",
      ["P-Asserted-Identity: <tel:+1>", "P-Asserted-Identity: <sips:a@h>"],
    ],
    [
      "feature preferences",
      MESSAGE,
      "hi",
      ['Accept-Contact: *;+g.oma.sip-im;require;explicit, *;methods="MESSAGE"'],
    ],
    ["empty lists", MESSAGE, "hi", ["Supported:", "Allow:", "Accept:"]],
    [
      "credentials",
      MESSAGE,
      "hi",
      [
        `Authorization: Digest username="a", realm="r", nonce="n", uri="sip:h", response="${"0".repeat(32)}", qop=auth, nc=0000000a, cnonce="c", algorithm=SHA-256`,
      ],
    ],
    [
      "challenges in two lines",
      [...OK],
      "",
      [
        [/200 OK/, "401 Unauthorized"],
        'WWW-Authenticate: Digest realm="r", nonce="n", qop="auth,auth-int", algorithm=MD5, stale=false',
        'WWW-Authenticate: Other x="y"',
      ],
    ],
    [
      "warnings",
      OK,
      "",
      [
        [/200 OK/, "403 Forbidden"],
        'Warning: 399 im.example.com "127 Service not authorised", 399 [::1]:5060 "a, b"',
      ],
    ],
    [
      "many good fields",
      MESSAGE,
      "hi",
      [
        "Accept-Language: en-US;q=0.5, *",
        "Accept: text/*;q=1.000, */*",
        "Accept-Encoding: gzip",
        "Date: Sat, 13 Nov 2010 23:29:00 GMT",
        "Timestamp: 5.1 0.2",
        "Retry-After: 18000 (in (a) meeting);duration=3600",
        "MIME-Version: 1.0",
        "In-Reply-To: a@b, c",
        "Route: <sip:p;lr>, <sip:q;lr>",
        "Priority: urgent",
        "Content-Language: de",
        "Privacy: id;critical",
        "User-Agent: IM-client/OMA1.0 (x)",
        "Request-Disposition: no-fork, parallel",
        "Referred-By: <sip:a@h>",
        "Organization: \xc3\x84",
      ],
    ],
  ])("%s", (_name, lines, body, changes) => {
    expect(found(changed(lines, changes), body)).toEqual([]);
  });
});

describe("what every message needs", () => {
  test.each(["Via", "From", "To", "Call-ID", "CSeq"])("%s", (name) => {
    const line = new RegExp(`^${name}:`);
    expect(found(changed(MESSAGE, [line]), "hi")).toEqual([`header-missing ${name}`]);
    expect(found(changed(OK, [line]), "")).toEqual([`header-missing ${name}`]);
  });

  test.each<[string, readonly string[], Change[], string[]]>([
    ["Max-Forwards", MESSAGE, [/^Max/], ["header-missing Max-Forwards"]],
    ["Event and Contact of SUBSCRIBE", SUBSCRIBE, [], ["header-missing Contact", "header-missing Event"]],
    [
      "Subscription-State of NOTIFY",
      SUBSCRIBE,
      [[/SUBSCRIBE/, "NOTIFY"], "Event: reg", "Contact: <sip:a@h>"],
      ["header-missing Subscription-State"],
    ],
    [
      "entity tag and Expires of a publication",
      OK,
      [[/1 MESSAGE/, "1 PUBLISH"]],
      ["header-missing Expires", "header-missing SIP-ETag"],
    ],
    ["WWW-Authenticate of 401", OK, [[/200 OK/, "401 x"]], ["header-missing WWW-Authenticate"]],
    ["Proxy-Authenticate of 407", OK, [[/200 OK/, "407 x"]], ["header-missing Proxy-Authenticate"]],
    ["Allow of 405", OK, [[/200 OK/, "405 x"]], ["header-missing Allow"]],
    ["Accept of 415", OK, [[/200 OK/, "415 x"]], ["header-missing Accept"]],
    ["Unsupported of 420", OK, [[/200 OK/, "420 x"]], ["header-missing Unsupported"]],
    ["Min-Expires of 423", OK, [[/200 OK/, "423 x"]], ["header-missing Min-Expires"]],
    ["Allow-Events of 489", OK, [[/200 OK/, "489 x"]], ["header-missing Allow-Events"]],
  ])("%s", (_name, lines, changes, codes) => {
    expect(found(changed(lines, changes), lines === MESSAGE ? "hi" : "")).toEqual(codes);
  });
});

describe("rules between header fields", () => {
  test.each<[string, readonly string[], string, Change[], string[]]>([
    ["no cookie", MESSAGE, "hi", [[/z9hG4bKa/, "a"]], ["branch-cookie Via"]],
    ["nothing but the cookie", MESSAGE, "hi", [[/z9hG4bKa/, "z9hG4bK"]], ["branch-cookie Via"]],
    ["no branch", MESSAGE, "hi", [[/;branch=.*/, ""]], ["branch-cookie Via"]],
    ["cookie in other case", MESSAGE, "hi", [[/z9hG4bK/, "Z9HG4BK"]], ["branch-cookie Via"]],
    ["only the topmost Via counts", MESSAGE, "hi", [[/^(Via.*)/, "$1, SIP/2.0/UDP old"]], []],
    ["CSeq of another method", MESSAGE, "hi", [[/1 MESSAGE/, "1 message"]], ["cseq-method CSeq"]],
    ["CSeq too high", MESSAGE, "hi", [[/1 MESSAGE/, "2147483648 MESSAGE"]], ["cseq-range CSeq"]],
    ["Max-Forwards too high", MESSAGE, "hi", [[/: 70/, ": 256"]], ["max-forwards-range Max-Forwards"]],
    ["no tag on From", MESSAGE, "hi", [[/;tag=1/, ""]], ["tag-missing From"]],
    ["no tag on To of a response", OK, "", [[/;tag=2/, ""]], ["tag-missing To"]],
    ["Contact in MESSAGE", MESSAGE, "hi", ["Contact: <sip:a@h>"], ["header-forbidden Contact"]],
    ["Contact in 200 of MESSAGE", OK, "", ["m: <sip:a@h>"], ["header-forbidden m"]],
    ["body in 200 of MESSAGE", OK, "hi", [/^Content-L/, "Content-Type: text/plain"], ["body-forbidden"]],
    ["body longer than Content-Length", MESSAGE, "high", [], ["content-length Content-Length"]],
    ["no Content-Type", MESSAGE, "hi", [/^Content-Type/], ["content-type-missing"]],
    [
      "multipart without boundary",
      MESSAGE,
      "hi",
      [[/text\/plain/, "multipart/mixed"]],
      ["content-type-boundary Content-Type"],
    ],
    ["Require in CANCEL", MESSAGE, "hi", [[/MESSAGE/, "CANCEL"], "Require: x"], ["header-forbidden Require"]],
    ["star in MESSAGE", REGISTER, "", ["Contact: *"], ["contact-star Contact"]],
    ["star and an address", REGISTER, "", ["Contact: *, <sip:a@h>", "Expires: 0"], ["contact-star Contact"]],
    [
      "two contacts of SUBSCRIBE",
      SUBSCRIBE,
      "",
      ["Event: reg", "Contact: <sip:a@h>, <sip:b@h>"],
      ["contact-count Contact"],
    ],
    [
      "user in the Request-URI of REGISTER",
      REGISTER,
      "",
      [[/ sip:example/, " sip:a@example"]],
      ["request-uri"],
    ],
    ["header in the Request-URI", MESSAGE, "hi", [[/com SIP/, "com?a=b SIP"]], ["request-uri"]],
    ["method in the Request-URI", MESSAGE, "hi", [[/com SIP/, "com;method=BYE SIP"]], ["request-uri"]],
    [
      "brackets around the Request-URI",
      MESSAGE,
      "hi",
      [[/ sip:bob@example.com SIP/, " <sip:bob@example.com> SIP"]],
      ["request-uri"],
    ],
    [
      "malformed Request-URI",
      MESSAGE,
      "hi",
      [[/ sip:bob@example.com SIP/, " sip:bob@-e SIP"]],
      ["uri-syntax"],
    ],
    ["version in small letters", MESSAGE, "hi", [[/ SIP\/2.0$/, " sip/2.0"]], ["version-case"]],
    ["status beyond 699", OK, "", [[/200/, "700"]], ["status-range"]],
    ["reason with other characters", OK, "", [[/200 OK/, '200 "OK"']], ["reason-phrase"]],
    [
      "three identities",
      MESSAGE,
      "hi",
      ["P-Asserted-Identity: <sip:a@h>, <tel:+1>", "P-Asserted-Identity: <sip:b@h>"],
      ["identity-count P-Asserted-Identity"],
    ],
    [
      "two sip identities",
      MESSAGE,
      "hi",
      ["P-Asserted-Identity: <sip:a@h>, <sips:b@h>"],
      ["identity-scheme P-Asserted-Identity"],
    ],
    [
      "two tel identities",
      MESSAGE,
      "hi",
      ["P-Preferred-Identity: <tel:+1>, <tel:+2>"],
      ["identity-scheme P-Preferred-Identity"],
    ],
    [
      "identity of another scheme",
      MESSAGE,
      "hi",
      ["P-Preferred-Identity: <mailto:a@h>"],
      ["identity-scheme P-Preferred-Identity"],
    ],
    ["none and id", MESSAGE, "hi", ["Privacy: none;id"], ["privacy-value Privacy"]],
    ["id twice", MESSAGE, "hi", ["Privacy: id;ID"], ["privacy-value Privacy"]],
  ])("%s", (_name, lines, body, changes, codes) => {
    expect(found(changed(lines, changes), body)).toEqual(codes);
  });

  test.each([
    ["UDP", []],
    ["TCP", ["via-transport Via"]],
  ] as const)("transport %s", (transport, codes) => {
    expect(found(MESSAGE, "hi", { direction: "in", transport })).toEqual(codes);
  });
});

describe("fields that stand once", () => {
  test.each([
    "Call-ID: x",
    "CSeq: 1 MESSAGE",
    "From: <sip:a@h>;tag=1",
    "t: <sip:b@h>",
    "Max-Forwards: 1",
    "Content-Type: a/b",
  ])("%s", (line) => {
    expect(found(changed(MESSAGE, [line]), "hi")).toContain(
      `header-repeated ${line.slice(0, line.indexOf(":"))}`,
    );
  });

  test.each([
    "Subject: x",
    "Expires: 1",
    "User-Agent: x",
    "Organization: x",
    "Event: reg",
    "Date: Sat, 13 Nov 2010 23:29:00 GMT",
  ])("%s", (line) => {
    expect(found(changed(MESSAGE, [line, line]), "hi")).toEqual([
      `header-repeated ${line.slice(0, line.indexOf(":"))}`,
    ]);
  });
});
