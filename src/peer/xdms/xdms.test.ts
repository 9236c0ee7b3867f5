import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { httpRequest } from "../../endpoint/http-client.ts";
import { createVirtualNet, type VirtualNet } from "../../net/virtual/virtual-net.ts";
import { httpHeader } from "../../wire/http/message.ts";
import { createXdms, type Xdms, type XcapExchange } from "./xdms.ts";

const GROUP = `<?xml version="1.0" encoding="UTF-8"?>
<group xmlns="urn:oma:xml:poc:list-service" xmlns:cp="urn:ietf:params:xml:ns:common-policy">
  <list-service uri="sip:friends@groups.example">
    <display-name>Friends</display-name>
    <list><entry uri="sip:bob@home.example"/><entry uri="tel:+15550100"><display-name>Ted</display-name></entry></list>
    <invite-members>true</invite-members>
  </list-service>
</group>
`;
const RULES = `<?xml version="1.0" encoding="UTF-8"?>
<cp:ruleset xmlns:cp="urn:ietf:params:xml:ns:common-policy"><cp:rule id="r1"><cp:conditions/><cp:actions/></cp:rule></cp:ruleset>
`;
const GROUP_TYPE = "application/vnd.oma.poc.groups+xml";
const IN_TREE = "org.openmobilealliance.groups/users/sip:alice@home.example/friends.xml";
const BY_ID = "org.openmobilealliance.groups/global/byGroupID/sip:friends@groups.example";

let net: VirtualNet;
let xdms: Xdms;
let exchanges: XcapExchange[];

beforeEach(async () => {
  net = createVirtualNet({ seed: 1 });
  xdms = await createXdms({ ...net, listen: { host: "10.0.0.9", port: 8080 }, root: "/services" });
  exchanges = [];
  xdms.onExchange((exchange) => exchanges.push(exchange));
  xdms.addUser("sip:alice@home.example");
});
afterEach(() => xdms.close());

async function ask(
  method: string,
  path: string,
  body = "",
  headers: readonly (readonly [string, string])[] = [],
) {
  const url = `${xdms.root}/${path}`;
  let response: Awaited<ReturnType<typeof httpRequest>> | undefined;
  const asked = httpRequest({ ...net, name: "test", method, url, headers, body }).then(
    (got) => (response = got),
  );
  await net.run(() => response !== undefined, net.clock.now() + 20_000);
  await asked;
  return {
    status: response!.status,
    text: Buffer.from(response!.body).toString(),
    header: (name: string) => httpHeader(response!, name),
  };
}
const put = (
  path: string,
  body: string,
  type: string,
  headers: readonly (readonly [string, string])[] = [],
) => ask("PUT", path, body, [["Content-Type", type], ...headers]);

describe("documents", () => {
  it("are created, read, replaced and deleted, with entity tags", async () => {
    const created = await put(IN_TREE, GROUP, GROUP_TYPE);
    expect(created.status).toBe(201);
    const read = await ask("GET", IN_TREE);
    expect([read.status, read.text, read.header("ETag"), read.header("Content-Type")]).toEqual([
      200,
      GROUP,
      created.header("ETag"),
      GROUP_TYPE,
    ]);
    const replaced = await put(IN_TREE, GROUP.replace("Friends", "Foes"), GROUP_TYPE, [
      ["If-Match", created.header("ETag")!],
    ]);
    expect(replaced.status).toBe(200);
    expect(replaced.header("ETag")).not.toBe(created.header("ETag"));
    expect((await ask("DELETE", IN_TREE)).status).toBe(200);
    expect((await ask("GET", IN_TREE)).status).toBe(404);
    expect((await ask("DELETE", IN_TREE)).status).toBe(404);
  });

  it.each([
    ["GET", [["If-None-Match", "same"]], 304],
    ["GET", [["If-None-Match", '"other"']], 200],
    ["GET", [["If-Match", '"other"']], 412],
    ["PUT", [["If-None-Match", "*"]], 412],
    ["PUT", [["If-Match", '"other"']], 412],
    ["PUT", [["If-Match", "same"]], 200],
    ["DELETE", [["If-Match", '"other", same']], 200],
    ["DELETE", [["If-None-Match", "same"]], 412],
  ] as const)("%s with %j: %i", async (method, headers, status) => {
    const etag = (await put(IN_TREE, GROUP, GROUP_TYPE)).header("ETag")!;
    const conditional = headers.map(([name, value]) => [name, value.replace("same", etag)] as const);
    const response = await ask(method, IN_TREE, method === "PUT" ? GROUP : "", [
      ["Content-Type", GROUP_TYPE],
      ...conditional,
    ]);
    expect(response.status).toBe(status);
  });

  it("that was to be created once is created once", async () => {
    expect((await put(IN_TREE, GROUP, GROUP_TYPE, [["If-None-Match", "*"]])).status).toBe(201);
    expect((await put(IN_TREE, GROUP, GROUP_TYPE, [["If-None-Match", "*"]])).status).toBe(412);
  });

  it.each([
    ["ill-formed", IN_TREE, GROUP.replace("</group>", ""), GROUP_TYPE, 409, "not-well-formed"],
    ["of another root", IN_TREE, RULES, GROUP_TYPE, 409, "schema-validation-error"],
    [
      "with a document type",
      IN_TREE,
      GROUP.replace("<group", "<!DOCTYPE group []><group"),
      GROUP_TYPE,
      409,
      "not-well-formed",
    ],
    ["of another type", IN_TREE, GROUP, "text/xml", 415, ""],
    ["of an unknown user", IN_TREE.replace("alice", "nobody"), GROUP, GROUP_TYPE, 409, "no-parent"],
    ["of an unknown usage", IN_TREE.replace("groups", "grapes"), GROUP, GROUP_TYPE, 404, ""],
    ["in the global tree", BY_ID, GROUP, GROUP_TYPE, 405, ""],
  ])("%s are refused", async (_what, path, body, type, status, element) => {
    const response = await put(path, body, type);
    expect(response.status).toBe(status);
    expect(response.text).toContain(element);
  });

  it.each([
    ["sip:alice@home.example", 201],
    ['"sip:alice@home.example"', 201],
    ["sip:mallory@home.example", 403],
  ])("are changed by their owner only: %s", async (identity, status) => {
    expect((await put(IN_TREE, GROUP, GROUP_TYPE, [["X-XCAP-Asserted-Identity", identity]])).status).toBe(
      status,
    );
  });

  it.each([
    "org.openmobilealliance.groups/users/sip:alice@home.example",
    "nonsense",
    "org.openmobilealliance.groups/local/x",
    "%ZZ/users/a/b",
  ])("are not selected by %s", async (path) => expect([400, 404]).toContain((await ask("GET", path)).status));
});

describe("a group", () => {
  it.each([
    ["by its identity", BY_ID],
    ["by its identity, escaped", BY_ID.replace("sip:friends@", "sip%3Afriends%40")],
    ["by its identity with parameters", `${BY_ID};session=1`],
    ["by its identity as a folder", `${BY_ID}/index`],
    ["in its owner's tree", IN_TREE],
    ["in its owner's tree, escaped", IN_TREE.replace("sip:alice@", "sip%3aalice%40")],
  ])("is found %s", async (_how, path) => {
    xdms.putGroup("sip:alice@home.example", new TextEncoder().encode(GROUP), "friends.xml");
    expect((await ask("GET", path)).text).toBe(GROUP);
  });

  it("written by its values is read by them", async () => {
    const group = {
      uri: "sip:team@groups.example",
      members: [{ uri: "sip:bob@home.example" }],
      inviteMembers: true,
      rules: [],
    };
    const path = xdms.putGroup("sip:alice@home.example", group);
    expect((await ask("GET", path)).text).toContain('uri="sip:team@groups.example"');
    xdms.removeGroup("sip:team@groups.example");
    expect((await ask("GET", path)).status).toBe(404);
    expect(xdms.groupDocument("sip:team@groups.example")).toBeUndefined();
  });

  it("is no longer found by an identity that its document has given up", async () => {
    await put(IN_TREE, GROUP, GROUP_TYPE);
    await put(IN_TREE, GROUP.replace("sip:friends@", "sip:foes@"), GROUP_TYPE);
    expect((await ask("GET", BY_ID)).status).toBe(404);
    expect((await ask("GET", BY_ID.replace("friends", "foes"))).status).toBe(200);
  });
});

describe("node selectors", () => {
  beforeEach(
    () => void xdms.putGroup("sip:alice@home.example", new TextEncoder().encode(GROUP), "friends.xml"),
  );

  it.each([
    ["group/list-service/display-name", 200, "<display-name>Friends</display-name>"],
    [
      "group/list-service%5b@uri=%22sip:friends@groups.example%22%5d/invite-members",
      200,
      "<invite-members>true</invite-members>",
    ],
    ["group/list-service/list/entry%5b2%5d/display-name", 200, "<display-name>Ted</display-name>"],
    ["group/list-service/list/entry%5B1%5D", 200, '<entry uri="sip:bob@home.example"/>'],
    [
      "group/list-service/list/*%5b@uri=%22sip:bob@home.example%22%5d",
      200,
      '<entry uri="sip:bob@home.example"/>',
    ],
    ["group/list-service/@uri", 200, "sip:friends@groups.example"],
    [
      "ls:group/ls:list-service/ls:invite-members?xmlns(ls=urn:oma:xml:poc:list-service)",
      200,
      "<invite-members>true</invite-members>",
    ],
    ["group/list-service/list/entry", 404, ""],
    ["group/list-service/list/entry%5b3%5d", 404, ""],
    ["group/other", 404, ""],
    ["group/list-service/@nothing", 404, ""],
    ["group/list-service/text()", 400, ""],
    ["x:group", 400, ""],
  ])("%s: %i", async (selector, status, text) => {
    const response = await ask("GET", `${IN_TREE}/~~/${selector}`);
    expect([response.status, status === 200 ? response.text : ""]).toEqual([status, text]);
  });

  it("say the namespace bindings of an element", async () => {
    const response = await ask("GET", `${IN_TREE}/~~/group/list-service/namespace::*`);
    expect(response.header("Content-Type")).toBe("application/xcap-ns+xml");
    expect(response.text).toContain('xmlns="urn:oma:xml:poc:list-service"');
    expect(response.text).toContain('xmlns:cp="urn:ietf:params:xml:ns:common-policy"');
  });

  it("change nothing", async () => {
    const response = await ask("DELETE", `${IN_TREE}/~~/group/list-service/display-name`);
    expect([response.status, response.header("Allow")]).toEqual([405, "GET, HEAD"]);
  });
});

describe("what else there is", () => {
  it("access rules are found whatever the document is called", async () => {
    xdms.putAccessRules("sip:bob@home.example", new TextEncoder().encode(RULES));
    for (const name of ["access-rules", "index", "rules.xml"])
      expect(
        (await ask("GET", `org.openmobilealliance.access-rules/users/sip:bob@home.example/${name}`)).text,
      ).toBe(RULES);
    xdms.forget("sip:bob@home.example");
    expect(
      (await ask("GET", "org.openmobilealliance.access-rules/users/sip:bob@home.example/access-rules"))
        .status,
    ).toBe(404);
  });

  it("contact lists and the server's capabilities", async () => {
    xdms.putResourceLists(
      "sip:bob@home.example",
      new TextEncoder().encode('<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"/>'),
    );
    expect((await ask("GET", "resource-lists/users/sip:bob@home.example/index")).status).toBe(200);
    const caps = await ask("GET", "xcap-caps/global/index");
    expect([caps.status, caps.header("Content-Type")]).toEqual([200, "application/xcap-caps+xml"]);
    expect(caps.text).toContain("<auid>org.openmobilealliance.groups</auid>");
  });

  it("every request tells whose it is", async () => {
    await ask("GET", IN_TREE, "", [["X-XCAP-Asserted-Identity", "sip:server@home.example"]]);
    await ask("GET", BY_ID);
    expect(exchanges.map(({ identities, response }) => [identities, response.status])).toEqual([
      [["sip:alice@home.example", "sip:server@home.example"], 404],
      [["sip:friends@groups.example"], 404],
    ]);
  });
});

describe("profiles", () => {
  const PROFILE_TYPE = "application/vnd.oma.user-profile+xml";
  const PATH = "org.openmobilealliance.user-profile/users/sip:alice@home.example/user-profile";
  const profileOf = (uri: string) =>
    `<user-profiles xmlns="urn:oma:xml:xdm:user-profile"><user-profile uri="${uri}"><age>15</age></user-profile></user-profiles>`;

  it("are kept under the one name of their usage", async () => {
    expect((await put(PATH, profileOf("sip:alice@home.example"), PROFILE_TYPE)).status).toBe(201);
    expect((await ask("GET", PATH.replace(/[^/]*$/, "other.xml"))).text).toContain("<age>15</age>");
  });

  it("are refused in the tree of somebody else", async () => {
    const refused = await put(PATH, profileOf("sip:bob@home.example"), PROFILE_TYPE);
    expect(refused).toMatchObject({ status: 409, text: expect.stringContaining("constraint-failure") });
  });

  it("are provided as what the user and the operator say, and withdrawn", async () => {
    xdms.putUserProfile("sip:alice@home.example", { birthDate: "1993-04-30" });
    const locked = PATH.replace("user-profile", "locked-user-profile").replace(
      /[^/]*$/,
      "locked-user-profile",
    );
    expect((await ask("GET", PATH)).text).toContain("1993-04-30");
    expect((await ask("GET", locked)).text).toContain("1993-04-30");
    xdms.removeUserProfile("sip:alice@home.example");
    expect((await ask("GET", PATH)).status).toBe(404);
    expect(xdms.userProfileDocument("sip:alice@home.example")).toBeUndefined();
  });
});
