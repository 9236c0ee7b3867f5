import { afterEach, describe, expect, it } from "vitest";
import { withHeader } from "../../wire/sip/edit.ts";
import { header } from "../../wire/sip/headers.ts";
import { FACTORY, createPagerRig } from "../im/test-rig.ts";
import type { PagerRig, PagerRigOptions } from "../im/test-rig.ts";
import { alice, bob, ask, configure, message } from "./test-talk.ts";
import type { Edit } from "./test-talk.ts";

let rig: PagerRig;
const start = async (options?: PagerRigOptions): Promise<PagerRig> => (rig = await createPagerRig(options));
afterEach(() => rig.close());

describe("what else comes to the server", () => {
  it.each<[string, Edit, number]>([
    ["a request that may go no further", (r) => withHeader(r, "Max-Forwards", "1"), 483],
    [
      "a method that it does not serve",
      (r) => withHeader({ ...r, method: "INFO", uri: FACTORY }, "CSeq", "1 INFO"),
      405,
    ],
    ["OPTIONS", (r) => withHeader({ ...r, method: "OPTIONS", uri: FACTORY }, "CSeq", "1 OPTIONS"), 200],
  ])("%s is answered", async (_, edit, status) => {
    await start();
    const [sender] = await rig.registered("alice", "bob");
    const response = await ask(rig, sender, message([bob]), edit);
    expect(response.status).toBe(status);
  });

  it("a configuration set that there is not is refused", async () => {
    await start();
    expect(await configure(rig, "no-such-set")).toMatchObject({ ok: false, code: "unsupported" });
  });

  it("the want of documents is answered with 503 and told", async () => {
    await start({ server: { xcapRoot: "http://10.9.9.9:1/services" } });
    const [sender] = await rig.registered("alice", "bob");
    const response = await ask(rig, sender, message([bob]));
    expect(response.status).toBe(503);
    expect(rig.takeErrors()).toMatchObject([{ code: "xdm-unavailable" }]);
  });

  it("a behaviour that breaks is answered with 500 and told", async () => {
    await start({
      serverFaults: [
        {
          decisions: {
            admission: {
              mayOriginate: () => {
                throw new Error("broken");
              },
            },
          },
        },
      ],
    });
    const [sender] = await rig.registered("alice", "bob");
    const response = await ask(rig, sender, message([bob]));
    expect(response.status).toBe(500);
    expect(rig.takeErrors()).toMatchObject([{ message: "broken" }]);
  });
});

describe("third-party registration (5.3)", () => {
  it("echoes Expires", async () => {
    await start();
    await rig.registered("alice");
    const [request] = rig.requests("im", "in", "REGISTER");
    const [response] = rig.responses("im", "out", 200);
    expect(header(response!, "Expires")).toBe(header(request!, "Expires"));
  });
});

describe("system messages (5.4)", () => {
  it("go to each recipient with the tag and the release", async () => {
    await start();
    const clients = await rig.registered("alice", "bob");
    await rig.until(
      rig.server.perform({
        action: "send-system-message",
        to: [alice, bob],
        text: "",
        externalContent: "http://im.example/terms.html",
        responseRequired: false,
      }),
    );
    for (const client of clients) {
      const [received] = client.received;
      expect(header(received!, "Accept-Contact")).toContain("+g.oma.sip-im.system-message");
      expect(header(received!, "User-Agent")).toBe("IM-serv/OMA1.0");
      expect(header(received!, "Content-Type")).toMatch(/^message\/external-body/);
      expect(client.inbox).toMatchObject([{ kind: "system-message", text: "http://im.example/terms.html" }]);
    }
  });

  it("are not sent when they are too large for one message", async () => {
    await start();
    const answer = await rig.server.perform({
      action: "send-system-message",
      to: [alice],
      text: "x".repeat(1301),
      responseRequired: false,
    });
    expect(answer).toMatchObject({ ok: false, code: "failed" });
  });
});
