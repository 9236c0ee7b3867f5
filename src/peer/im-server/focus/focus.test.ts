/** Sessions without a group: set-up, leaving, release (clauses 7.2.1.1, 7.2.1.2, 7.2.1.10, 7.2.2.1, 7.2.2.2, 7.2.2.8). */
import { afterEach, describe, expect, it } from "vitest";
import { header } from "../../../wire/sip/headers.ts";
import { addressOf } from "./test-phone.ts";
import { createFocusRig, FACTORY, type FocusRig, type FocusRigOptions } from "./test-rig.ts";

let rig: FocusRig;
const start = async (options?: FocusRigOptions): Promise<FocusRig> => (rig = await createFocusRig(options));
afterEach(() => rig.close());

const alice = addressOf("alice");
const bob = addressOf("bob");
const ted = addressOf("ted");

describe("an ad-hoc session", () => {
  it("is set up with everybody on the list, answered when the first one accepts, and released by its originator", async () => {
    await start();
    const [a, b, t] = await rig.phones("alice", "bob", "ted");
    t.answer = (incoming) => incoming.ring();
    const call = a.call(FACTORY, { invited: [bob, ted] });
    await rig.settle();
    expect(call.response?.status).toBe(200);
    expect(header(call.response!, "Contact")).toMatch(
      /^<sip:im-session-\w+@im\.home\.example>;isfocus;\+g\.oma\.sip-im$/,
    );
    expect(header(call.response!, "Session-Expires")).toBe("1800;refresher=uac");
    expect(header(call.response!, "Server")).toBe("IM-serv/OMA1.0");
    expect(header(call.response!, "P-Asserted-Identity")).toBe(`<${FACTORY}>`);
    expect(rig.switched).toEqual([`join ${bob}`, `join ${alice}`]);
    t.accept(t.incoming[0]!);
    await rig.settle();
    expect(rig.switched).toHaveLength(3);
    expect(a.talks[0]!.msrp.state).toBe("bound");
    expect(b.talks[0]!.msrp.state).toBe("bound");
    a.talks[0]!.session.bye();
    await rig.settle();
    expect([a.ends, b.ends, t.ends]).toEqual([["local bye"], ["remote bye"], ["remote bye"]]);
    expect(rig.switched.at(-1)).toBe("close");
  });

  it("passes on that somebody is alerted, and with which status everybody refused", async () => {
    await start();
    const [a, b, t] = await rig.phones("alice", "bob", "ted");
    b.answer = (incoming) => {
      incoming.ring();
      incoming.reject(486);
    };
    t.answer = (incoming) => incoming.reject(603);
    const call = a.call(FACTORY, { invited: [bob, ted] });
    await rig.settle();
    expect(call.statuses.filter((status) => status > 100)).toEqual([180, 486]);
    expect(rig.switched).toEqual(["close"]);
  });

  it("invites nobody any more when its originator gives up", async () => {
    await start();
    const [a, b, t] = await rig.phones("alice", "bob", "ted");
    for (const phone of [b, t]) phone.answer = (incoming) => incoming.ring();
    const call = a.call(FACTORY, { invited: [bob, ted] });
    await rig.settle();
    call.invite.cancel();
    await rig.settle();
    expect(call.statuses.at(-1)).toBe(180);
    expect([b, t].map(({ incoming }) => incoming[0]!.phase)).toEqual(["ended", "ended"]);
    expect(rig.sent("CANCEL")).toHaveLength(2);
  });

  it("invites with what 7.2.2.1 asks for", async () => {
    await start();
    const [a] = await rig.phones("alice", "bob", "ted");
    const call = a.call(FACTORY, { invited: [bob, ted] });
    await rig.settle();
    const [invite] = rig.sent("INVITE");
    expect(invite!.uri).toBe(bob);
    expect(header(invite!, "Accept-Contact")).toBe("*;+g.oma.sip-im");
    expect(header(invite!, "User-Agent")).toBe("IM-serv/OMA1.0");
    expect(header(invite!, "P-Asserted-Identity")).toContain(`<${alice}>`);
    expect(header(invite!, "Referred-By")).toBe(`<${alice}>`);
    expect(header(invite!, "Contact")).toBe(header(call.response!, "Contact"));
    expect(header(invite!, "Session-Expires")).toBe("1800;refresher=uas");
    expect(header(invite!, "Supported")).toContain("timer");
    expect(header(invite!, "Privacy")).toBeUndefined();
    expect(Buffer.from(invite!.body).toString()).toContain("a=accept-types:message/cpim");
  });
});
