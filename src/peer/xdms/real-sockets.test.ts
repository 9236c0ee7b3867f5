import { expect, it } from "vitest";
import { httpRequest } from "../../endpoint/http-client.ts";
import { randomIds } from "../../net/real/random-ids.ts";
import { realClock } from "../../net/real/real-clock.ts";
import { createRealNetwork } from "../../net/real/real-network.ts";
import { createXdms } from "./xdms.ts";

it("a group is read over a real socket, by any HTTP client", async () => {
  const system = { network: createRealNetwork(), clock: realClock, ids: randomIds() };
  const xdms = await createXdms({ ...system, listen: { host: "127.0.0.1", port: 0 }, root: "/xcap/" });
  try {
    const group = { uri: "sip:team@groups.example", members: [{ uri: "sip:bob@home.example" }], rules: [] };
    const path = xdms.putGroup("sip:alice@home.example", group, "team");
    const own = await httpRequest({ ...system, name: "im", method: "GET", url: `${xdms.root}/${path}` });
    expect(own.status).toBe(200);
    const foreign = await fetch(
      `${xdms.root}/org.openmobilealliance.groups/global/byGroupID/sip:team@groups.example`,
    );
    expect(await foreign.text()).toBe(Buffer.from(own.body).toString());
    expect((await fetch(`${xdms.root}/elsewhere`)).status).toBe(404);
  } finally {
    await xdms.close();
  }
});
