import { describe, expect, it } from "vitest";
import { sipResponse } from "../../wire/sip/build.ts";
import { identitiesIn } from "./identities-in.ts";
import { createServiceIdentities } from "./service-identities.ts";
import { request } from "./test-rig.ts";

const LIST = (entries: string) =>
  `--b\r\nContent-Type: application/resource-lists+xml\r\n\r\n<r:resource-lists xmlns:r="urn:ietf:params:xml:ns:resource-lists" ` +
  `xmlns:c="urn:ietf:params:xml:ns:copycontrol"><r:list>${entries}</r:list></r:resource-lists>\r\n--b--`;

describe("the identities in a message", () => {
  it("are those of its start line, its headers and its URI-list, each once", () => {
    const headers = [
      ["P-Asserted-Identity", '"A" <sip:alice@home.example>, <tel:+15550001>'],
      ["P-Preferred-Identity", "<sip:al@home.example>"],
      ["Referred-By", "<sip:ted@home.example>;cid=x"],
      ["Refer-To", "<sip:carol@home.example?Subject=x>"],
    ] as const;
    const body = LIST(
      `<r:entry c:copyControl="to" uri="sip:bob@home.example"/><r:entry uri='sip:d&amp;d@home.example'></r:entry>`,
    );
    const message = request("MESSAGE", "sip:list@im.home.example", "sip:ALICE@home.example", headers, {
      body,
    });
    expect(identitiesIn(message)).toEqual([
      "sip:list@im.home.example",
      "sip:ALICE@home.example",
      "sip:alice@home.example",
      "tel:+15550001",
      "sip:al@home.example",
      "sip:ted@home.example",
      "sip:carol@home.example?Subject=x",
      "sip:bob@home.example",
      "sip:d&d@home.example",
    ]);
  });

  it("leave the anonymous out, and what is no URI", () => {
    const message = request("MESSAGE", "sip:b@h.example", "sip:anonymous@anonymous.invalid", [
      ["Referred-By", "nobody"],
    ]);
    expect(identitiesIn(message)).toEqual(["sip:b@h.example"]);
  });

  it("of a response are those of its headers", () => {
    const message = sipResponse(request("MESSAGE", "sip:b@h.example", "sip:a@h.example"), 200);
    expect(identitiesIn(message)).toEqual(["sip:a@h.example", "sip:b@h.example"]);
  });

  it("are not taken from other documents", () => {
    const body = '<x><entry uri="sip:z@h.example"/></x>';
    expect(identitiesIn(request("MESSAGE", "sip:b@h.example", "sip:a@h.example", [], { body }))).toHaveLength(
      2,
    );
  });
});

describe("service identities", () => {
  const services = createServiceIdentities([
    { uri: "sip:*@conf.example", server: "any" },
    { uri: "sip:session-*@conf.example", server: "session" },
    { uri: "sip:factory@conf.example", server: "factory" },
  ]);
  it.each([
    ["sip:factory@conf.example;x=y", "factory"],
    ["sip:session-1.2@CONF.example", "session"],
    ["sip:team@conf.example", "any"],
    ["sip:team@conf.example.net", undefined],
    ["sip:team@sub@conf.example", undefined],
    ["sip:conf.example", undefined],
  ])("%s belongs to %s", (uri, server) => expect(services.find(uri)?.server).toBe(server));
});
