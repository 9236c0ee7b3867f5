import { describe, expect, it } from "vitest";
import { ACTION_NAMES, clientActionSchema } from "../spec/actions-schema.ts";
import type { SessionAction } from "../spec/actions.ts";
import { instructionFor } from "./manual-trigger.ts";

const bob = "sip:bob@home.example";
const ted = "sip:ted@home.example";

const CASES: readonly (readonly [SessionAction, string])[] = [
  [
    { action: "start-session", to: [bob], toKind: "user", session: "one" },
    `Start a one-to-one session with ${bob} (it is called "one" from now on).`,
  ],
  [
    { action: "start-session", to: [bob, ted], toKind: "list", anonymous: true, alias: "Fox" },
    `Start a conference with ${bob}, ${ted}, anonymously, as "Fox".`,
  ],
  [
    { action: "start-session", to: ["sip:g@h"], toKind: "group", acceptTypes: ["message/cpim"], maxSize: 9 },
    "Join the group sip:g@h, taking message/cpim, with messages of 9 octets at most.",
  ],
  [{ action: "rejoin-session", session: "one" }, 'Join the session "one" again.'],
  [{ action: "rejoin-session", identity: "sip:c@h", anonymous: true }, "Join sip:c@h again, anonymously."],
  [
    { action: "extend-session", session: "one", to: [ted] },
    `Make a conference of the one-to-one session "one", with ${ted} as well.`,
  ],
  [{ action: "cancel-session" }, "Give the invitation to the session up, before it is answered."],
  [{ action: "leave-session" }, "Leave the session."],
  [{ action: "modify-session", maxSize: 5 }, "Change the session, with messages of 5 octets at most."],
  [{ action: "refresh-session" }, "Have the client refresh the session."],
  [
    { action: "answer-invitations", answer: "refuse", status: 486, ringMs: 2000 },
    "Refuse invitations to sessions from now on after 2 s of ringing with 486.",
  ],
  [
    { action: "answer-invitations", answer: "accept", refuseAnonymous: true },
    "Accept invitations to sessions from now on. Refuse those of users who hide their identity.",
  ],
  [{ action: "accept-invitation" }, "Accept the invitation that rings."],
  [{ action: "refuse-invitation" }, "Refuse the invitation that rings."],
  [{ action: "add-participants", to: [bob, ted] }, `Add ${bob}, ${ted} to the session.`],
  [{ action: "remove-participant", user: bob }, `Remove ${bob} from the session.`],
  [{ action: "subscribe-participants" }, "Have the client show who takes part in the session."],
  [{ action: "unsubscribe-participants" }, "Have the client stop showing who takes part in the session."],
  [
    { action: "send-in-session", text: "hi", to: [bob], report: ["final", "success"], attachment: true },
    `Send in the session privately to ${bob}, with a Final Delivery Report, with a delivery report, as an attachment this text: hi`,
  ],
  [
    { action: "send-in-session", text: "hi", bytes: 10, ends: "abort", afterBytes: 5 },
    "Send in the session filled up to 10 octets, and give it up after 5 octets this text: hi",
  ],
  [{ action: "show-composing", state: "idle" }, "Stop writing in the session."],
];

describe("what a person is asked in session mode", () => {
  it.each(CASES)("%j", (action, instruction) => {
    expect(clientActionSchema.safeParse(action).success).toBe(true);
    expect(instructionFor(action)).toBe(instruction);
  });

  it("has a case for each of its actions", () => {
    const tested = new Set<string>(CASES.map(([{ action }]) => action));
    const first = ACTION_NAMES.indexOf("start-session");
    const names = ACTION_NAMES.slice(first, ACTION_NAMES.indexOf("show-composing") + 1);
    expect(names.filter((name) => !tested.has(name))).toEqual([]);
  });
});
