/** How much the SUT may send before Scrim gives up on it, as a SUT file says it; what is not said has its default (docs/limits.md). */
import { z } from "zod";

const GIBIBYTE = 1_073_741_824;

const bytes = (description: string) =>
  z
    .int("whole bytes")
    .min(256, "at least 256 bytes")
    .max(GIBIBYTE, "at most 1 GiB")
    .exactOptional()
    .meta({ description });

export const limitsSchema = z
  .strictObject({
    sip: z
      .strictObject({
        headBytes: bytes("Start line and header fields of a SIP message"),
        headerBytes: bytes("One header field with its continuation lines"),
        headers: z
          .int("a whole number")
          .min(16, "at least 16 header fields")
          .max(1_000_000, "at most a million header fields")
          .exactOptional()
          .meta({ description: "Number of header fields of a SIP message" }),
        bodyBytes: bytes("Body of a SIP message"),
      })
      .exactOptional(),
    http: z
      .strictObject({
        headBytes: bytes("Start line and headers of an XCAP request, with chunk extensions and trailer"),
        bodyBytes: bytes("Body of an XCAP request"),
      })
      .exactOptional(),
  })
  .meta({
    description:
      "How much the SUT may send before Scrim gives up on it: default and effect of each in docs/limits.md",
  });

export type LimitEntries = z.infer<typeof limitsSchema>;
