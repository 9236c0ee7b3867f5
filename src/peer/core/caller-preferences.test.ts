import { describe, expect, it } from "vitest";
import { preferredTargets } from "./caller-preferences.ts";
import { featureParametersOf, parametersOf } from "./feature-parameters.ts";
import { request } from "./test-rig.ts";

function targets(contacts: Readonly<Record<string, string>>) {
  return Object.entries(contacts).map(([name, contact]) => {
    const q = parametersOf(contact).find((parameter) => parameter.name === "q")?.value;
    return { name, q: Number(q ?? 1), features: featureParametersOf(contact) };
  });
}

function chosen(
  contacts: Readonly<Record<string, string>>,
  headers: readonly (readonly [string, string])[],
  method = "MESSAGE",
) {
  const asked = request(method, "sip:u@home.example", "sip:a@home.example", headers, { tagged: false });
  return preferredTargets(targets(contacts), asked).map(({ name }) => name);
}

describe("the example of RFC 3841 7.2.5", () => {
  const contacts = {
    u1: '<sip:u1@h.example>;audio;video;methods="INVITE,BYE";q=0.2',
    u2: '<sip:u2@h.example>;audio="FALSE";methods="INVITE";actor="msg-taker";q=0.2',
    u3: '<sip:u3@h.example>;audio;actor="msg-taker";methods="INVITE";video;q=0.3',
    u4: '<sip:u4@h.example>;audio;methods="INVITE,OPTIONS";q=0.2',
    u5: "<sip:u5@h.example>;q=0.5",
  };

  it("orders what is left by q-value, then by preference", () => {
    const headers = [
      ["Reject-Contact", '*;actor="msg-taker";video'],
      ["Accept-Contact", "*;audio;require"],
      ["Accept-Contact", "*;video;explicit"],
      ["Accept-Contact", '*;methods="BYE";class="business";q=1.0'],
    ] as const;
    expect(chosen(contacts, headers, "INVITE")).toEqual(["u5", "u1", "u4"]);
  });
});

describe("the IM tag", () => {
  const contacts = {
    im: "<sip:1@h.example>;+g.oma.sip-im",
    poc: "<sip:2@h.example>;+g.oma.poc",
    off: '<sip:3@h.example>;+g.oma.sip-im="FALSE"',
    plain: "<sip:4@h.example>",
  };
  it.each([
    ["*;+g.oma.sip-im;require;explicit", ["plain", "im"]],
    ["*;+g.oma.sip-im;require", ["im", "plain", "poc"]],
    ["*;+g.oma.sip-im;explicit", ["im", "plain", "poc", "off"]],
    ["*;+g.oma.sip-im", ["im", "plain", "poc", "off"]],
  ])("%s", (acceptContact, expected) => {
    const order = chosen(contacts, [["Accept-Contact", acceptContact]]);
    expect(new Set(order)).toEqual(new Set(expected));
    expect(order.includes("off")).toBe(expected.includes("off"));
  });

  it("is rejected only where it is offered", () => {
    expect(chosen(contacts, [["Reject-Contact", "*;+g.oma.sip-im"]])).toEqual(["plain", "poc", "off"]);
  });
});

describe("feature values", () => {
  it.each([
    ['*;class="business";require', '<sip:u@h.example>;class="personal"', false],
    ['*;class="BUSINESS";require', '<sip:u@h.example>;class="business"', true],
    ['*;class="!personal";require', '<sip:u@h.example>;class="business"', true],
    ['*;class="!personal";require', '<sip:u@h.example>;class="personal"', false],
    ['*;class="business";require', '<sip:u@h.example>;class="!business"', false],
    ['*;language="en,de";require', '<sip:u@h.example>;language="de,fr"', true],
    ['*;description="<A>";require', '<sip:u@h.example>;description="<a>"', false],
    ['*;+x="#>=4";require', '<sip:u@h.example>;+x="#5"', true],
    ['*;+x="#1:3";require', '<sip:u@h.example>;+x="#=5"', false],
    ['*;+x="#<=5";require', '<sip:u@h.example>;+x="#2:9"', true],
  ])("%s against %s: %s", (acceptContact, contact, matches) => {
    expect(chosen({ u: contact }, [["Accept-Contact", acceptContact]])).toEqual(matches ? ["u"] : []);
  });
});

describe("without preferences", () => {
  it("the method must be supported, where that is said", () => {
    const contacts = {
      im: '<sip:1@h.example>;methods="MESSAGE"',
      call: '<sip:2@h.example>;methods="INVITE"',
    };
    expect(chosen(contacts, [])).toEqual(["im"]);
    expect(chosen(contacts, [["Event", "presence"]], "SUBSCRIBE")).toEqual(["im", "call"]);
  });
});
