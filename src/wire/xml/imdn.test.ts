import { describe, expect, it } from "vitest";
import { readImdn, writeImdn } from "./imdn.ts";
import type { Imdn, ImdnNotification } from "./imdn.ts";
import { validateXml } from "./validate.ts";

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "utf8"));
const NS = 'xmlns="urn:ietf:params:xml:ns:imdn"';
const HEAD = "<message-id> abc </message-id><datetime>2008-04-04T12:16:49-05:00</datetime>";
const delivered = "<delivery-notification><status><delivered/></status></delivery-notification>";

describe("imdn", () => {
  it.each<ImdnNotification>([
    { kind: "delivery", status: "delivered" },
    { kind: "delivery", status: "failed" },
    { kind: "delivery", status: "forbidden" },
    { kind: "delivery", status: "error" },
    { kind: "processing", status: "processed" },
    { kind: "processing", status: "stored" },
    { kind: "display", status: "displayed" },
    { kind: "display", status: "error" },
  ])("$kind-notification with $status is written, valid, and read again", (notification) => {
    const given = {
      messageId: "m<1>&",
      dateTime: "2008-04-04T12:16:49Z",
      recipientUri: "im:ben@example.org",
    };
    const wire = writeImdn({ ...given, ...notification });
    expect(validateXml("imdn", wire)).toEqual([]);
    expect(readImdn(wire)).toEqual({ ...given, originalRecipientUri: given.recipientUri, ...notification });
  });

  it("passes over extensions", () => {
    const wire = bytes(`<imdn ${NS}>${HEAD}${delivered}<x xmlns="urn:x"/></imdn>`);
    const read: Imdn = readImdn(wire);
    expect(read).toMatchObject({ messageId: "abc", kind: "delivery", status: "delivered" });
    expect(validateXml("imdn", wire)).toEqual([]);
  });

  it.each([
    ["another namespace", `<imdn xmlns="urn:x">${HEAD}${delivered}</imdn>`, "wrong-root"],
    ["no message-id", `<imdn ${NS}><datetime>x</datetime>${delivered}</imdn>`, "missing-element"],
    ["no datetime", `<imdn ${NS}><message-id>x</message-id>${delivered}</imdn>`, "missing-element"],
    ["no notification", `<imdn ${NS}>${HEAD}</imdn>`, "missing-element"],
    ["no status", `<imdn ${NS}>${HEAD}<delivery-notification/></imdn>`, "missing-element"],
    [
      "a status of another kind",
      `<imdn ${NS}>${HEAD}<delivery-notification><status><displayed/></status></delivery-notification></imdn>`,
      "missing-element",
    ],
  ])("the reader refuses %s", (_, text, code) => {
    expect(() => readImdn(bytes(text))).toThrow(expect.objectContaining({ code }));
  });
});
