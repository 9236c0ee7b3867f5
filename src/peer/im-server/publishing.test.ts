import { afterEach, describe, expect, it } from "vitest";
import { withBody, withHeader, withoutHeader } from "../../wire/sip/edit.ts";
import type { SipResponse } from "../../wire/sip/message.ts";
import type { ImClient } from "../im-client/client.ts";
import { defaultSettings } from "../im-client/config.ts";
import { createPagerRig } from "../im/test-rig.ts";
import type { PagerRig, PagerRigOptions } from "../im/test-rig.ts";
import { alice, bob, ask, code, message } from "./test-talk.ts";
import type { Edit } from "./test-talk.ts";

let rig: PagerRig;
const start = async (options?: PagerRigOptions): Promise<PagerRig> => (rig = await createPagerRig(options));
afterEach(() => rig.close());

describe("settings (6.1.1.5)", () => {
  const publish = async (client: ImClient, edit: Edit): Promise<SipResponse> => {
    const outcome = await rig.until(client.publish(defaultSettings, { edit }));
    if (outcome.kind !== "response") throw new Error("no response");
    return outcome.response;
  };

  it.each<[string, Edit, number]>([
    ["an entity tag that nobody gave", (r) => withHeader(r, "SIP-If-Match", "unknown"), 412],
    [
      "a body that is not the document",
      (r) => withBody(r, "application/poc-settings+xml", new TextEncoder().encode("<a/>")),
      400,
    ],
    ["another type", (r) => withBody(r, "text/plain", new TextEncoder().encode("on")), 415],
    [
      "no body in a first publication",
      (r) => withoutHeader(withBody(r, "", new Uint8Array(0)), "SIP-If-Match"),
      400,
    ],
    ["a lifetime that is too short", (r) => withHeader(r, "Expires", "5"), 423],
  ])("refuses %s and keeps what it had", async (_, edit, status) => {
    await start();
    const [client] = await rig.registered("alice");
    expect((await publish(client, edit)).status).toBe(status);
    expect(rig.responses("alice", "in", status)).not.toEqual([]);
    expect(JSON.parse((await rig.server.perform({ action: "dump-state" })).says!)).toMatchObject({
      publications: 1,
    });
  });

  it("refuses somebody else's settings", async () => {
    await start();
    const [client] = await rig.registered("alice");
    const response = await publish(client, (r) => ({ ...r, uri: bob }));
    expect([response.status, code(response)]).toEqual([403, "127"]);
  });

  it("refuses another event (RFC 3903 6)", async () => {
    await start();
    const [client] = await rig.registered("alice");
    const direct: Edit = (r) =>
      withHeader(withHeader(r, "Event", "presence"), "P-Asserted-Identity", `<${alice}>`);
    const response = await publish(client, direct);
    expect(response.status).toBe(489);
  });

  it("refuses who may not publish", async () => {
    await start({ users: [{ uri: alice, properties: ["not-authorised-to-publish"] }] });
    await rig.registered("alice");
    expect(code(rig.responses("alice", "in", 403)[0]!)).toBe("127");
  });

  it("forgets what is removed or expires", async () => {
    await start();
    const [client, sender] = await rig.registered("alice", "bob");
    const bar = { ...defaultSettings, barMessages: true };
    await rig.until(client.publish(bar));
    expect((await ask(rig, sender, message([alice]))).status).toBe(403);
    await rig.until(client.publish(bar, { edit: (r) => withHeader(r, "Expires", "0") }));
    expect((await ask(rig, sender, message([alice]))).status).toBe(200);
  });
});
