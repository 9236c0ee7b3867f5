/** Actions of session mode (`actions.ts`). */
import { z } from "zod";
import type { SessionAction } from "./actions.ts";
import { imAddress } from "./im-address-schema.ts";

const session = z
  .string()
  .min(1)
  .exactOptional()
  .meta({ description: "Name of the session; without one, the session that was started or accepted last" });
const addresses = z.array(imAddress).min(1).readonly();
const anonymous = z.boolean().exactOptional().meta({ description: "Ask for privacy of the identity" });
const alias = z
  .string()
  .exactOptional()
  .meta({ description: "Chat alias: how the others shall see the user" });
const acceptTypes = z
  .array(z.string().min(1))
  .min(1)
  .readonly()
  .exactOptional()
  .meta({ description: "Media types that the client takes in the session" });
const maxSize = z
  .int()
  .positive()
  .exactOptional()
  .meta({ description: "Octets of the largest message that the client takes" });
const status = z.int().min(300).max(699).exactOptional().meta({ description: "Of the refusal; default 480" });

const start = z
  .strictObject({
    action: z.literal("start-session"),
    session,
    to: addresses,
    toKind: z.enum(["user", "list", "group"]).meta({
      description:
        "user: one-to-one, straight to the user; list: an ad-hoc conference of these users; group: a pre-defined group or a public conference",
    }),
    anonymous,
    alias,
    acceptTypes,
    maxSize,
  })
  .readonly()
  .meta({ description: "Start an IM session" });

const rejoin = z
  .strictObject({
    action: z.literal("rejoin-session"),
    session,
    identity: imAddress
      .exactOptional()
      .meta({ description: "The IM Session Identity; without one, that which the client has stored" }),
    anonymous,
    alias,
    acceptTypes,
  })
  .readonly()
  .meta({ description: "Join a conference again that was left or that ended" });

const extend = z
  .strictObject({
    action: z.literal("extend-session"),
    session,
    to: addresses,
    as: z.string().min(1).exactOptional().meta({ description: "Name of the conference" }),
  })
  .readonly()
  .meta({ description: "Make a conference of a one-to-one session, with these users as well" });

const answerInvitations = z
  .strictObject({
    action: z.literal("answer-invitations"),
    session,
    answer: z.enum(["accept", "ring", "refuse", "silence"]).meta({
      description: "ring: until accept-invitation or refuse-invitation; silence: nothing at all is sent",
    }),
    status,
    ringMs: z.int().nonnegative().exactOptional().meta({
      description: "How long it rings before it is accepted or refused, in milliseconds",
    }),
    refuseAnonymous: z
      .boolean()
      .exactOptional()
      .meta({ description: "Whoever hides the identity is refused" }),
    acceptTypes,
    maxSize,
  })
  .readonly()
  .meta({ description: "How invitations to sessions are answered from now on" });

const send = z
  .strictObject({
    action: z.literal("send-in-session"),
    session,
    text: z.string(),
    to: addresses
      .exactOptional()
      .meta({ description: "Participants who alone shall get it; without them it is for everybody" }),
    report: z
      .array(z.enum(["success", "failure", "final"]))
      .readonly()
      .exactOptional()
      .meta({ description: "success, failure: reports of MSRP; final: a Final Delivery Report" }),
    bytes: z
      .int()
      .positive()
      .exactOptional()
      .meta({ description: "Octets of the text, which is filled up to them" }),
    chunkBytes: z.int().positive().exactOptional().meta({ description: "Octets of a chunk at most" }),
    contentType: z.string().exactOptional().meta({ description: "Type of the text; default text/plain" }),
    attachment: z
      .boolean()
      .exactOptional()
      .meta({ description: "Not to be shown before the receiver wants it" }),
    externalContent: z
      .string()
      .exactOptional()
      .meta({ description: "Refer to the content at this URL in place of the text" }),
    ends: z.enum(["abort", "hold", "drop-connection"]).exactOptional().meta({
      description:
        "After afterBytes octets the message is given up, left without an end, or its connection is broken off",
    }),
    afterBytes: z.int().nonnegative().exactOptional(),
  })
  .readonly()
  .meta({ description: "Send a message in a session" });

const named = <Name extends SessionAction["action"], Shape extends z.ZodRawShape>(
  name: Name,
  description: string,
  shape: Shape,
) =>
  z
    .strictObject({ action: z.literal(name), session, ...shape })
    .readonly()
    .meta({ description });

export const sessionActions = [
  start,
  rejoin,
  extend,
  named("cancel-session", "Give an invitation up that has no answer yet", {}),
  named("leave-session", "Leave a session", {}),
  named("modify-session", "Offer other media parameters for a session", { acceptTypes, maxSize }),
  named("refresh-session", "Refresh a session before its timer runs out", {}),
  answerInvitations,
  named("accept-invitation", "Accept the invitation that rings", {}),
  named("refuse-invitation", "Refuse the invitation that rings", { status }),
  named("add-participants", "Have these users invited into a conference", { to: addresses, anonymous }),
  named("remove-participant", "Have a user removed from a conference", { user: imAddress }),
  named("subscribe-participants", "Watch who takes part in a conference", {
    identity: imAddress
      .exactOptional()
      .meta({ description: "IM Session Identity or IM Group Identity; without one, that of the session" }),
  }),
  named("unsubscribe-participants", "Stop watching who takes part in a conference", {}),
  send,
  named("show-composing", "Tell the others that the user writes, or no longer does", {
    state: z.enum(["active", "idle"]),
  }),
] as const satisfies readonly z.ZodType<SessionAction>[];
