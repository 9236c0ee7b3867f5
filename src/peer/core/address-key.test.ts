import { describe, expect, it } from "vitest";
import { addressKey, domainOf, telOf } from "./address-key.ts";

describe("addresses that are one", () => {
  it.each([
    ["sip:alice@home.example", "sip:alice@HOME.example"],
    ["sip:alice@home.example", "SIP:alice@home.example;transport=tcp"],
    ["sip:alice@home.example", "sips:alice@home.example:5060?subject=x"],
    ["sip:alice@home.example", "sip:%61lice:secret@home.example"],
    ["sip:+1555@home.example", "sip:+1555;npdi@home.example;user=phone"],
    ["tel:+15550001", "tel:+1-555-(0001);phone-context=x"],
    ["sip:home.example", "sip:home.example:5060;lr"],
    ["sip:a@[2001:db8::1]", "sip:a@[2001:DB8::1]"],
  ])("%s and %s", (a, b) => expect(addressKey(a)).toBe(addressKey(b)));
});

describe("addresses that are not", () => {
  it.each([
    ["sip:alice@home.example", "sip:Alice@home.example"],
    ["sip:alice@home.example", "sip:alice@home.example:5070"],
    ["sip:alice@home.example", "sip:home.example"],
    ["sip:a%40b@home.example", "sip:a@b@home.example"],
    ["tel:+1555", "sip:+1555@home.example"],
  ])("%s and %s", (a, b) => expect(addressKey(a)).not.toBe(addressKey(b)));
});

describe("parts", () => {
  it.each([
    ["sip:+1-555@home.example;user=phone", "tel:+1-555"],
    ["sip:+1555@home.example;transport=udp;user=phone?x=y", "tel:+1555"],
    ["sip:+1555@home.example", undefined],
    ["sip:bob@home.example;user=phone", undefined],
  ])("the number in %s is %s", (uri, tel) => expect(telOf(uri)).toBe(tel));

  it.each([
    ["sip:a@Home.example:5070;lr", "home.example"],
    ["sip:home.example", "home.example"],
    ["sip:a@[::1]:5070", "[::1]"],
    ["tel:+1", undefined],
  ])("the domain of %s is %s", (uri, domain) => expect(domainOf(uri)).toBe(domain));
});
