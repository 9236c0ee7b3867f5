import { describe, expect, it } from "vitest";
import { preferredTargets, rankedTargets } from "./caller-preferences.ts";
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
    const asked = request("INVITE", "sip:u@home.example", "sip:a@home.example", headers, { tagged: false });
    const ranked = rankedTargets(targets(contacts), asked);
    expect(ranked.map(({ preference }) => Number(preference.toFixed(2)))).toEqual([1, 0.83, 0.5]);
  });
});

describe("feature parameters", () => {
  it("of the Contact of RFC 3841 7.2.3", () => {
    const contact =
      '<sip:user@example.com>;audio;video;mobility="fixed";+sip.message="TRUE";other-param=66372;' +
      'methods="INVITE,OPTIONS,BYE,CANCEL,ACK";schemes="sip,http"';
    expect(featureParametersOf(contact).map(({ name }) => name)).toEqual([
      "audio",
      "video",
      "mobility",
      "+sip.message",
      "methods",
      "schemes",
    ]);
  });

  it("of the Accept-Contact of RFC 3841 8", () => {
    const value =
      '*;mobility="fixed";events="!presence,message-summary";language="en,de";description="<PC>";+sip.newparam;+rangeparam="#-4:+5.125"';
    expect(featureParametersOf(value)).toHaveLength(6);
    const meets = (contact: string) =>
      chosen({ u: contact }, [["Accept-Contact", `${value};require`]]).length;
    expect(meets('<sip:u@h>;mobility="fixed";events="dialog";+rangeparam="#5"')).toBe(1);
    expect(meets('<sip:u@h>;mobility="fixed";events="presence"')).toBe(0);
    expect(meets('<sip:u@h>;mobility="fixed";+rangeparam="#=5.2"')).toBe(0);
    expect(meets('<sip:u@h>;mobility="mobile"')).toBe(0);
  });

  it("with and without the plus sign count once", () => {
    expect(featureParametersOf("<sip:u@h>;video;+video;+x").map(({ name }) => name)).toEqual(["video", "+x"]);
  });
});

describe("require and explicit (RFC 3841 figure 1)", () => {
  it.each([
    ["*;audio;video", "<sip:u@h>;audio;q=1", 0.5],
    ["*;audio;video;explicit", "<sip:u@h>;audio", 0],
    ["*;audio;video;require", "<sip:u@h>;audio", 0.5],
    ["*;audio;video;require;explicit", "<sip:u@h>;audio", undefined],
    ["*;audio;video;require;explicit", "<sip:u@h>;audio;video", 1],
    ["*;audio", '<sip:u@h>;audio="FALSE"', 0],
    ["*;audio;require", '<sip:u@h>;audio="FALSE"', undefined],
    ["*", "<sip:u@h>;audio", 1],
    ["*;audio;video;explicit, *;audio", "<sip:u@h>;audio", 0.5],
  ])("%s for %s: %s", (accept, contact, preference) => {
    const asked = request(
      "INVITE",
      "sip:u@home.example",
      "sip:a@home.example",
      [["Accept-Contact", accept]],
      {
        tagged: false,
      },
    );
    expect(rankedTargets(targets({ u: contact }), asked)[0]?.preference).toBe(preference);
  });

  it.each([
    ["*;audio", "<sip:u@h>;audio", false],
    ["*;audio", '<sip:u@h>;audio="FALSE"', true],
    ["*;audio;video", "<sip:u@h>;audio", true],
    ["*;audio", "<sip:u@h>", true],
  ])("Reject-Contact %s leaves %s: %s", (reject, contact, left) => {
    expect(chosen({ u: contact }, [["Reject-Contact", reject]])).toEqual(left ? ["u"] : []);
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
