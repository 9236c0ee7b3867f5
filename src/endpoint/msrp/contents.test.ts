/** What the IM enabler carries in MSRP: message/cpim with IMDN, multipart. It comes out as it went in. */
import { expect, it } from "vitest";
import { buildCpim } from "../../wire/cpim/build.ts";
import { cpimHeader } from "../../wire/cpim/cpim.ts";
import { IMDN_DECLARATION, imdnHeadersOf } from "../../wire/cpim/imdn-headers.ts";
import { parseCpim } from "../../wire/cpim/parse.ts";
import { parseContentType } from "../../wire/mime/content-type.ts";
import { buildMultipart } from "../../wire/mime/multipart-build.ts";
import { parseMultipart } from "../../wire/mime/multipart.ts";
import { createRig, pair } from "./test-rig.ts";
import type { ReceivedMessage } from "./whole-message.ts";

/** Sends it in chunks of 100 octets; what the receiver gets. */
async function carried(contentType: string, body: Uint8Array): Promise<ReceivedMessage> {
  const rig = createRig({ segmentBytes: 50 });
  const acceptTypes = ["message/cpim", "multipart/mixed"];
  const [alice, bob] = pair(await rig.endpoint("a"), await rig.endpoint("b"), { b: { acceptTypes } });
  const got: ReceivedMessage[] = [];
  bob.onMessage((message) => got.push(message));
  alice.send(body, { contentType, chunkOctets: 100 });
  await rig.net.run(() => got.length > 0);
  return got[0]!;
}

it("message/cpim with a request for disposition notifications", async () => {
  const cpim = buildCpim({
    headers: [
      ["From", "<im:alice@home.example>"],
      ["To", "<im:bob@home.example>"],
      ["NS", IMDN_DECLARATION],
      ["imdn.Message-ID", "34jk324j"],
      ["imdn.Disposition-Notification", "positive-delivery, negative-delivery"],
    ],
    contentType: "text/plain; charset=utf-8",
    body: Buffer.from("Grüße, Bob\r\n-------\r\n"),
  });
  const { body, contentType } = await carried("message/cpim", cpim);
  const message = parseCpim(body);
  expect([contentType, cpimHeader(message, "To")?.value]).toEqual(["message/cpim", "<im:bob@home.example>"]);
  expect(imdnHeadersOf(message)).toMatchObject({ messageId: "34jk324j" });
  expect(Buffer.from(body).equals(cpim)).toBe(true);
});

it("multipart/mixed", async () => {
  const parts = [
    { contentType: "text/plain", body: Buffer.from("first") },
    { contentType: "image/png", body: Buffer.from([0x89, 0x50, 0, 13, 10]) },
  ];
  const built = buildMultipart(parts, { subtype: "mixed", boundary: "boundary42" });
  const { body, contentType } = await carried(built.contentType, built.body);
  expect(parseMultipart(body, parseContentType(contentType)).map((part) => Buffer.from(part.body))).toEqual(
    parts.map((part) => part.body),
  );
});
