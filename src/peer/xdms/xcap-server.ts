/** What an XCAP server answers (RFC 4825 8): requests in, responses out, without a socket. */
import { httpHeader, httpResponse, type HttpRequest, type HttpResponse } from "../../wire/http/message.ts";
import { wellFormedness } from "../../wire/xml/well-formed.ts";
import { XmlReadError } from "../../wire/xml/xml-error.ts";
import { applicationUsage, GROUPS_AUID, type ApplicationUsage } from "./application-usages.ts";
import { checkConditions, type Documents, type StoredDocument } from "./documents.ts";
import { NodeSelectorError, selectNode } from "./node-selector.ts";
import { conflict, refusal } from "./xcap-error.ts";
import { documentPath, parseXcapUri, XcapUriError, type XcapUri } from "./xcap-uri.ts";

/** What identifies the sender of a request to an XDMS behind an aggregation proxy (OMA XDM 2.0). */
const IDENTITY_HEADERS = [
  "X-XCAP-Asserted-Identity",
  "X-3GPP-Asserted-Identity",
  "X-3GPP-Intended-Identity",
] as const;

export interface XcapServerOptions {
  /** Path of the XCAP root. */
  readonly root: string;
  readonly documents: Documents;
  /** Where a document is kept that clients ask for under another path: group by identity. */
  readonly keyOf: (uri: XcapUri) => string;
  /** Whether the user has a tree here; a document cannot be put where there is no home for it. */
  readonly hasUser: (xui: string) => boolean;
  /** Only the owner may change a user's documents; a request without identity comes from a trusted server. */
  readonly sameUser: (a: string, b: string) => boolean;
  readonly onChange: (key: string) => void;
}

/** The identity that a request comes with; undefined: none, as requests of a trusted server may. */
export function assertedXcapIdentity(request: HttpRequest): string | undefined {
  const value = IDENTITY_HEADERS.map((name) => httpHeader(request, name)).find(
    (found) => found !== undefined,
  );
  return value
    ?.split(",")[0]
    ?.trim()
    .replace(/^"(.*)"$/, "$1")
    .replace(/^<(.*)>$/, "$1");
}

export function createXcapServer(options: XcapServerOptions): (request: HttpRequest) => HttpResponse {
  const { documents } = options;

  function get(uri: XcapUri, usage: ApplicationUsage, document: StoredDocument): HttpResponse {
    const etag = ["ETag", document.etag] as const;
    if (uri.node === undefined)
      return httpResponse(200, {
        headers: [["Content-Type", document.contentType], etag],
        body: document.bytes,
      });
    const { namespaces } = uri;
    const node = selectNode(document.bytes, {
      selector: uri.node,
      namespaces,
      defaultNamespace: usage.defaultNamespace,
    });
    if (node === undefined) return refusal(404, `${uri.node} selects nothing in the document`);
    if (node.kind === "attribute")
      return httpResponse(200, {
        headers: [["Content-Type", "application/xcap-att+xml"], etag],
        body: node.value,
      });
    const type = node.kind === "element" ? "application/xcap-el+xml" : "application/xcap-ns+xml";
    return httpResponse(200, { headers: [["Content-Type", type], etag], body: node.xml });
  }

  /** RFC 4825 8.2.3, 8.2.5; undefined: the document may be stored. */
  function objectionTo(
    request: HttpRequest,
    uri: XcapUri,
    usage: ApplicationUsage,
  ): HttpResponse | undefined {
    const type = (httpHeader(request, "Content-Type") ?? "").split(";")[0]?.trim().toLowerCase();
    if (type !== usage.contentType)
      return refusal(415, `documents of ${usage.auid} are ${usage.contentType}`);
    if (uri.xui !== undefined && !options.hasUser(uri.xui))
      return conflict("no-parent", `${uri.xui} has no tree here`);
    const [violation] = wellFormedness(request.body);
    if (violation !== undefined)
      return conflict(
        violation.code === "unsupported-encoding" ? "not-utf-8" : "not-well-formed",
        violation.message,
      );
    try {
      usage.read(request.body);
    } catch (error) {
      if (error instanceof XmlReadError) return conflict("schema-validation-error", error.message);
      throw error;
    }
    return undefined;
  }

  function put(request: HttpRequest, uri: XcapUri, usage: ApplicationUsage): HttpResponse {
    const objection = objectionTo(request, uri, usage);
    if (objection !== undefined) return objection;
    const key = options.keyOf(uri);
    const isNew = documents.get(key) === undefined;
    const { etag } = documents.put(key, usage.contentType, request.body);
    options.onChange(key);
    return httpResponse(isNew ? 201 : 200, { headers: [["ETag", etag]] });
  }

  function remove(uri: XcapUri): HttpResponse {
    const key = options.keyOf(uri);
    documents.delete(key);
    options.onChange(key);
    return httpResponse(200);
  }

  function mayChange(request: HttpRequest, uri: XcapUri): boolean {
    const identity = assertedXcapIdentity(request);
    return identity === undefined || (uri.xui !== undefined && options.sameUser(identity, uri.xui));
  }

  function answer(request: HttpRequest, uri: XcapUri): HttpResponse {
    const usage = applicationUsage(uri.auid);
    if (usage === undefined) return refusal(404, `${uri.auid} is no application usage of this server`);
    const reads = request.method === "GET" || request.method === "HEAD";
    const allowed = uri.node === undefined && uri.tree === "users" ? "GET, HEAD, PUT, DELETE" : "GET, HEAD";
    if (!allowed.split(", ").includes(request.method))
      return refusal(405, `${request.method} cannot be done here`, [["Allow", allowed]]);
    if (!reads && !mayChange(request, uri))
      return refusal(403, `the documents of ${uri.xui ?? "the server"} are not the sender's`);
    const document = documents.get(options.keyOf(uri));
    const conditions = {
      ifMatch: httpHeader(request, "If-Match"),
      ifNoneMatch: httpHeader(request, "If-None-Match"),
    };
    const unmet = checkConditions(conditions, document, request.method);
    if (unmet === 304) return httpResponse(304, { headers: [["ETag", document?.etag ?? ""]] });
    if (unmet === 412) return refusal(412, "the document is not the one that the request is about");
    if (request.method === "PUT") return put(request, uri, usage);
    if (document === undefined) return refusal(404, `there is no document ${documentPath(uri)}`);
    return reads ? get(uri, usage, document) : remove(uri);
  }

  return (request) => {
    try {
      return answer(request, parseXcapUri(request.target, options.root));
    } catch (error) {
      if (error instanceof XcapUriError)
        return refusal(error.code === "bad-escape" ? 400 : 404, error.message);
      if (error instanceof NodeSelectorError) return refusal(400, error.message);
      throw error;
    }
  };
}

/** Whether the URI asks for a group by its identity, wherever in the users tree its document is (OMA Shared Group XDM 2.0). */
export function groupIdentityIn(uri: XcapUri): string | undefined {
  if (uri.auid !== GROUPS_AUID || uri.tree !== "global") return undefined;
  const [folder, identity] = uri.document;
  return /^byGroupID$/i.test(folder ?? "") ? identity : undefined;
}
