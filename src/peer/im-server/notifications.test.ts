import { afterEach, describe, expect, it } from "vitest";
import type { ImClient } from "../im-client/client.ts";
import { deliveryNotificationOf, deliveryRequestOf, readableImdn } from "../im/delivery.ts";
import { FACTORY, createPagerRig } from "../im/test-rig.ts";
import type { Name, PagerRig, PagerRigOptions } from "../im/test-rig.ts";
import { bob, carol, dave, ask, configure, message } from "./test-talk.ts";

let rig: PagerRig;
const start = async (options?: PagerRigOptions): Promise<PagerRig> => (rig = await createPagerRig(options));
afterEach(() => rig.close());

describe("aggregation of delivery notifications (8.3.1.2 to 8.3.1.4)", () => {
  const report = ["positive-delivery", "negative-delivery"] as const;
  const reports = (client: ImClient) => client.received.map(deliveryNotificationOf);
  const statuses = (client: ImClient) =>
    reports(client).map((each) =>
      each!.documents.map((document) => readableImdn(document)!.status).toSorted(),
    );
  const ready = async (...names: Name[]) => {
    await start();
    return rig.registered("alice", ...names);
  };

  it("sends one notification when everyone has answered", async () => {
    const [sender] = await ready("bob", "carol");
    await ask(rig, sender, message([bob, carol], { report }));
    await rig.settle();
    expect(statuses(sender)).toEqual([["delivered", "delivered"]]);
    expect(sender.inbox.map((entry) => entry.kind)).toEqual(["delivery-report", "delivery-report"]);
    const [copy] = rig.requests("bob", "in");
    expect(deliveryRequestOf(copy!)!.recordRoutes).toEqual([FACTORY]);
  });

  it("sends what it has when Ts2 expires, and forwards what comes later (D.3)", async () => {
    const [sender] = await ready("bob", "carol");
    await ask(rig, sender, message([bob, carol, dave], { report }));
    await rig.settle(1000);
    expect(sender.received).toEqual([]);
    await rig.settle(5000);
    expect(statuses(sender)).toEqual([["delivered", "delivered"]]);
    await rig.registered("dave");
    await rig.settle();
    expect(statuses(sender)).toEqual([["delivered", "delivered"], ["delivered"]]);
  });

  it("makes a failure notification of a refusal", async () => {
    const [sender, , c] = await ready("bob", "carol");
    c!.answerWith(480);
    await ask(rig, sender, message([bob, carol], { report }));
    await rig.settle();
    expect(statuses(sender)).toEqual([["delivered", "failed"]]);
  });

  it("makes none where none was asked for", async () => {
    const [sender, , c] = await ready("bob", "carol");
    c!.answerWith(480);
    await ask(rig, sender, message([bob, carol], { report: ["positive-delivery"] }));
    await rig.settle(6000);
    expect(statuses(sender)).toEqual([["delivered"]]);
  });

  it("forwards each notification where nothing is gathered", async () => {
    const [sender] = await ready("bob", "carol");
    await configure(rig, "no-aggregation");
    await ask(rig, sender, message([bob, carol], { report }));
    await rig.settle();
    expect(statuses(sender)).toEqual([["delivered"], ["delivered"]]);
  });
});
