import { describe, expect, it } from "vitest";
import { createRig, pair } from "./test-rig.ts";

const PLAIN = "text/plain";

describe("a session", () => {
  it("begins with a SEND without content, and carries messages both ways", async () => {
    const rig = createRig();
    const [a, b] = [await rig.endpoint("a"), await rig.endpoint("b")];
    const [alice, bob] = pair(a, b);
    const got: string[] = [];
    bob.onMessage(({ body, contentType }) => {
      got.push(`bob: ${Buffer.from(body).toString()} (${contentType})`);
      bob.send("hello Alice", { contentType: PLAIN });
    });
    alice.onMessage(({ body }) => got.push(`alice: ${Buffer.from(body).toString()}`));
    await rig.net.run(() => alice.state === "bound");
    const sending = alice.send("hello Bob", { contentType: PLAIN });
    await rig.net.run(() => got.length === 2);
    expect(await sending.done).toEqual({ kind: "sent" });
    expect(got).toEqual(["bob: hello Bob (text/plain)", "alice: hello Alice"]);
    expect([a.connections, b.connections]).toEqual([1, 1]);
    expect(rig.log("a")).toEqual([
      "out SEND 1-0/0 0$",
      "in 200",
      "out SEND 1-9/9 9$",
      "in 200",
      "in SEND 1-11/11 11$",
      "out 200",
    ]);
  });
});
