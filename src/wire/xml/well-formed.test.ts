import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readTree, readXml } from "./tree.ts";
import { wellFormedness } from "./well-formed.ts";
import { element, writeXml, XmlWriteError } from "./write.ts";
import { XmlReadError } from "./xml-error.ts";

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "utf8"));

const LAUGHS = `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">${Array.from({ length: 20 }, (_, index) => {
  const name = String.fromCharCode(98 + index);
  const previous = String.fromCharCode(97 + index);
  return `<!ENTITY ${name} "${`&${previous};`.repeat(10)}">`;
}).join("")}]><l>&u;</l>`;

describe("what is refused", () => {
  it.each([
    ["nothing", "", "not-well-formed", 1],
    ["text", "hello", "not-well-formed", 1],
    ["an open element", "<a>\n<b></a>", "not-well-formed", 2],
    ["two roots", "<a/>\n<b/>", "not-well-formed", 2],
    ["an attribute twice", '<a x="1" x="2"/>', "not-well-formed", 1],
    ["an undeclared prefix", "<x:a/>", "not-well-formed", 1],
    ["an undeclared entity", "<a>&nbsp;</a>", "not-well-formed", 1],
    [
      "a namespace with a leading blank",
      '<a\nxmlns:ss=" urn:oma:xml:im:service-settings"/>',
      "not-well-formed",
      2,
    ],
    ["a control character", "<a>\u0001</a>", "not-well-formed", 1],
    ["a document type", "<!-- x -->\n<!DOCTYPE a>\n<a/>", "document-type", 2],
    ["a billion laughs", LAUGHS, "document-type", 1],
    [
      "an external entity",
      '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
      "document-type",
      1,
    ],
    [
      "an external document type",
      '<?xml version="1.0"?><!DOCTYPE a SYSTEM "http://example.com/a.dtd"><a/>',
      "document-type",
      1,
    ],
    ["nesting of 300", "<a>".repeat(300) + "</a>".repeat(300), "too-deep", 1],
    [
      "an encoding that is not supported",
      '<?xml version="1.0" encoding="EBCDIC-US"?><a/>',
      "unsupported-encoding",
      1,
    ],
  ])("%s", (_, text, code, line) => {
    expect(wellFormedness(bytes(text))[0]).toMatchObject({ code, line });
    expect(() => readTree(bytes(text))).toThrow(expect.objectContaining({ code, line }));
    expect(() => readTree(bytes(text))).toThrow(XmlReadError);
  });

  it("bytes that are not in the encoding", () => {
    const latin1 = new Uint8Array(Buffer.from("<a>\u00fc</a>", "latin1"));
    expect(wellFormedness(latin1)[0]?.code).toBe("unsupported-encoding");
  });

  it("what is larger than the limit", () => {
    expect(wellFormedness(bytes("<a/>"), { maxBytes: 3 })[0]?.code).toBe("too-large");
    expect(wellFormedness(bytes("<a/>"), { maxBytes: 4 })).toEqual([]);
  });

  it("what is nested deeper than the limit, which is 256 unless told", () => {
    const nested = (depth: number): Uint8Array => bytes("<a>".repeat(depth) + "</a>".repeat(depth));
    const codes = (depth: number, maxDepth?: number): unknown =>
      wellFormedness(nested(depth), maxDepth === undefined ? {} : { maxDepth }).map(({ code }) => code);
    expect([codes(3, 3), codes(4, 3)]).toEqual([[], ["too-deep"]]);
    expect([codes(256), codes(257), codes(257, 1000)]).toEqual([[], ["too-deep"], ["too-deep"]]);
    expect(() => readTree(nested(4), { maxDepth: 3 })).toThrow(expect.objectContaining({ code: "too-deep" }));
  });

  it("another root", () => {
    expect(() => readXml(bytes('<a xmlns="urn:x"/>'), { name: "a", namespace: "urn:y" })).toThrow(
      expect.objectContaining({
        code: "wrong-root",
        expected: "a document <a> in urn:y",
        found: "<a> in urn:x",
      }),
    );
  });

  it("a prolog of many instructions takes no time", () => {
    expect(wellFormedness(bytes("<?a?>".repeat(50_000)))[0]?.code).toBe("not-well-formed");
  });
});

describe("the tree", () => {
  it("has namespaces resolved", () => {
    const root = readTree(
      bytes(
        '<a xmlns="urn:x" xmlns:p="urn:p" p:n="1" n="2"><p:b xmlns:p="urn:q"><c xmlns=""/></p:b><b xml:lang="de"/></a>',
      ),
    );
    expect(root).toMatchObject({
      name: "a",
      namespace: "urn:x",
      attributes: [
        { name: "n", namespace: "urn:p", value: "1" },
        { name: "n", namespace: "", value: "2" },
      ],
      children: [
        { name: "b", namespace: "urn:q", children: [{ name: "c", namespace: "", path: "/a/b/c" }] },
        {
          name: "b",
          namespace: "urn:x",
          attributes: [{ namespace: "http://www.w3.org/XML/1998/namespace" }],
        },
      ],
    });
  });

  it.each([
    ["entities", "<a>&lt;&amp;amp;&#228;&#x1F600;</a>", "<&amp;ä😀"],
    ["CDATA and comments", "<a>x<!-- y --><![CDATA[<z>&amp;]]></a>", "x<z>&amp;"],
    ["line ends", "<a>x\r\ny\rz</a>", "x\ny\nz"],
    ["a byte order mark", "\uFEFF<a>x</a>", "x"],
    ["text of 200 kB", `<a>${"x".repeat(200_000)}</a>`, "x".repeat(200_000)],
  ])("has text with %s", (_, text, expected) => {
    expect(readTree(bytes(text)).text).toBe(expected);
  });

  it.each([
    ["UTF-16", Buffer.from('\uFEFF<?xml version="1.0" encoding="UTF-16"?><a>ü</a>', "utf16le")],
    ["ISO-8859-1", Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>ü</a>', "latin1")],
  ])("is read from %s", (_, document) => {
    expect(readTree(new Uint8Array(document)).text).toBe("ü");
  });

  it.each([
    ['<a hasOwnProperty="x" b="y"/>'],
    ['<a __proto__="x" b="y"/>'],
    [`<a b="${"x".repeat(300_000)}"/>`],
  ])("survives attributes that are traps", (text) => {
    const outcome = (): unknown => {
      try {
        return readTree(bytes(text)).name;
      } catch (error) {
        return error;
      }
    };
    expect(outcome()).toSatisfy((got) => got === "a" || got instanceof XmlReadError);
  });
});

describe("writing", () => {
  const legal = fc
    .string({ unit: "binary" })
    .map((text) => text.replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, ""));

  it("escapes any text and any attribute value", () => {
    fc.assert(
      fc.property(legal, legal, (text, value) => {
        const root = readTree(writeXml(element("a", { b: value }, text, element("c"))));
        expect(root.text).toBe(text);
        // References to tab and line feed are read as spaces, since xml-js does not tell them from the characters.
        expect(root.attributes[0]?.value).toBe(value.replaceAll(/[\t\n]/g, " "));
      }),
      { numRuns: 300 },
    );
  });

  it.each([["a&amp;b"], ["&quot;"], ["]]>"], ["<script>"], ["\r"]])("keeps %j", (text) => {
    const root = readTree(writeXml(element("a", { b: text }, text)));
    expect([root.text, root.attributes[0]?.value]).toEqual([text, text]);
  });

  it.each([["\u0000"], ["\uFFFF"], ["\uD800"]])("refuses %j", (text) => {
    expect(() => writeXml(element("a", {}, text))).toThrow(XmlWriteError);
    expect(() => writeXml(element("a", { b: text }))).toThrow(XmlWriteError);
  });

  it("leaves out what is undefined", () => {
    expect(Buffer.from(writeXml(element("a", { b: undefined }, undefined, "x"))).toString()).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><a>x</a>',
    );
  });
});
