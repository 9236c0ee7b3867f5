/** What servers do wrong, each in a few lines, and what must come of it. */
import { withHeader } from "../../wire/sip/edit.ts";
import { serializeSip } from "../../wire/sip/serialize.ts";
import { header } from "../../wire/sip/headers.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import type { Behaviour, Wire } from "./hostile-server.ts";

export interface HostileCase {
  readonly name: string;
  readonly transport: "udp" | "tcp";
  readonly behaviour: Behaviour;
  /** Statements that are proven violated. */
  readonly fails?: readonly string[];
  /** Keeps Scrim itself busy. */
  readonly busy?: boolean;
  /** Nobody is there. */
  readonly absent?: boolean;
  /** By their names; a few ordinary ones unless told. */
  readonly scenarios?: readonly string[];
  readonly lanes?: number;
  /** Verdicts of the scenarios in their order, where they are certain. */
  readonly verdicts?: readonly string[];
  /** What a note or the reason of a scenario says. */
  readonly says?: RegExp;
  /** How often the SUT is said to be dead. */
  readonly diagnoses?: number;
}

/** Only what is asked of messages; the rest is left to the decent server. */
function onMessage(act: (request: SipRequest, wire: Wire) => void): Behaviour {
  return (request, wire) => {
    if (request.method !== "MESSAGE") return false;
    act(request, wire);
    return true;
  };
}

function also(act: (request: SipRequest, wire: Wire) => void): Behaviour {
  return onMessage((request, wire) => {
    act(request, wire);
    wire.forward();
  });
}

/** The response that would have been right, as text, with something done to it. */
function answerText(request: SipRequest, extra: string, length: string, body: string): string {
  const copied = ["Via", "From", "To", "Call-ID", "CSeq"].map((name) => `${name}: ${header(request, name) ?? ""}`);
  return ["SIP/2.0 200 OK", ...copied, ...(extra === "" ? [] : [extra]), `Content-Length: ${length}`, "", body].join("\r\n");
}

/** A request of the server's own, to the sender of the message. */
function ownRequest(method: string, request: SipRequest, extra: readonly string[] = []): string {
  const from = header(request, "From") ?? "";
  const own = `z9hG4bK-own-${method}-${Math.random().toString(36).slice(2)}`;
  return [
    `${method} sip:alice@home.example SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:9;rport;branch=${own}`,
    `From: <sip:psi@home.example>;tag=x`,
    `To: ${from.replace(/;tag=.*/u, "")}`,
    `Call-ID: ${own}`,
    `CSeq: 1 ${method}`,
    "Max-Forwards: 70",
    ...extra,
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");
}

function repeated(times: number, act: (index: number) => void): void {
  for (let index = 0; index < times; index += 1) act(index);
}

const TEN_MB = "x".repeat(10_000_000);

const DEAD = {
  verdicts: ["not-run", "not-run"],
  diagnoses: 1,
  says: /does not answer OPTIONS/u,
} as const;

export const hostileCases: readonly HostileCase[] = [
  { name: "is decent", transport: "udp", behaviour: () => false },
  { name: "never answers a MESSAGE", transport: "udp", behaviour: onMessage(() => undefined) },
  { name: "never answers a MESSAGE over TCP", transport: "tcp", behaviour: onMessage(() => undefined) },
  {
    name: "never answers PUBLISH",
    transport: "udp",
    behaviour: ({ method }) => method === "PUBLISH",
  },
  {
    name: "never answers the third-party REGISTER",
    transport: "udp",
    behaviour: ({ method }) => method === "REGISTER",
  },
  {
    name: "answers after the guard is over",
    transport: "udp",
    behaviour: onMessage((_request, wire) => wire.later(1100, () => wire.answer(200))),
  },
  { name: "answers 100 and nothing more", transport: "udp", behaviour: onMessage((_request, wire) => wire.answer(100)) },
  {
    name: "closes the connection in mid message",
    transport: "tcp",
    behaviour: onMessage((request, wire) => {
      wire.raw(answerText(request, "", "0", "").slice(0, 90));
      wire.hangUp();
    }),
    fails: ["SIP-readable"],
  },
  {
    name: "closes the connection at every MESSAGE",
    transport: "tcp",
    behaviour: onMessage((_request, wire) => wire.hangUp()),
  },
  {
    name: "sends garbage in place of an answer",
    transport: "udp",
    behaviour: onMessage((_request, wire) => wire.raw(Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x0d, 0x0a, 0x41]))),
    fails: ["SIP-readable"],
  },
  {
    name: "sends garbage over TCP",
    transport: "tcp",
    behaviour: onMessage((_request, wire) => wire.raw("GET / HTTP/1.1\r\nHost: x\r\n\r\n")),
    fails: ["SIP-readable"],
  },
  {
    name: "sends a header of 10 MB",
    transport: "tcp",
    behaviour: onMessage((request, wire) => wire.raw(answerText(request, `X-Long: ${TEN_MB}`, "0", ""))),
    fails: ["SIP-readable"],
  },
  {
    name: "sends a header that nearly fills a datagram",
    transport: "udp",
    behaviour: onMessage((request, wire) => wire.raw(answerText(request, `X-Long: ${"x".repeat(60_000)}`, "0", ""))),
    fails: ["SIP-readable"],
  },
  {
    name: "sends ten thousand header fields",
    transport: "tcp",
    behaviour: onMessage((request, wire) => wire.raw(answerText(request, "X: y\r\n".repeat(10_000).trimEnd(), "0", ""))),
    fails: ["SIP-readable"],
  },
  {
    name: "states a Content-Length that is too long",
    transport: "udp",
    behaviour: onMessage((request, wire) => wire.raw(answerText(request, "Content-Type: text/plain", "900", "short"))),
    fails: ["SIP-readable"],
  },
  {
    name: "states a Content-Length that is too long over TCP",
    transport: "tcp",
    behaviour: onMessage((request, wire) => wire.raw(answerText(request, "Content-Type: text/plain", "900", "short"))),
  },
  {
    name: "states a Content-Length that is too short",
    transport: "udp",
    behaviour: onMessage((request, wire) => wire.raw(answerText(request, "Content-Type: text/plain", "2", "longer than that"))),
    fails: ["SIP-body"],
  },
  {
    name: "states a Content-Length that is too short over TCP",
    transport: "tcp",
    behaviour: onMessage((request, wire) => wire.raw(answerText(request, "Content-Type: text/plain", "2", "longer than that\r\n\r\n"))),
    fails: ["SIP-readable"],
  },
  {
    name: "answers what nobody asked",
    transport: "udp",
    behaviour: also((request, wire) =>
      wire.raw(
        answerText(request, "", "0", "")
          .replace(/branch=\S+/u, "branch=z9hG4bK-nobody")
          .replace(/Call-ID: .*/u, "Call-ID: nobody"),
      ),
    ),
  },
  {
    name: "answers twice with different finals",
    transport: "udp",
    behaviour: onMessage((_request, wire) => {
      wire.answer(403);
      wire.answer(200);
    }),
  },
  ...["FROBNICATE", "NOTIFY", "OPTIONS", "INVITE", "CANCEL"].map((method): HostileCase => ({
    name: `sends ${method}, for which nobody asked`,
    transport: "udp",
    behaviour: also((request, wire) => wire.raw(ownRequest(method, request, method === "NOTIFY" ? ["Event: reg"] : []))),
  })),
  {
    name: "sends a storm of two thousand messages",
    busy: true,
    says: /more than 2000 messages/u,
    transport: "udp",
    behaviour: also((_request, wire) => {
      if (wire.earlier > 0) return;
      repeated(2000, (index) => wire.raw(serializeSip(wire.onward(`z9hG4bK-storm-${index}`))));
    }),
  },
  {
    name: "sends a message again with another branch",
    transport: "udp",
    behaviour: also((_request, wire) => wire.raw(serializeSip(wire.onward("z9hG4bK-again")))),
  },
  {
    name: "sends lone CRs and NULs in a header field",
    transport: "udp",
    behaviour: onMessage((request, wire) => wire.raw(answerText(request, "X-Odd: a\rb\0c", "0", ""))),
    fails: ["SIP-readable"],
  },
  {
    name: "forwards with header fields that are none",
    transport: "udp",
    behaviour: onMessage((_request, wire) =>
      wire.forward((request) =>
        withHeader(withHeader(request, "Accept-Contact", "*;;=,,"), "P-Asserted-Identity", "<<<not an address"),
      ),
    ),
    fails: ["SIP-headers"],
  },
  {
    name: "forwards with a broken From",
    transport: "udp",
    behaviour: onMessage((_request, wire) => wire.forward((request) => withHeader(request, "From", '"<sip:@;;tag'))),
    fails: ["SIP-headers"],
  },
  {
    name: "answers with a broken CSeq",
    transport: "udp",
    behaviour: onMessage((_request, wire) => wire.answer(200, (response) => withHeader(response, "CSeq", "many MESSAGE"))),
  },
  {
    name: "answers with a broken Via",
    transport: "udp",
    behaviour: onMessage((_request, wire) => wire.answer(200, (response) => withHeader(response, "Via", ";;;"))),
  },
  { name: "is not there", transport: "udp", behaviour: () => false, absent: true, ...DEAD },
  { name: "is not there, over TCP", transport: "tcp", behaviour: () => false, absent: true, ...DEAD },
  {
    name: "answers nothing at all",
    transport: "udp",
    behaviour: () => true,
    ...DEAD,
  },
  {
    name: "dies at the first message",
    transport: "udp",
    behaviour: onMessage((_request, wire) => wire.die()),
    verdicts: ["inconclusive", "not-run"],
    diagnoses: 1,
    says: /does not answer/u,
  },
  {
    name: "dies at the first message, with several scenarios under way",
    transport: "tcp",
    behaviour: onMessage((_request, wire) => wire.die()),
    lanes: 2,
    verdicts: ["inconclusive", "inconclusive"],
    says: /does not answer/u,
  },
  {
    name: "floods what belongs to nobody",
    transport: "udp",
    busy: true,
    behaviour: also((_request, wire) => {
      if (wire.earlier === 0) repeated(1500, (index) => wire.raw(strayMessage(index)));
    }),
    says: /further messages belong to no scenario/u,
  },
];

function strayMessage(index: number): string {
  return [
    "MESSAGE sip:nobody@elsewhere.example SIP/2.0",
    `Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK-stray-${index}`,
    "From: <sip:nobody@elsewhere.example>;tag=x",
    "To: <sip:nobody@elsewhere.example>",
    `Call-ID: stray-${index}`,
    "CSeq: 1 MESSAGE",
    "Max-Forwards: 70",
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");
}
