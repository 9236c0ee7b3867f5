/** Conferences whose participants come by the participating functions of the same server, in each of their forms. */
import { afterEach, describe, expect, it } from "vitest";
import { header } from "../../../wire/sip/headers.ts";
import { referUri } from "../../../wire/sip/refer-fields.ts";
import { CORE } from "../../core/test-rig.ts";
import { addressOf, type Phone } from "../focus/test-phone.ts";
import { createFocusRig, FACTORY, type FocusRig } from "../focus/test-rig.ts";
import type { ImServerPolicy } from "../config.ts";

let rig: FocusRig;
afterEach(() => rig.close());

const alice = addressOf("alice");
const bob = addressOf("bob");
const ted = addressOf("ted");

const forms: readonly (readonly [string, Partial<ImServerPolicy>])[] = [
  ["B2BUA in the media path", {}],
  ["B2BUA beside it", { mediaPath: false }],
  ["proxy", { sessionMode: "proxy", mediaPath: false }],
];

const start = async (policy: Partial<ImServerPolicy>): Promise<FocusRig> =>
  (rig = await createFocusRig({ participating: true, switching: true, policy }));

const cpim = (from: string, to: string, text: string): string =>
  `From: <${from}>\r\nTo: <${to}>\r\n\r\nContent-Type: text/plain\r\n\r\n${text}`;

function listen(phone: Phone): string[] {
  const heard: string[] = [];
  for (const { msrp } of phone.talks)
    msrp.onMessage(({ body }) => heard.push(Buffer.from(body).toString().split("\r\n").at(-1) ?? ""));
  return heard;
}

describe.each(forms)("%s", (_form, policy) => {
  it("an ad-hoc session is set up, talked in, and released by its originator", async () => {
    await start(policy);
    const [a, b, t] = await rig.phones("alice", "bob", "ted");
    const call = a.call(FACTORY, { invited: [bob, ted] });
    await rig.settle(3000);
    expect(call.response?.status).toBe(200);
    expect(call.response && header(call.response, "Contact")).toContain("isfocus");
    expect(b.incoming[0]?.invite && header(b.incoming[0].invite, "Contact")).toContain("isfocus");
    const heard = [a, b, t].map(listen);
    const conference = call.session().dialog.remoteTarget ?? "";
    a.talks[0]?.msrp.send(cpim(alice, conference, "hello"), { contentType: "message/cpim" });
    b.talks[0]?.msrp.send(cpim(bob, conference, "ho"), { contentType: "message/cpim" });
    await rig.settle(3000);
    expect(heard).toEqual([["ho"], ["hello"], ["hello", "ho"]]);
    a.talks[0]?.session.bye();
    await rig.settle(3000);
    expect([a.ends, b.ends, t.ends]).toEqual([["local bye"], ["remote bye"], ["remote bye"]]);
  });

  it("the conference state is told by the session's Contact", async () => {
    await start(policy);
    const [a] = await rig.phones("alice", "bob", "ted");
    const call = a.call(FACTORY, { invited: [bob, ted] });
    await rig.settle(3000);
    const watch = a.subscribe(call.session().dialog.remoteTarget ?? "");
    await rig.settle(3000);
    expect(watch.status).toBe(200);
    expect(watch.documents[0]?.users?.list.map(({ entity }) => entity).sort()).toEqual([alice, bob, ted]);
  });

  it("REFER to that Contact adds a user, and removes one", async () => {
    await start(policy);
    const [a, b, t] = await rig.phones("alice", "bob", "ted");
    const call = a.call(FACTORY, { invited: [bob, addressOf("carol")] });
    await rig.settle(3000);
    const refer = (referTo: string): void =>
      void a.events.refer({
        to: CORE,
        uri: call.session().dialog.remoteTarget ?? "",
        from: `<${alice}>`,
        referTo,
        headers: [["Accept-Contact", "*;+g.oma.sip-im"]],
      });
    refer(ted);
    await rig.settle(3000);
    expect(t.talks).toHaveLength(1);
    refer(referUri(bob, { method: "BYE" }));
    await rig.settle(3000);
    expect(b.ends).toEqual(["remote bye"]);
  });

  it("who left may come again by that Contact", async () => {
    await start(policy);
    const [a, b] = await rig.phones("alice", "bob", "ted");
    a.call(FACTORY, { invited: [bob, ted] });
    await rig.settle(3000);
    const identity = b.incoming[0]?.dialog.remoteTarget ?? "";
    b.talks[0]?.session.bye();
    await rig.settle(3000);
    const again = b.call(identity);
    await rig.settle(3000);
    expect(again.response?.status).toBe(200);
  });

  it("a one-to-one session becomes a conference (Appendix L)", async () => {
    await start(policy);
    const [a, b, t] = await rig.phones("alice", "bob", "ted");
    const first = a.call(FACTORY, { invited: [bob] });
    await rig.settle(3000);
    const { callId, localTag, remoteTag } = first.session().dialog;
    const replaces = `${callId};to-tag=${remoteTag};from-tag=${localTag}`;
    const second = a.call(FACTORY, {
      invited: [`${bob}?Replaces=${encodeURIComponent(replaces)}`, ted],
    });
    await rig.settle(3000);
    expect(second.response?.status).toBe(200);
    expect(b.talks).toHaveLength(2);
    expect(b.talks[0]?.session.phase).toBe("ended");
    expect(t.talks).toHaveLength(1);
  });
});
