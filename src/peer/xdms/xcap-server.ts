/** What an XCAP server answers (RFC 4825 8): requests in, responses out, without a socket. */
import { httpHeader, httpResponse, type HttpRequest, type HttpResponse } from "../../wire/http/message.ts";
import { wellFormedness } from "../../wire/xml/well-formed.ts";
import { XmlReadError } from "../../wire/xml/xml-error.ts";
import { sameAddress } from "../core/address-key.ts";
import { applicationUsage, type ApplicationUsage } from "./application-usages.ts";
import { checkConditions, type StoredDocument } from "./documents.ts";
import type { Library } from "./library.ts";
import { NodeSelectorError, selectNode } from "./node-selector.ts";
import { conflict, refusal } from "./xcap-error.ts";
import { documentPath, parseXcapUri, XcapUriError, type XcapUri } from "./xcap-uri.ts";

/** What identifies the sender of a request to an XDMS behind an aggregation proxy (OMA XDM 2.0). */
const IDENTITY_HEADERS = [
  "X-XCAP-Asserted-Identity",
  "X-3GPP-Asserted-Identity",
  "X-3GPP-Intended-Identity",
] as const;

/** The identity that a request comes with; undefined: none, as requests of a trusted server may. */
export function assertedXcapIdentity(request: HttpRequest): string | undefined {
  const value = IDENTITY_HEADERS.map((name) => httpHeader(request, name)).find(
    (found) => found !== undefined,
  );
  const first = value?.split(",")[0]?.trim();
  return first?.replace(/^"(.*)"$/, "$1").replace(/^<(.*)>$/, "$1");
}

/** A request that selects something of a usage. */
interface Selection {
  readonly request: HttpRequest;
  readonly uri: XcapUri;
  readonly usage: ApplicationUsage;
  readonly key: string;
  readonly document: StoredDocument | undefined;
}

function read({ uri, usage }: Selection, document: StoredDocument): HttpResponse {
  const found = (type: string, body: Uint8Array | string) =>
    httpResponse(200, {
      headers: [
        ["Content-Type", type],
        ["ETag", document.etag],
      ],
      body,
    });
  if (uri.node === undefined) return found(document.contentType, document.bytes);
  const { node: selector, namespaces } = uri;
  const node = selectNode(document.bytes, { selector, namespaces, defaultNamespace: usage.defaultNamespace });
  if (node === undefined) return refusal(404, `${selector} selects nothing in the document`);
  if (node.kind === "attribute") return found("application/xcap-att+xml", node.value);
  return found(node.kind === "element" ? "application/xcap-el+xml" : "application/xcap-ns+xml", node.xml);
}

/** Why a document may not be stored (RFC 4825 8.2.3, 8.2.5); undefined: it may. */
function objectionTo({ request, uri, usage }: Selection, library: Library): HttpResponse | undefined {
  const type = (httpHeader(request, "Content-Type") ?? "").split(";")[0]?.trim().toLowerCase();
  if (type !== usage.contentType) return refusal(415, `documents of ${usage.auid} are ${usage.contentType}`);
  if (uri.xui !== undefined && !library.hasUser(uri.xui))
    return conflict("no-parent", `${uri.xui} has no tree here`);
  const [violation] = wellFormedness(request.body);
  if (violation !== undefined)
    return conflict(
      violation.code === "unsupported-encoding" ? "not-utf-8" : "not-well-formed",
      violation.message,
    );
  try {
    usage.read(request.body);
    const { xui } = uri;
    const strangers = (usage.usersIn?.(request.body) ?? []).filter(
      (user) => xui === undefined || !sameAddress(user, xui),
    );
    if (strangers.length > 0) return conflict("constraint-failure", "Wrong User Profile URI");
  } catch (error) {
    if (error instanceof XmlReadError) return conflict("schema-validation-error", error.message);
    throw error;
  }
  return undefined;
}

function put(selection: Selection, library: Library): HttpResponse {
  const objection = objectionTo(selection, library);
  if (objection !== undefined) return objection;
  const { request, usage, key, document } = selection;
  const { etag } = library.documents.put(key, usage.contentType, request.body);
  library.changed(key);
  return httpResponse(document === undefined ? 201 : 200, { headers: [["ETag", etag]] });
}

function remove({ key }: Selection, library: Library): HttpResponse {
  library.documents.delete(key);
  library.changed(key);
  return httpResponse(200);
}

/** Parts of documents and what stands in the global tree are read only. */
function allowedMethods(uri: XcapUri): readonly string[] {
  return uri.node === undefined && uri.tree === "users" ? ["GET", "HEAD", "PUT", "DELETE"] : ["GET", "HEAD"];
}

/** Only the owner changes a user's documents; a request without identity comes from a trusted server. */
function mayChange({ request, uri }: Selection): boolean {
  const identity = assertedXcapIdentity(request);
  return identity === undefined || (uri.xui !== undefined && sameAddress(identity, uri.xui));
}

function answer(selection: Selection, library: Library): HttpResponse {
  const { request, uri, document } = selection;
  const { method } = request;
  const reads = method === "GET" || method === "HEAD";
  const allowed = allowedMethods(uri);
  if (!allowed.includes(method))
    return refusal(405, `${method} cannot be done here`, [["Allow", allowed.join(", ")]]);
  if (!reads && !mayChange(selection))
    return refusal(403, `the documents of ${uri.xui ?? "the server"} are not the sender's`);
  const unmet = checkConditions(
    { ifMatch: httpHeader(request, "If-Match"), ifNoneMatch: httpHeader(request, "If-None-Match") },
    document,
    method,
  );
  if (unmet === 304) return httpResponse(304, { headers: [["ETag", document?.etag ?? ""]] });
  if (unmet === 412) return refusal(412, "the document is not the one that the request is about");
  if (method === "PUT") return put(selection, library);
  if (document === undefined) return refusal(404, `there is no document ${documentPath(uri)}`);
  return reads ? read(selection, document) : remove(selection, library);
}

/** `root`: path of the XCAP root. */
export function answerXcap(request: HttpRequest, root: string, library: Library): HttpResponse {
  try {
    const uri = parseXcapUri(request.target, root);
    const usage = applicationUsage(uri.auid);
    if (usage === undefined) return refusal(404, `${uri.auid} is no application usage of this server`);
    const key = library.keyOf(uri);
    return answer({ request, uri, usage, key, document: library.documents.get(key) }, library);
  } catch (error) {
    if (error instanceof XcapUriError) return refusal(error.code === "bad-escape" ? 400 : 404, error.message);
    if (error instanceof NodeSelectorError) return refusal(400, error.message);
    throw error;
  }
}
