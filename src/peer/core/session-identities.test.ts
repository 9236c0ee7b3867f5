/** A session that a server makes up is its own: later requests for its identity reach the server, from whomever. */
import { afterEach, expect, it } from "vitest";
import { sipResponse } from "../../wire/sip/build.ts";
import { carol, createRig, request, type Rig } from "./test-rig.ts";

let rig: Rig;
afterEach(() => rig.close());

const CONTACTS = [
  ["a session of its own", "<sip:made-up@home.example>;isfocus", "sip:made-up@home.example", "answered"],
  ["an address without isfocus", "<sip:made-up@home.example>", "sip:made-up@home.example", "refused"],
  ["somebody's address", "<sip:dan@home.example>;isfocus", "sip:dan@home.example", "refused"],
  [
    "an address elsewhere",
    "<sip:made-up@elsewhere.example>;isfocus",
    "sip:made-up@elsewhere.example",
    "refused",
  ],
  ["no address at all", "<<>;isfocus", "sip:made-up@home.example", "refused"],
] as const;

it.each(CONTACTS)("the server answers an INVITE with %s", async (_name, contact, uri, outcome) => {
  const dan = { impi: "dan@home.example", identities: ["sip:dan@home.example"] };
  const psis = [{ uri: "sip:factory@home.example", server: "im" }];
  rig = await createRig({ psis, users: [carol, dan] });
  const asker = await rig.party("carol", { host: "10.0.1.1", port: 5060, transport: "udp" });
  const server = await rig.server();
  const taken: string[] = [];
  rig.core.setRegistered("sip:carol@visited.example", { contact: "<sip:carol@10.0.1.1:5060>" });
  server.answer = (incoming) => {
    const { message } = incoming;
    taken.push(`${message.method} ${message.uri}`);
    if (message.method !== "ACK")
      incoming.respond(
        sipResponse(message, 200, undefined, { toTag: "focus", headers: [["Contact", contact]] }),
      );
  };
  await asker.ask(
    request("INVITE", "sip:factory@home.example", "sip:carol@visited.example", [
      ["Contact", "<sip:carol@10.0.1.1:5060>"],
    ]),
  );
  const answer = await asker.ask(
    request("SUBSCRIBE", uri, "sip:carol@visited.example", [
      ["Contact", "<sip:carol@10.0.1.1:5060>"],
      ["Event", "conference"],
    ]),
  );
  rig.crossings.length = 0;
  expect(taken.includes(`SUBSCRIBE ${uri}`)).toBe(outcome === "answered");
  expect(answer?.status === 200).toBe(outcome === "answered");
});
