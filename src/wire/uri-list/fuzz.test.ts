/** Bodies with URI lists, mutated: whatever comes, there is a list or a refusal. */
import { describeBadInput } from "../../testdata/bad-input.ts";
import { sipRequest } from "../sip/build.ts";
import { recipientHistoryOf, recipientListOf } from "./recipient-list.ts";

const LIST = `<?xml version="1.0"?>
<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists" xmlns:cp="urn:ietf:params:xml:ns:copycontrol">
<list><entry uri="sip:bill@example.com" cp:copyControl="to"/><entry uri="tel:+1-201" cp:copyControl="bcc" cp:anonymize="true"/></list>
</resource-lists>`;

const part = (disposition: string): string =>
  [
    "--b",
    "Content-Type: application/resource-lists+xml",
    `Content-Disposition: ${disposition}; handling=required`,
    "Content-ID: <cn35t8jf02@example.com>",
    "",
    LIST,
    "",
  ].join("\r\n");

describeBadInput("a body with URI lists", {
  corpus: [`${part("recipient-list")}${part("recipient-list-history")}--b--\r\n`],
  morsels: [
    "--b",
    "--b--",
    "<entry",
    "<list>",
    "]]>",
    "&amp;",
    "Content-Type: text/plain\r\n",
    "recipient-list",
  ],
  read: (bytes) => {
    const body = Uint8Array.from(bytes);
    const message = sipRequest({
      method: "MESSAGE",
      uri: "sip:exploder@example.com",
      headers: [["Content-Type", 'multipart/mixed;boundary="b"']],
      body,
    });
    recipientHistoryOf(message);
    for (const list of [recipientListOf(message), recipientListOf(message, "cn35t8jf02@example.com")]) {
      if (list.kind === "list" && list.entries.length === 0) return "a list of nobody";
      if (list.kind === "bad" && list.detail === "") return "a refusal without a reason";
    }
    return undefined;
  },
});
