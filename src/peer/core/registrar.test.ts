import { describe, expect, it } from "vitest";
import { contactToBind } from "./register.ts";
import { createRegistrar, type RegistrationAttempt } from "./registrar.ts";

const user = { impi: "alice@home.example", identities: ["sip:alice@home.example"] };
const source = { host: "10.0.0.7", port: 5060, transport: "udp" } as const;

function attempt(
  contacts: readonly string[] | "*",
  details: Partial<RegistrationAttempt> = {},
): RegistrationAttempt {
  const read = contacts === "*" ? contacts : contacts.map(contactToBind);
  return { contacts: read, callId: "c", cseq: 1, path: [], source, ...details };
}

function registered(limits = { registrationExpiresS: 600, minimumExpiresS: 60 }) {
  const registrar = createRegistrar(limits);
  let cseq = 0;
  const register = (contacts: readonly string[] | "*", details: Partial<RegistrationAttempt> = {}, now = 0) =>
    registrar.register(user, attempt(contacts, { cseq: ++cseq, ...details }), now);
  return { registrar, register };
}

describe("the time that is granted", () => {
  it.each([
    ["<sip:a@10.0.0.7>", undefined, 600],
    ["<sip:a@10.0.0.7>", 300, 300],
    ["<sip:a@10.0.0.7>;expires=120", 300, 120],
    ["<sip:a@10.0.0.7>;expires=9999", undefined, 600],
    ["<sip:a@10.0.0.7>;expires=soon", undefined, 600],
    ["sip:a@10.0.0.7;expires=61", undefined, 61],
  ])("for %s with Expires %s is %i s", (contact, expiresS, seconds) => {
    const { registrar, register } = registered();
    register([contact], expiresS === undefined ? {} : { expiresS });
    expect(registrar.deadline()).toBe(seconds * 1000);
  });

  it.each([
    [59, 423],
    [60, 200],
    [0, 200],
  ])("of %i s: %i", (expiresS, status) => {
    const outcome = registered().register(["<sip:a@10.0.0.7>"], { expiresS });
    expect(outcome.ok ? 200 : outcome.status).toBe(status);
  });
});

describe("bindings", () => {
  const events = (outcome: ReturnType<ReturnType<typeof registered>["register"]>) =>
    outcome.ok ? outcome.changes.map(({ event, binding }) => [event, binding.id]) : outcome.status;

  it("are made, renewed, shortened and ended, and keep their identity", () => {
    const { register } = registered();
    expect(events(register(["<sip:a@10.0.0.7>"], { expiresS: 500 }))).toEqual([["registered", "b1"]]);
    expect(events(register(["<sip:a@10.0.0.7>;audio"], { expiresS: 500 }, 1000))).toEqual([
      ["refreshed", "b1"],
    ]);
    expect(events(register(["<sip:a@10.0.0.7>"], { expiresS: 100 }, 2000))).toEqual([["shortened", "b1"]]);
    expect(events(register(["<sip:b@10.0.0.7>", "<sip:a@10.0.0.7>;expires=0"], {}, 3000))).toEqual([
      ["registered", "b2"],
      ["unregistered", "b1"],
    ]);
    expect(events(register(["<sip:a@10.0.0.7>;expires=0"], {}, 4000))).toEqual([]);
  });

  it.each([
    ["<sip:a@10.0.0.7:5060>", 1],
    ["<sip:a@10.0.0.7;x=y>", 1],
    ["<sip:a@10.0.0.7:5061>", 2],
    ["<sip:a@10.0.0.7;transport=tcp>", 2],
    ["<sip:A@10.0.0.7>", 2],
  ])("of <sip:a@10.0.0.7> and %s are %i", (contact, count) => {
    const { registrar, register } = registered();
    register(["<sip:a@10.0.0.7>"]);
    register([contact]);
    expect(registrar.bindingsOf(user.impi)).toHaveLength(count);
  });

  it("are not changed by an older request, nor by half of a bad one", () => {
    const { registrar, register } = registered();
    register(["<sip:a@10.0.0.7>"], { cseq: 5 });
    expect(events(register(["<sip:a@10.0.0.7>;expires=0"], { cseq: 5 }))).toBe(500);
    expect(events(register("*", { cseq: 4, expiresS: 0 }))).toBe(500);
    expect(events(register(["<sip:c@10.0.0.7>", "<sip:d@10.0.0.7>;expires=1"], { cseq: 6 }))).toBe(423);
    expect(registrar.bindingsOf(user.impi).map(({ contact }) => contact.uri)).toEqual(["sip:a@10.0.0.7"]);
    expect(events(register("*", { callId: "other", cseq: 1, expiresS: 0 }))).toEqual([
      ["unregistered", "b1"],
    ]);
  });

  it("run out at their time and not before", () => {
    const { registrar, register } = registered();
    register(["<sip:a@10.0.0.7>;expires=100", "<sip:b@10.0.0.7>;expires=200"]);
    expect(registrar.expire(99_999)).toEqual([]);
    expect(registrar.expire(100_000).map(({ event, binding }) => [event, binding.contact.uri])).toEqual([
      ["expired", "sip:a@10.0.0.7"],
    ]);
    expect(registrar.deadline()).toBe(200_000);
    expect(registrar.expire(1e9)).toHaveLength(1);
    expect(registrar.deadline()).toBeUndefined();
  });
});
