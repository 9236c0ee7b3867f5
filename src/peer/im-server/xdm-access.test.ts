import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createVirtualNet, type VirtualNet } from "../../net/virtual/virtual-net.ts";
import { createXdms, type Xdms } from "../xdms/xdms.ts";
import { createXdmAccess, type XdmAccess } from "./xdm-access.ts";

const [ted, vera] = ["sip:ted@home.example", "sip:vera@visited.example"] as const;
let net: VirtualNet;
let xdms: Xdms;
let targets: string[];

beforeEach(async () => {
  net = createVirtualNet({ seed: 1 });
  const listen = { host: "10.0.0.9", port: 8080 };
  xdms = await createXdms({ ...net, listen, root: "/xcap", proxyRoot: "/proxy" });
  targets = [];
  xdms.onExchange(({ request }) => targets.push(request.target));
});
afterEach(() => xdms.close());

function access(proxyRoot?: string): XdmAccess {
  return createXdmAccess({
    ...net,
    name: "server",
    identity: "sip:im-server@home.example",
    root: xdms.root,
    homeDomain: "home.example",
    ...(proxyRoot === undefined ? {} : { proxyRoot }),
  });
}

async function ageOf(
  user: string,
  from = access("http://10.0.0.9:8080/proxy/"),
): Promise<number | undefined> {
  let done = false;
  const asked = from.age(user).finally(() => (done = true));
  await net.run(() => done, net.clock.now() + 20_000);
  return asked;
}

describe("the age of a user", () => {
  it("comes from the profile at home", async () => {
    xdms.putUserProfile(ted, { age: 15 });
    expect(await ageOf(`${ted};transport=udp`)).toBe(15);
    expect(targets).toEqual([`/xcap/org.openmobilealliance.user-profile/users/${ted}/user-profile`]);
  });

  it("comes by the Aggregation Proxy from another domain", async () => {
    xdms.putUserProfile(vera, { age: 30 });
    expect(await ageOf(vera)).toBe(30);
    expect(targets).toEqual([`/proxy/org.openmobilealliance.user-profile/users/${vera}/user-profile`]);
  });

  it("comes from the same root where no proxy is named", async () => {
    xdms.putUserProfile(vera, { age: 30 });
    expect(await ageOf(vera, access())).toBe(30);
  });

  it("is not known without a profile, or with one that does not tell", async () => {
    expect(await ageOf(ted)).toBeUndefined();
    xdms.putUserProfile(ted, { displayName: "Ted" });
    expect(await ageOf(ted)).toBeUndefined();
  });

  it("follows from the date of birth", async () => {
    const now = new Date(net.clock.now());
    xdms.putUserProfile(ted, { birthDate: `${now.getUTCFullYear() - 20}-01-01` });
    expect(await ageOf(ted)).toBe(20);
  });
});
