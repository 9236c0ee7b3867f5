/** The schema of the action vocabulary: what a trigger sends and what a driver answers. Published as `docs/actions.schema.json`. */
import { z } from "zod";
import { serverSessionActions } from "./server-session-actions-schema.ts";
import { sessionActions } from "./session-actions-schema.ts";
import { imAddress } from "./im-address-schema.ts";
import {
  ACTIONS_VERSION,
  type Action,
  type ActionAnswer,
  type ClientAction,
  type ServerAction,
} from "./actions.ts";

const settings = z
  .strictObject({
    barSessions: z.boolean().meta({ description: "Invitations to sessions are refused" }),
    barMessages: z.boolean().meta({ description: "Pager and large messages are refused" }),
    invisible: z.boolean().meta({ description: "Others do not see the user" }),
    offlineDelivery: z
      .boolean()
      .meta({ description: "Stored messages are pushed when the user comes on-line" }),
    recordSessions: z.boolean().meta({ description: "Sessions are stored" }),
    recordMessages: z.boolean().meta({ description: "Pager and large messages are stored" }),
  })
  .readonly();

const sendMessage = z
  .strictObject({
    action: z.literal("send-message"),
    to: z
      .array(imAddress)
      .min(1)
      .readonly()
      .meta({ description: "Several users make a URI-list; a group or a session stands alone" }),
    toKind: z.enum(["user", "group", "session"]),
    text: z.string(),
    anonymous: z.boolean().exactOptional().meta({ description: "Ask for privacy of the identity" }),
    report: z
      .array(z.enum(["positive-delivery", "negative-delivery", "display"]))
      .readonly()
      .exactOptional()
      .meta({ description: "Ask for delivery notifications" }),
    externalContent: z
      .string()
      .exactOptional()
      .meta({ description: "Refer to the content at this URL in place of the text" }),
    contentType: z.string().exactOptional().meta({ description: "Type of the text; default text/plain" }),
  })
  .readonly()
  .meta({ description: "Send a pager-mode message" });

const simple = <Name extends string>(name: Name, description: string) =>
  z
    .strictObject({ action: z.literal(name) })
    .readonly()
    .meta({ description });

const reset = simple("reset", "End what is open and forget the scenario");

export const clientActionSchema = z.union([
  simple("register", "Register with the core as an IM client"),
  simple("refresh-registration", "Renew the registration before it expires"),
  simple("leave-im-service", "Leave the IM service; the terminal stays registered with the core"),
  simple("deregister", "Leave the core"),
  z
    .strictObject({ action: z.literal("publish-settings"), settings })
    .readonly()
    .meta({ description: "Publish the service settings" }),
  sendMessage,
  ...sessionActions,
  simple("report-inbox", "Tell what the user has been shown since the last such question"),
  reset,
]) satisfies z.ZodType<ClientAction>;

export const serverActionSchema = z.union([
  z
    .strictObject({ action: z.literal("configure"), set: z.string().min(1) })
    .readonly()
    .meta({ description: "Bring the server into a configuration set" }),
  z
    .strictObject({
      action: z.literal("send-system-message"),
      to: z.array(imAddress).min(1).readonly(),
      text: z.string(),
      externalContent: z
        .string()
        .exactOptional()
        .meta({ description: "Content that is large or asks for interaction lies at this URL" }),
      responseRequired: z.boolean().meta({ description: "The user has to answer within Ts1" }),
    })
    .readonly()
    .meta({ description: "Send a system message to users of the server" }),
  ...serverSessionActions,
  reset,
  simple("dump-state", "Write what the server knows to its log"),
]) satisfies z.ZodType<ServerAction>;

export const actionSchema: z.ZodType<Action> = z.union([clientActionSchema, serverActionSchema]);

const inboxEntry = z
  .strictObject({
    from: z.string(),
    kind: z.enum([
      "message",
      "system-message",
      "group-advertisement",
      "delivery-report",
      "session-message",
      "private-message",
      "final-report",
      "invitation",
    ]),
    text: z.string(),
    subject: z.string().exactOptional(),
  })
  .readonly();

export const actionAnswerSchema = z
  .strictObject({
    version: z.literal(ACTIONS_VERSION),
    ok: z.boolean(),
    code: z
      .enum(["unsupported", "failed"])
      .exactOptional()
      .meta({ description: "With ok false: the SUT cannot do this, or it went wrong" }),
    says: z.string().exactOptional().meta({ description: "A sentence for people" }),
    inbox: z.array(inboxEntry).readonly().exactOptional().meta({ description: "The answer to report-inbox" }),
  })
  .readonly() satisfies z.ZodType<ActionAnswer>;

/** Every word of the vocabulary. */
export const ACTION_NAMES = [
  "register",
  "refresh-registration",
  "leave-im-service",
  "deregister",
  "publish-settings",
  "send-message",
  "start-session",
  "rejoin-session",
  "extend-session",
  "cancel-session",
  "leave-session",
  "modify-session",
  "refresh-session",
  "answer-invitations",
  "accept-invitation",
  "refuse-invitation",
  "add-participants",
  "remove-participant",
  "subscribe-participants",
  "unsubscribe-participants",
  "send-in-session",
  "show-composing",
  "report-inbox",
  "reset",
  "configure",
  "send-system-message",
  "cancel-invitations",
  "limit-session",
  "announce",
  "change-session-media",
  "group-changed",
  "dump-state",
] as const satisfies readonly Action["action"][];
