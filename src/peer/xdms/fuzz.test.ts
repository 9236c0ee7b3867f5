/** XCAP request targets and node selectors, mutated. */
import { describe } from "vitest";
import { describeBadInput } from "../../testdata/bad-input.ts";
import { writeResourceLists } from "../../wire/xml/resource-lists.ts";
import { NodeSelectorError, selectNode } from "./node-selector.ts";
import { documentPath, groupIdentityIn, identitiesInXcap, parseXcapUri, XcapUriError } from "./xcap-uri.ts";

const TARGETS = [
  "/services/resource-lists/users/sip:bill@example.com/index/~~/resource-lists/list%5b@name=%22l1%22%5d?xmlns(a=urn:b)xmlns(c=urn:d)",
  "http://h:1/services/org.openmobilealliance.groups/global/byGroupID/sip:g@h",
  "/services/xcap-caps/global/index",
];

describeBadInput(
  "an XCAP URI",
  {
    corpus: TARGETS,
    morsels: ["~~", "/", "users", "global", "%2F", "%", "xmlns(", "?", "http://"],
    errors: [XcapUriError],
    read(bytes) {
      const target = bytes.toString("latin1");
      identitiesInXcap(target);
      const uri = parseXcapUri(target, "/services");
      groupIdentityIn(uri);
      const again = parseXcapUri(`/services/${documentPath(uri)}`, "/services");
      return documentPath(again) === documentPath(uri) ? undefined : "another document when it is written";
    },
  },
  {
    around: [
      ["", ""],
      ["/services/a/users/b/c/~~/", ""],
      ["/services/a/users/b/c?", ""],
      ["/services/a/users/b/c?xmlns(", ""],
    ],
    repeated: ["xmlns(a=b)", "xmlns(", "xmlns(a=", "/a", "~~/", "%2F"],
  },
);

const document = writeResourceLists({
  lists: [{ name: "l1", entries: [{ uri: "sip:a@h", displayName: "A" }, { uri: "sip:b@h" }] }],
});
const SELECTORS = [
  'resource-lists/list[@name="l1"]/entry[1]',
  "resource-lists/list/entry[2][@uri='sip:b@h']/@uri",
  "resource-lists/*/p:x/namespace::*",
];

describe("a node selector", () => {
  const namespaces = new Map([["p", "urn:p"]]);
  const defaultNamespace = "urn:ietf:params:xml:ns:resource-lists";

  describeBadInput(
    "a node selector",
    {
      corpus: SELECTORS,
      morsels: ["[1]", "[@a='b']", "@uri", "*", "/", "::", "p:", "namespace::*", "[", "]"],
      errors: [NodeSelectorError],
      read: (bytes) =>
        void selectNode(document, { selector: bytes.toString("utf8"), namespaces, defaultNamespace }),
    },
    {
      around: [
        ["", ""],
        ["resource-lists/list[@name=", ""],
        ['resource-lists/list[@name="', ""],
        ["resource-lists[", ""],
      ],
      repeated: ["[1]", "[@a='b']", "a/", "[a", "*/", "p:", "a[", "['"],
    },
  );
});
