/** Requests within the dialog of a session, by the group's identity, and an invited user who may not hide (7.2.1.7, 7.2.1.12, 7.2.2.2). */
import { afterEach, expect, it } from "vitest";
import { header } from "../../../wire/sip/headers.ts";
import type { SipResponse } from "../../../wire/sip/message.ts";
import { addressOf, type Phone } from "./test-phone.ts";
import { createFocusRig, FACTORY, type FocusRig, type FocusRigOptions, GROUP } from "./test-rig.ts";

let rig: FocusRig;
const start = async (options?: FocusRigOptions): Promise<FocusRig> => (rig = await createFocusRig(options));
afterEach(() => rig.close());

const alice = addressOf("alice");
const bob = addressOf("bob");
const ted = addressOf("ted");

async function call(phone: Phone, uri: string, invited?: readonly string[]): Promise<void> {
  phone.call(uri, invited === undefined ? {} : { invited });
  await rig.settle();
}

it("REFER in the dialog of the session adds a user, and says nothing of norefersub", async () => {
  await start({ policy: { adHocMaximum: 10 } });
  const [a, , c] = await rig.phones("alice", "bob", "carol");
  await call(a, FACTORY, [bob]);
  let response: SipResponse | undefined;
  const frags: string[] = [];
  a.events.refer({
    within: a.talks[0]!.session.handle,
    referTo: addressOf("carol"),
    on: {
      onResponse: (came) => void (response = came),
      onNotify: ({ body }) => void frags.push(Buffer.from(body).toString().trim()),
    },
  });
  await rig.settle();
  expect([response?.status, header(response!, "Supported")]).toEqual([202, undefined]);
  expect(frags).toEqual(["SIP/2.0 100 Trying", "SIP/2.0 200 OK"]);
  expect(c.talks).toHaveLength(1);
});

it("the state of a group's session is told under the group's identity, to those whom the group allows", async () => {
  await start();
  const actions = { "join-handling": true, "allow-initiate-conference": true };
  rig.xdms.putGroup(alice, {
    uri: GROUP,
    members: [{ uri: alice, displayName: "Al" }, { uri: bob }, { uri: ted }],
    inviteMembers: true,
    rules: [
      { id: "members", conditions: { isListMember: true }, actions },
      {
        id: "watchers",
        conditions: { identity: { one: [alice], many: [] } },
        actions: { "allow-conference-state": true },
      },
    ],
  });
  const [a, b] = await rig.phones("alice", "bob", "ted");
  await call(a, GROUP);
  const watches = [a.subscribe(GROUP), b.subscribe(GROUP)];
  await rig.settle();
  expect(watches.map(({ status }) => status)).toEqual([200, 403]);
  const [document] = watches[0]!.documents;
  expect(document?.entity).toBe(GROUP);
  expect(document?.users?.list.find(({ entity }) => entity === alice)?.displayText).toBe("Al");
});

it("an invited user who hides where that is not allowed is released at once", async () => {
  await start({ policy: { adHocAnonymity: false } });
  const [a, b, t] = await rig.phones("alice", "bob", "ted");
  b.answer = (incoming) => b.accept(incoming, [["Privacy", "id"]]);
  await call(a, FACTORY, [bob, ted]);
  expect([a, b, t].map(({ ends }) => ends)).toEqual([[], ["remote bye"], []]);
  expect(rig.mixed.map(({ address }) => address)).toEqual([ted, alice]);
});

it("a decision that a fault replaces is the one that is asked", async () => {
  await start({
    faults: [
      {
        decisions: {
          sessionInvitation: { referredBy: () => undefined },
          sessionAnswer: { contact: () => `<${GROUP}>` },
        },
      },
    ],
  });
  const [a] = await rig.phones("alice", "bob", "ted");
  await call(a, FACTORY, [bob, ted]);
  expect(header(rig.sent("INVITE")[0]!, "Referred-By")).toBeUndefined();
  expect(header(rig.sent("INVITE")[0]!, "Contact")).toContain("isfocus");
});
