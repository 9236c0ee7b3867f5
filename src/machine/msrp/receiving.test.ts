import { array, assert, integer, property, record, shuffledSubarray } from "fast-check";
import { describe, expect, it } from "vitest";
import { msrpRequest } from "../../wire/msrp/build.ts";
import type { MsrpFlag, MsrpRequestHead } from "../../wire/msrp/message.ts";
import { wantsReport, wantsResponse } from "./answering.ts";
import { connectionRole, createSessionBinding } from "./binding.ts";
import { createReception, type Reception, type ReceptionOptions } from "./reception.ts";

const PATHS = { toPath: "msrp://b.example:2855/bbbb;tcp", fromPath: "msrp://a.example:2855/aaaa;tcp" };

function send(headers: Readonly<Record<string, string | undefined>>): MsrpRequestHead {
  const fields = { "Message-ID": "message1", "Content-Type": "text/plain", ...headers };
  return msrpRequest({
    method: "SEND",
    transactionId: "abcd1234",
    ...PATHS,
    headers: Object.entries(fields).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    ),
  });
}

/** One chunk: status and how the message stands. */
function chunk(
  reception: Reception,
  range: string | undefined,
  octets: number,
  flag: MsrpFlag,
  more = {},
): string {
  const begun = reception.begin(send({ "Byte-Range": range, ...more }));
  reception.body(begun, octets);
  const end = reception.end(begun, flag, "body");
  return `${begun.message?.refusal ?? begun.status} ${begun.duplicate ? "duplicate" : end.kind}`;
}

describe("reception", () => {
  it.each([
    ["a whole message", [["1-5/5", 5, "$"]], ["200 complete"]],
    ["without Byte-Range", [[undefined, 5, "$"]], ["200 complete"]],
    ["of no octets", [["1-0/0", 0, "$"]], ["200 complete"]],
    [
      "of unknown length",
      [
        ["1-*/*", 5, "+"],
        ["6-*/*", 5, "$"],
      ],
      ["200 none", "200 complete"],
    ],
    [
      "out of order",
      [
        ["6-10/10", 5, "$"],
        ["1-5/10", 5, "+"],
      ],
      ["200 none", "200 complete"],
    ],
    [
      "overlapping",
      [
        ["1-8/10", 8, "+"],
        ["4-10/10", 7, "$"],
      ],
      ["200 none", "200 complete"],
    ],
    [
      "with a hole",
      [
        ["1-4/10", 4, "+"],
        ["6-10/10", 5, "$"],
      ],
      ["200 none", "200 none"],
    ],
    [
      "all octets, but no $",
      [
        ["1-5/10", 5, "+"],
        ["6-10/10", 5, "+"],
      ],
      ["200 none", "200 none"],
    ],
    [
      "given up",
      [
        ["1-*/10", 3, "+"],
        ["4-*/10", 2, "#"],
        ["6-10/10", 5, "$"],
      ],
      ["200 none", "200 aborted", "200 duplicate"],
    ],
    [
      "twice",
      [
        ["1-5/5", 5, "$"],
        ["1-5/5", 5, "$"],
      ],
      ["200 complete", "200 duplicate"],
    ],
    [
      "a chunk shorter than it says",
      [
        ["1-10/10", 4, "+"],
        ["5-10/10", 6, "$"],
      ],
      ["200 none", "200 complete"],
    ],
  ] as const)("%s", (_what, chunks, expected) => {
    const reception = createReception();
    expect(chunks.map(([range, octets, flag]) => chunk(reception, range, octets, flag))).toEqual(expected);
  });

  it.each<[string, ReceptionOptions, object, string]>([
    ["no Message-ID", {}, { "Message-ID": undefined }, "400 none"],
    ["a Message-ID that is none", {}, { "Message-ID": "a b" }, "400 none"],
    ["a range from octet 0", {}, { "Byte-Range": "0-4/5" }, "400 none"],
    ["a range that is none", {}, { "Byte-Range": "1-five/5" }, "400 none"],
    ["Failure-Report: maybe", {}, { "Failure-Report": "maybe" }, "400 none"],
    ["a body without Content-Type", {}, { "Content-Type": undefined }, "400 none"],
    ["a media type that is not taken", { accepts: (type) => type !== "text/plain" }, {}, "415 none"],
    ["announced too long", { limits: { maxSize: 4 } }, {}, "413 none"],
    ["found too long", { limits: { maxSize: 4 } }, { "Byte-Range": "1-*/*" }, "413 none"],
    ["one message too many", { limits: { incomplete: 0 } }, {}, "413 none"],
  ])("refuses %s", (_what, options, headers, expected) => {
    expect(chunk(createReception(options), "1-5/5", 5, "$", headers)).toBe(expected);
  });

  it("refuses more holes than it wants to remember, and what its owner wants no more of", () => {
    const reception = createReception({ limits: { holes: 2 } });
    const starts = [1, 11, 21, 31];
    expect(starts.map((start) => chunk(reception, `${start}-*/100`, 1, "+"))).toEqual([
      "200 none",
      "200 none",
      "200 none",
      "413 none",
    ]);
    const other = createReception();
    chunk(other, "1-*/*", 5, "+");
    const [message] = other.incomplete;
    other.refuse(message!, 413);
    expect(chunk(other, "6-*/*", 5, "+")).toBe("413 none");
    expect(other.incomplete).toEqual([]);
  });

  it("keeps no place for messages that it has refused, however many are begun", () => {
    const reception = createReception({ limits: { incomplete: 2, maxSize: 10, remembered: 4 } });
    for (let nth = 0; nth < 20; nth += 1)
      expect(chunk(reception, "1-*/11", 5, "+", { "Message-ID": `large${nth}` })).toBe("413 none");
    expect(chunk(reception, "6-*/11", 5, "+", { "Message-ID": "large19" })).toBe("413 none");
    expect(chunk(reception, "1-*/10", 5, "+", { "Message-ID": "small" })).toBe("200 none");
    expect(chunk(reception, "6-10/10", 5, "$", { "Message-ID": "small" })).toBe("200 complete");
  });

  it("takes a SEND without content for no message", () => {
    const reception = createReception();
    const begun = reception.begin(send({ "Content-Type": undefined, "Byte-Range": "1-0/0" }));
    expect([reception.end(begun, "$", "none").kind, begun.status, begun.message]).toEqual([
      "none",
      200,
      undefined,
    ]);
  });

  it("knows a message to be complete after its chunks in any order, and not before", () => {
    const cuts = array(integer({ min: 1, max: 99 }), { maxLength: 12 });
    const order = cuts.chain((all) => {
      const edges = [0, ...new Set(all.toSorted((a, b) => a - b)), 100];
      const pieces = edges.slice(1).map((end, index) => ({ start: edges[index]! + 1, end }));
      return shuffledSubarray(pieces, { minLength: pieces.length });
    });
    assert(
      property(record({ order }), ({ order: pieces }) => {
        const reception = createReception();
        const ends = pieces.map(({ start, end }) =>
          chunk(reception, `${start}-*/100`, end - start + 1, end === 100 ? "$" : "+"),
        );
        expect(ends).toEqual([...pieces.slice(1).map(() => "200 none"), "200 complete"]);
      }),
    );
  });
});

describe("responses and reports", () => {
  it.each([
    ["SEND", undefined, [true, true]],
    ["SEND", "yes", [true, true]],
    ["SEND", "partial", [false, true]],
    ["SEND", "no", [false, false]],
    ["SEND", "Perhaps", [true, true]],
    ["REPORT", undefined, [false, false]],
    ["NICKNAME", undefined, [true, true]],
  ])("%s with Failure-Report %s", (method, value, expected) => {
    const head = { ...send({ "Failure-Report": value }), method };
    expect([200, 413].map((status) => wantsResponse(head, status))).toEqual(expected);
  });

  it.each([
    [{}, [false, true]],
    [{ "Success-Report": "yes" }, [true, true]],
    [{ "Success-Report": "yes", "Failure-Report": "no" }, [true, false]],
    [{ "Failure-Report": "partial" }, [false, true]],
  ])("reports for %j", (headers, expected) => {
    expect([200, 403].map((status) => wantsReport(send(headers), status))).toEqual(expected);
  });
});

describe("binding", () => {
  it("keeps a session to the connection of its first request", () => {
    const binding = createSessionBinding<string>();
    expect([binding.request("one"), binding.request("one"), binding.request("two")]).toEqual([
      undefined,
      undefined,
      506,
    ]);
    expect([binding.state, binding.connection]).toEqual(["bound", "one"]);
    binding.close();
    expect([binding.request("one"), binding.state]).toEqual([481, "closed"]);
  });

  it("keeps the active end to the connection that it made", () => {
    const binding = createSessionBinding<string>();
    binding.connecting("one");
    expect([binding.state, binding.request("two")]).toEqual(["connecting", 506]);
    binding.connected();
    expect(binding.state).toBe("bound");
  });

  it.each([
    [undefined, undefined, "active"],
    ["actpass", undefined, "active"],
    ["actpass", "passive", "active"],
    ["actpass", "active", "passive"],
    ["active", "passive", "active"],
    ["active", "active", "active"],
    ["holdconn", "active", "passive"],
    ["actpass", "holdconn", "active"],
  ] as const)("offer %s, answer %s: the offerer is %s", (offer, answer, role) => {
    expect(connectionRole({ offerer: true, local: offer, remote: answer })).toBe(role);
    const other = role === "active" ? "passive" : "active";
    expect(connectionRole({ offerer: false, local: answer, remote: offer })).toBe(other);
  });
});
