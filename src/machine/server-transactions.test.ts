import { describe, expect, it } from "vitest";
import { inviteServer } from "./invite-server.ts";
import { nonInviteServer } from "./non-invite-server.ts";
import { play, sleepThrough } from "./play.ts";

describe("non-INVITE server transaction (RFC 3261 17.2.2)", () => {
  it.each([
    [
      "absorbs repetitions until there is something to say",
      false,
      [
        [0, "start"],
        [10, "request"],
        [20, 100],
        [30, "request"],
      ],
      [
        "0 start: nothing -> trying, next never",
        "10 request: nothing -> trying, next never",
        "20 100: send-response 100 -> proceeding, next never",
        "30 request: send-response 100 again -> proceeding, next never",
      ],
    ],
    [
      "answers repetitions for 64 T1 over UDP",
      false,
      [
        [0, "start"],
        [10, 200],
        [20, "request"],
        [32_010, "time"],
        [32_011, "request"],
      ],
      [
        "0 start: nothing -> trying, next never",
        "10 200: send-response 200 -> completed, next 32010",
        "20 request: send-response 200 again -> completed, next 32010",
        "32010 time: nothing -> terminated, next never",
        "32011 request: nothing -> terminated, next never",
      ],
    ],
    [
      "drops a second final response",
      false,
      [
        [0, "start"],
        [10, 200],
        [20, 500],
        [30, "request"],
      ],
      [
        "0 start: nothing -> trying, next never",
        "10 200: send-response 200 -> completed, next 32010",
        "20 500: nothing -> completed, next 32010",
        "30 request: send-response 200 again -> completed, next 32010",
      ],
    ],
    [
      "is over with the final response over TCP",
      true,
      [
        [0, "start"],
        [10, 200],
      ],
      ["0 start: nothing -> trying, next never", "10 200: send-response 200 -> terminated, next never"],
    ],
    [
      "stays when a response could not be sent",
      false,
      [
        [0, "start"],
        [10, 200],
        [20, "error"],
      ],
      [
        "0 start: nothing -> trying, next never",
        "10 200: send-response 200 -> completed, next 32010",
        "20 error: report transport -> completed, next 32010",
      ],
    ],
  ] as const)("%s", (_name, reliable, script, expected) => {
    expect(play(nonInviteServer, reliable, script)).toEqual(expected);
  });
});

describe("INVITE server transaction (RFC 3261 17.2.1, RFC 6026)", () => {
  it("repeats a refusal at 0.5, 1, 2, 4, 4… s over UDP until it gives up after 32 s", () => {
    const times = [600, 1600, 3600, 7600, 11600, 15600, 19600, 23600, 27600, 31600];
    expect(
      sleepThrough(inviteServer, false, [
        [0, "start"],
        [100, 486],
      ]),
    ).toEqual([
      "100 send-response 486",
      ...times.map((at) => `${at} send-response 486 again`),
      "32100 report timeout",
      "terminated",
    ]);
  });

  it.each([
    [
      "wants 100 after 200 ms of silence",
      false,
      [
        [0, "start"],
        [200, "time"],
      ],
      ["0 start: nothing -> proceeding, next 200", "200 time: want-100 -> proceeding, next never"],
    ],
    [
      "wants no 100 once it rings",
      false,
      [
        [0, "start"],
        [100, 180],
        [200, "time"],
        [300, "request"],
      ],
      [
        "0 start: nothing -> proceeding, next 200",
        "100 180: send-response 180 -> proceeding, next never",
        "200 time: nothing -> proceeding, next never",
        "300 request: send-response 180 again -> proceeding, next never",
      ],
    ],
    [
      "stops with the ACK and absorbs further ones for T4",
      false,
      [
        [0, "start"],
        [10, 486],
        [20, "ACK"],
        [30, "ACK"],
        [40, "request"],
        [5020, "time"],
      ],
      [
        "0 start: nothing -> proceeding, next 200",
        "10 486: send-response 486 -> completed, next 510",
        "20 ACK: nothing -> confirmed, next 5020",
        "30 ACK: nothing -> confirmed, next 5020",
        "40 request: nothing -> confirmed, next 5020",
        "5020 time: nothing -> terminated, next never",
      ],
    ],
    [
      "is over with the ACK over TCP, having repeated nothing",
      true,
      [
        [0, "start"],
        [10, 486],
        [20, "ACK"],
      ],
      [
        "0 start: nothing -> proceeding, next 200",
        "10 486: send-response 486 -> completed, next 32010",
        "20 ACK: nothing -> terminated, next never",
      ],
    ],
    [
      "absorbs an accepted INVITE for 64 T1 and lets the user repeat its 2xx",
      true,
      [
        [0, "start"],
        [10, 200],
        [20, "request"],
        [30, 200],
        [40, "ACK"],
        [32_010, "time"],
      ],
      [
        "0 start: nothing -> proceeding, next 200",
        "10 200: send-response 200 -> accepted, next 32010",
        "20 request: nothing -> accepted, next 32010",
        "30 200: send-response 200 -> accepted, next 32010",
        "40 ACK: pass-ack -> accepted, next 32010",
        "32010 time: nothing -> terminated, next never",
      ],
    ],
  ] as const)("%s", (_name, reliable, script, expected) => {
    expect(play(inviteServer, reliable, script)).toEqual(expected);
  });
});
