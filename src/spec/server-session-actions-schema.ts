/** Actions of a server in session mode (`actions.ts`). */
import { z } from "zod";
import type { ServerSessionAction } from "./actions.ts";
import { imAddress } from "./im-address-schema.ts";

const session = imAddress.meta({ description: "The IM Session Identity, or the IM Group Identity" });

export const serverSessionActions = [
  z
    .strictObject({ action: z.literal("cancel-invitations"), session })
    .readonly()
    .meta({ description: "Cancel the invitations that have no final response yet" }),
  z
    .strictObject({
      action: z.literal("limit-session"),
      session,
      seconds: z.int().min(0).meta({ description: "From now" }),
    })
    .readonly()
    .meta({ description: "Release the session when it has lasted so much longer" }),
  z
    .strictObject({
      action: z.literal("announce"),
      session,
      kind: z.enum(["system-message", "announcement", "advertisement"]),
      text: z.string(),
      to: z.array(imAddress).min(1).readonly().exactOptional().meta({ description: "Default: everybody" }),
      externalContent: z
        .string()
        .exactOptional()
        .meta({ description: "Refer to the content at this URL in place of the text" }),
    })
    .readonly()
    .meta({ description: "Send a system message into the session" }),
  z
    .strictObject({
      action: z.literal("change-session-media"),
      session,
      acceptTypes: z.array(z.string().min(1)).min(1).readonly(),
    })
    .readonly()
    .meta({ description: "Offer other media parameters to the participants" }),
  z
    .strictObject({ action: z.literal("group-changed"), group: imAddress })
    .readonly()
    .meta({ description: "Look at the document of the group again: it was changed or deleted" }),
] as const satisfies readonly z.ZodType<ServerSessionAction>[];
