import { describe, expect, it } from "vitest";
import { inviteClient } from "./invite-client.ts";
import { nonInviteClient } from "./non-invite-client.ts";
import { play, sleepThrough } from "./play.ts";

describe("non-INVITE client transaction (RFC 3261 17.1.2.2)", () => {
  it("repeats at 0.5, 1, 2, 4, 4… s over UDP and gives up after 32 s", () => {
    const times = [500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500];
    expect(sleepThrough(nonInviteClient, false, [[0, "start"]])).toEqual([
      "0 send-request",
      ...times.map((at) => `${at} send-request again`),
      "32000 report timeout",
      "terminated",
    ]);
  });

  it("repeats every T2 once a provisional response came", () => {
    expect(
      sleepThrough(nonInviteClient, false, [
        [0, "start"],
        [100, 100],
        [9000, 200],
      ]),
    ).toEqual([
      "0 send-request",
      "100 pass-response 100",
      "500 send-request again",
      "4500 send-request again",
      "8500 send-request again",
      "9000 pass-response 200",
      "terminated",
    ]);
  });

  it("sends once over TCP and waits as long", () => {
    expect(sleepThrough(nonInviteClient, true, [[0, "start"]])).toEqual([
      "0 send-request",
      "32000 report timeout",
      "terminated",
    ]);
  });

  it.each([
    [
      "absorbs repeated finals for T4 over UDP",
      false,
      [
        [0, "start"],
        [10, 200],
        [20, 200],
        [5010, "time"],
      ],
      [
        "0 start: send-request -> trying, next 500",
        "10 200: pass-response 200 -> completed, next 5010",
        "20 200: nothing -> completed, next 5010",
        "5010 time: nothing -> terminated, next never",
      ],
    ],
    [
      "is over at once with a final over TCP",
      true,
      [
        [0, "start"],
        [10, 404],
        [20, 404],
      ],
      [
        "0 start: send-request -> trying, next 32000",
        "10 404: pass-response 404 -> terminated, next never",
        "20 404: nothing -> terminated, next never",
      ],
    ],
    [
      "passes every provisional",
      true,
      [
        [0, "start"],
        [10, 100],
        [20, 183],
        [30, 200],
      ],
      [
        "0 start: send-request -> trying, next 32000",
        "10 100: pass-response 100 -> proceeding, next 32000",
        "20 183: pass-response 183 -> proceeding, next 32000",
        "30 200: pass-response 200 -> terminated, next never",
      ],
    ],
    [
      "reports an error of the transport",
      false,
      [
        [0, "start"],
        [10, "error"],
      ],
      ["0 start: send-request -> trying, next 500", "10 error: report transport -> terminated, next never"],
    ],
  ] as const)("%s", (_name, reliable, script, expected) => {
    expect(play(nonInviteClient, reliable, script)).toEqual(expected);
  });
});

describe("INVITE client transaction (RFC 3261 17.1.1.2, RFC 6026)", () => {
  it("repeats with doubling intervals over UDP and gives up after 32 s", () => {
    expect(sleepThrough(inviteClient, false, [[0, "start"]])).toEqual([
      "0 send-request",
      ...[500, 1500, 3500, 7500, 15500, 31500].map((at) => `${at} send-request again`),
      "32000 report timeout",
      "terminated",
    ]);
  });

  it.each([
    [
      "stops repeating when it rings, however long",
      false,
      [
        [0, "start"],
        [100, 180],
        [90_000, "time"],
        [90_001, 200],
      ],
      [
        "0 start: send-request -> calling, next 500",
        "100 180: pass-response 180 -> proceeding, next never",
        "90000 time: nothing -> proceeding, next never",
        "90001 200: pass-response 200 -> accepted, next 122001",
      ],
    ],
    [
      "acknowledges a refusal, again when it is repeated, for 32 s",
      false,
      [
        [0, "start"],
        [10, 486],
        [20, 486],
        [32_010, "time"],
      ],
      [
        "0 start: send-request -> calling, next 500",
        "10 486: send-ack 486, pass-response 486 -> completed, next 32010",
        "20 486: send-ack 486 again -> completed, next 32010",
        "32010 time: nothing -> terminated, next never",
      ],
    ],
    [
      "acknowledges a refusal over TCP and is over",
      true,
      [
        [0, "start"],
        [10, 603],
      ],
      [
        "0 start: send-request -> calling, next 32000",
        "10 603: send-ack 603, pass-response 603 -> terminated, next never",
      ],
    ],
    [
      "passes each 2xx for 64 T1 and acknowledges none",
      false,
      [
        [0, "start"],
        [10, 200],
        [20, 200],
        [30, 486],
        [32_010, "time"],
      ],
      [
        "0 start: send-request -> calling, next 500",
        "10 200: pass-response 200 -> accepted, next 32010",
        "20 200: pass-response 200 -> accepted, next 32010",
        "30 486: nothing -> accepted, next 32010",
        "32010 time: nothing -> terminated, next never",
      ],
    ],
    [
      "reports that the ACK could not be sent",
      false,
      [
        [0, "start"],
        [10, 486],
        [20, "error"],
      ],
      [
        "0 start: send-request -> calling, next 500",
        "10 486: send-ack 486, pass-response 486 -> completed, next 32010",
        "20 error: report transport -> terminated, next never",
      ],
    ],
  ] as const)("%s", (_name, reliable, script, expected) => {
    expect(play(inviteClient, reliable, script)).toEqual(expected);
  });
});
