/** Octets in their order, and headers as soon as they are there. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createArrival } from "./arrival.ts";
import { createConference, cpim, GROUP } from "./test-rig.ts";
import { readWrapper } from "./wrapper.ts";

describe("arrival", () => {
  it("gives every octet once and in order, however they come", () => {
    const part = fc.record({ at: fc.integer({ min: 1, max: 60 }), length: fc.integer({ min: 0, max: 30 }) });
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        const whole = Uint8Array.from({ length: 100 }, (_, index) => index);
        const arrival = createArrival();
        const given: number[] = [];
        const there = new Set<number>();
        for (const { at, length } of parts) {
          for (const piece of arrival.take(whole.subarray(at - 1, at - 1 + length), at)) given.push(...piece);
          for (let place = at; place < at + length; place += 1) there.add(place);
          let reach = 0;
          while (there.has(reach + 1)) reach += 1;
          expect(given).toEqual([...whole.subarray(0, reach)]);
        }
        expect(arrival.held > 0).toBe(there.size > given.length);
      }),
    );
  });

  it("keeps no bytes that change afterwards", () => {
    const arrival = createArrival();
    const bytes = Uint8Array.of(1, 2);
    const [kept] = arrival.take(bytes, 1);
    bytes.fill(9);
    expect([...kept!]).toEqual([1, 2]);
  });
});

describe("a message whose chunks come in another order", () => {
  const chunk = (
    id: string,
    range: string,
    body: string,
    flag: string,
    [to, from]: readonly string[],
  ): string =>
    `MSRP ${id} SEND\r\nTo-Path: ${to}\r\nFrom-Path: ${from}\r\nMessage-ID: m1abcd\r\nByte-Range: ${range}\r\nContent-Type: message/cpim\r\n\r\n${body}\r\n-------${id}${flag}\r\n`;

  it("arrives in order", async () => {
    const { guests, run } = await createConference(["ann", "ben"]);
    const [ann, ben] = guests;
    const text = cpim("0123456789", { from: ann!.address });
    const paths = [ann!.session.remotePath, ann!.session.localPath];
    const all = text.length;
    const send = (id: string, from: number, to: number, flag: string): void =>
      ann!.session.sendBytes(
        Buffer.from(chunk(id, `${from}-${to}/${all}`, text.slice(from - 1, to), flag, paths)),
      );
    send("aaaa2222", all - 4, all, "$");
    send("aaaa3333", 30, all - 5, "+");
    await run();
    expect(ben!.got).toEqual([]);
    send("aaaa1111", 1, 29, "+");
    await run();
    expect(ben!.got).toEqual([text]);
  });

  it("is refused when too much waits for its beginning", async () => {
    const { guests, run } = await createConference(["ann", "ben"], {
      decisions: { pace: { outOfOrderOctets: 3000 } },
    });
    const [ann, ben] = guests;
    const paths = [ann!.session.remotePath, ann!.session.localPath];
    ann!.session.sendBytes(Buffer.from(chunk("aaaa2222", "100-*/9000", "x".repeat(4000), "+", paths)));
    ann!.session.sendBytes(Buffer.from(chunk("aaaa1111", "1-99/9000", "x".repeat(99), "+", paths)));
    await run();
    expect(ben!.got).toEqual([]);
    expect(ann!.inside.state).toBe("bound");
  });
});

describe("the headers", () => {
  const text = `From: Ann <sip:ann@home.example>\r\nTo: <${GROUP}>\r\nTo: <sip:ben@home.example>\r\nNS: x <urn:oma:xml:poc:final-report>\r\nx.Final-Report: yes\r\n\r\n`;

  it("are read when the empty line is there, and not before", () => {
    for (let length = 0; length < text.length; length += 1)
      expect(readWrapper(Buffer.from(text.slice(0, length)))).toBeUndefined();
    expect(readWrapper(Buffer.from(`${text}Cont`))).toMatchObject({
      from: { uri: "sip:ann@home.example", displayName: "Ann" },
      to: [{ uri: GROUP }, { uri: "sip:ben@home.example" }],
      finalReport: true,
    });
  });

  it.each([
    ["are too long", `Subject: ${"x".repeat(20_000)}`],
    ["are of another form", "nothing of the kind\r\n\r\n"],
    ["lack the empty line", "From: <sip:a@b>\r\nContent-Type: text/plain\r\n\r\n"],
    ["have an undeclared prefix", "x.Final-Report: yes\r\n\r\n"],
  ])("cannot be read when they %s", (_, headers) => {
    expect(readWrapper(Buffer.from(headers))).toBe("unreadable");
  });

  it("with two From have none", () => {
    expect(readWrapper(Buffer.from("From: <sip:a@b>\r\nFrom: <sip:c@d>\r\n\r\n"))).not.toHaveProperty("from");
  });
});
