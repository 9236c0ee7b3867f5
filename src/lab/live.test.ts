/** What waits ask of a scenario while it happens. */
import { beforeEach, describe, expect, it } from "vitest";
import { sipRequest, sipResponse } from "../wire/sip/build.ts";
import { Live } from "./live.ts";

const TED = "sip:ted@home.example";

let live: Live;
let seq: number;

beforeEach(() => {
  live = new Live();
  seq = 0;
});

/** A request in a call between the server and somebody, and its final response, as the core sees them. */
function exchanged(method: string, callId: string, who: string, status: number): void {
  const request = sipRequest({
    method,
    uri: who,
    headers: [
      ["Via", `SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK-${method}-${callId}`],
      ["From", "<sip:focus@im.home.example>;tag=1"],
      ["To", `<${who}>`],
      ["Call-ID", callId],
      ["CSeq", `1 ${method}`],
    ],
  });
  const at = { node: "core", peer: "server" } as const;
  live.add({ ...at, seq: ++seq, direction: "in", message: request });
  live.add({ ...at, seq: ++seq, direction: "out", message: sipResponse(request, status) });
}

describe("a user", () => {
  it("who was in no call has hung up", () => {
    exchanged("INVITE", "refused", TED, 486);
    exchanged("INVITE", "of another", "sip:bob@home.example", 200);
    expect(live.hasHungUp(TED)).toBe(true);
  });

  it("has hung up when each leg of the call has had its BYE, not before", () => {
    exchanged("INVITE", "near leg", TED, 200);
    exchanged("INVITE", "far leg", TED, 200);
    expect(live.hasHungUp(TED)).toBe(false);
    exchanged("BYE", "near leg", TED, 200);
    expect(live.hasHungUp(TED)).toBe(false);
    exchanged("BYE", "far leg", TED, 200);
    expect(live.hasHungUp(TED)).toBe(true);
  });
});
