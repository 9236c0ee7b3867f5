import { expect, test } from "vitest";
import { sipRequest } from "./build.ts";
import { sessionDescriptionOf } from "./session-description.ts";

const SDP = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\n";

function offerIn(contentType: string, boundary: string): string | undefined {
  const parts = [`Content-Type: text/plain\r\n\r\nx`, `Content-Type: application/sdp\r\n\r\n${SDP}`];
  const body = `${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join("")}--${boundary}--\r\n`;
  const request = sipRequest({
    method: "INVITE",
    uri: "sip:bob@home.example",
    headers: [["Content-Type", contentType]],
    body: Buffer.from(body),
  });
  const found = sessionDescriptionOf(request);
  return found && Buffer.from(found.bytes).toString("utf8");
}

test.each([
  ["multipart/mixed;boundary=abc", "abc"],
  ['multipart/mixed;boundary="abc"', "abc"],
  [`Multipart/Mixed ; Boundary="=_a 'b'_7"`, "=_a 'b'_7"],
])("the description in a body of %s", (contentType, boundary) => {
  expect(offerIn(contentType, boundary)).toBe(SDP);
});
