/** XCAP URIs: the document selector and the node selector in an HTTP request target (RFC 4825 6). */

export interface XcapUri {
  /** Application unique id; empty where the path ends before it. */
  readonly auid: string;
  readonly tree: "users" | "global";
  /** XCAP user identifier; for `global` undefined. */
  readonly xui?: string;
  /** The rest of the document selector, decoded segment by segment. */
  readonly document: readonly string[];
  /** Decoded; undefined: the whole document. */
  readonly node?: string;
  /** Prefixes of the node selector from the query (RFC 4825 6.4). */
  readonly namespaces: ReadonlyMap<string, string>;
}

export class XcapUriError extends Error {
  readonly code: "outside-root" | "no-document" | "bad-escape";
  readonly target: string;
  constructor(code: XcapUriError["code"], target: string, message: string) {
    super(message);
    this.name = "XcapUriError";
    this.code = code;
    this.target = target;
  }
}

const SEPARATOR = "~~";

function decoded(target: string, segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new XcapUriError("bad-escape", target, `${segment} is not percent-encoded UTF-8`);
  }
}

/** `xmlns(prefix=namespace)` as often as it stands in the query. */
function namespacesIn(target: string, query: string): ReadonlyMap<string, string> {
  const bindings = decoded(target, query)
    .split(")")
    .slice(0, -1)
    .map((part) => /xmlns\(([\w.-]+)=([^(]*)$/.exec(part))
    .filter((binding) => binding !== null);
  return new Map(bindings.map(([, prefix = "", namespace = ""]) => [prefix, namespace]));
}

/** The path of a request target, which may be an absolute URI, without the path of the XCAP root. */
function pathBelow(root: string, target: string): { readonly path: string; readonly query: string } {
  const local = target.replace(/^https?:\/\/[^/]*/i, "");
  const question = local.indexOf("?");
  const path = question < 0 ? local : local.slice(0, question);
  const base = root.endsWith("/") ? root : `${root}/`;
  if (!path.startsWith(base))
    throw new XcapUriError("outside-root", target, `${path} is not below the XCAP root path ${root}`);
  return { path: path.slice(base.length), query: question < 0 ? "" : local.slice(question + 1) };
}

/**
 * Reads a request target. `root`: path of the XCAP root, `/` or `/services`.
 *
 * @throws XcapUriError
 */
export function parseXcapUri(target: string, root: string): XcapUri {
  const { path, query } = pathBelow(root, target);
  const segments = path.split("/").filter((segment) => segment !== "");
  const separator = segments.findIndex((segment) => decoded(target, segment) === SEPARATOR);
  const selector = (separator < 0 ? segments : segments.slice(0, separator)).map((segment) =>
    decoded(target, segment),
  );
  const node =
    separator < 0 ? undefined : segments.slice(separator + 1).map((segment) => decoded(target, segment));
  const [auid = "", tree, ...rest] = selector;
  if (tree !== "users" && tree !== "global")
    throw new XcapUriError(
      "no-document",
      target,
      `${path} selects no document: <auid>/users/<xui>/… or <auid>/global/…`,
    );
  const xui = tree === "users" ? rest[0] : undefined;
  const document = tree === "users" ? rest.slice(1) : rest;
  if (document.length === 0) throw new XcapUriError("no-document", target, `${path} names no document`);
  return {
    auid,
    tree,
    ...(xui === undefined ? {} : { xui }),
    document,
    ...(node === undefined ? {} : { node: node.join("/") }),
    namespaces: namespacesIn(target, query),
  };
}

/** The path of a document below the root, percent-encoded. */
export function documentPath({
  auid,
  tree,
  xui,
  document,
}: Pick<XcapUri, "auid" | "tree" | "xui" | "document">): string {
  // The characters of a SIP URI that a path segment may hold stay as they are (RFC 3986 3.3 pchar), as clients write them.
  const encode = (segment: string) =>
    encodeURIComponent(segment).replace(/%(?:3A|40|3B|3D|2B|26|24|2C)/gi, (escape) =>
      decodeURIComponent(escape),
    );
  return [auid, tree, ...(xui === undefined ? [] : [xui]), ...document].map(encode).join("/");
}

/** Whether the URI asks for a group by its identity, wherever in the users tree its document is (OMA Shared Group XDM 2.0). */
export function groupIdentityIn(uri: XcapUri): string | undefined {
  if (uri.auid !== "org.openmobilealliance.groups" || uri.tree !== "global") return undefined;
  const [folder, identity] = uri.document;
  return /^byGroupID$/i.test(folder ?? "") ? identity : undefined;
}

/** Every identity that a request target names: the user of the tree, and a group by its identity. */
export function identitiesInXcap(target: string): string[] {
  const path = target.replace(/^https?:\/\/[^/]*/i, "").split("?")[0] ?? "";
  const segments = path.split("/").map((segment) => {
    try {
      return decodeURIComponent(segment);
    } catch {
      return segment;
    }
  });
  const identities = segments.filter((segment) => /^(?:sips?|tel|im):[^/]/i.test(segment));
  return [...new Set(identities)];
}
