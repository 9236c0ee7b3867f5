/** Whom the MESSAGE of a client is addressed to (clause 8.1.1, steps 4 to 7). */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { sameAddressOfRecord, sipUriOf } from "../wire/sip/uri.ts";
import type { Outcome } from "./check.ts";
import { isForSeveral, ofMessagesWith, sameAddresses, type SentMessage } from "./client-messages.ts";
import { RESOURCE_LISTS_TYPE } from "../wire/xml/resource-lists.ts";
import { expectThat, missed, noted } from "./outcome.ts";
import { contentsOf, uriListOf } from "./pager-message.ts";

function expectAddressee({ exchange: { request }, wish }: SentMessage, whose: string): Outcome {
  const wanted = wish.to[0] ?? "";
  return expectThat(
    sameAddressOfRecord(request.message.uri, wanted),
    `Request-URI ${wanted}, ${whose}`,
    `Request-URI ${request.message.uri}`,
    request,
  );
}

export const messageToUserRequestUri = ofMessagesWith(
  "8.1.1-4",
  ({ to, toKind }) => toKind === "user" && to.length === 1,
  (sent) => expectAddressee(sent, "the recipient"),
);

export const messageToGroupRequestUri = ofMessagesWith(
  "8.1.1-6a",
  ({ toKind }) => toKind === "group",
  (sent) => expectAddressee(sent, "the identity of the group"),
);

export const messageToSessionRequestUri = ofMessagesWith(
  "8.1.1-7",
  ({ toKind }) => toKind === "session",
  (sent) => expectAddressee(sent, "the identity of the session"),
);

export const messageUriList = ofMessagesWith("8.1.1-5a", isForSeveral, judgeList);

/** draft-ietf-sipping-uri-list-message-04 and RFC 5365 are the same in this. */
function judgeList({ exchange: { request }, wish }: SentMessage): Outcome {
  const expected = `a body ${RESOURCE_LISTS_TYPE}, disposition recipient-list, with ${wish.to.join(" and ")}`;
  const listed = uriListOf(request.message);
  if (listed === undefined) return missed(expected, "no list in the body", request);
  if (!sameAddresses(listed, wish.to))
    return missed(expected, `the list has ${listed.length === 0 ? "nobody" : listed.join(", ")}`, request);
  const list = contentsOf(request.message).find(({ type }) => type === RESOURCE_LISTS_TYPE);
  if (list?.disposition === undefined)
    return noted(
      expected,
      "a list without Content-Disposition",
      "recipient-list is meant by it alone",
      request,
    );
  return expectThat(
    list.disposition === "recipient-list",
    expected,
    `all of them, disposition ${list.disposition}`,
    request,
  );
}

export const messageToListRequestUri = ofMessagesWith("8.1.1-5b", isForSeveral, ({ exchange }, trace) => {
  const { request } = exchange;
  const provisioned = listServices(trace);
  return expectThat(
    provisioned.some((uri) => sameAddressOfRecord(uri, request.message.uri)),
    `Request-URI ${provisioned.join(" or ")}`,
    `Request-URI ${request.message.uri}`,
    request,
  );
});

/** Appendix I provisions an EXPLODER-URI for the same use. */
function listServices({ sutFile }: ScenarioTrace): readonly string[] {
  const uris = [sutFile.client?.conferenceFactory, sutFile.server?.serviceUris.exploder];
  return uris.filter((uri): uri is string => uri !== undefined);
}

export const messageSessionType = ofMessagesWith("8.1.1-5c", isForSeveral, ({ exchange: { request } }) =>
  expectThat(
    sipUriOf(request.message.uri)?.params.get("sessiontype")?.toLowerCase() === "adhoc",
    "sessiontype=adhoc in the Request-URI",
    `Request-URI ${request.message.uri}`,
    request,
  ),
);
