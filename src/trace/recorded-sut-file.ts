/**
 * The SUT file as it stands in a run record, after its defaults were put in. Members are checked by type only: what they may say was checked
 * when the run began.
 */
import { z } from "zod";

const text = z.string();
const texts = z.array(z.string());
const count = z.number().nonnegative();
const transport = z.enum(["udp", "tcp", "tls"]);

const trigger = z.looseObject({
  kind: z.enum(["http", "stdio", "command", "manual", "reference"]),
  url: text.optional(),
  command: text.optional(),
  args: texts.optional(),
  commands: z.record(z.string(), z.string()).optional(),
  timeoutMs: count.optional(),
});

const server = z.looseObject({
  node: text,
  functions: texts,
  originating: text,
  terminating: text,
  psi: text,
  transport,
  originalDialogToken: z.boolean(),
  thirdPartyRegister: z.boolean(),
  serviceUris: z.looseObject({
    conferenceFactory: text,
    exploder: text,
    unallocatedFactory: text,
    unallocatedGroup: text,
    endedSession: text,
    ongoingSession: z.looseObject({ uri: text, participants: texts }).optional(),
    systemSender: text,
  }),
  policy: z.looseObject({
    adHocMaximum: count,
    originatorCounts: z.boolean(),
    refusedTypes: texts,
    maximumBytes: count,
    supportedReleases: texts,
    uriListService: z.boolean(),
    // Records of before sessions were judged have none of these.
    sessionMode: z.enum(["b2bua", "proxy"]).optional(),
    mediaPath: z.boolean().optional(),
    privateMessages: z.boolean().optional(),
    autoRelease: z.boolean().optional(),
    answersEarly: z.boolean().optional(),
    sessionMaximumS: count.optional(),
    remainingParticipants: count.optional(),
    sessionIntervalS: count.optional(),
    minimumIntervalS: count.optional(),
    refusedSessionTypes: texts.optional(),
    sessionMaximumBytes: count.optional(),
  }),
  timers: z.looseObject({ ts1Ms: count, ts2Ms: count }),
  control: trigger.optional(),
  configurationSets: z.array(
    z.looseObject({ name: text, description: text, by: z.enum(["always", "control", "hand"]) }),
  ),
  start: text.optional(),
});

const client = z.looseObject({
  node: text,
  trigger,
  user: text,
  transport,
  conferenceFactory: text,
  congestionSafe: z.boolean(),
  ongoingSession: text.optional(),
  start: text.optional(),
});

export const recordedSutFile = z
  .looseObject({
    scrim: z.literal(1),
    identification: z.looseObject({
      product: text,
      version: text,
      vendor: text,
      tester: text,
      document: text,
    }),
    ics: z.looseObject({ claimed: texts, denied: texts }),
    profiles: z.looseObject({ ims: z.boolean() }),
    core: z.looseObject({
      kind: z.enum(["scrim", "external"]),
      bind: text,
      advertised: text,
      port: count,
      homeDomain: text,
      remoteDomain: text,
      registrationExpiresS: count,
      digest: z.boolean(),
      udpLimitBytes: count,
    }),
    dns: z.looseObject({ servers: texts }).optional(),
    tls: z.looseObject({ port: count, verify: text, mutual: z.boolean(), minVersion: text }).optional(),
    xdm: z.looseObject({ kind: z.enum(["scrim", "vendor"]), bind: text, port: count, root: text }),
    server: server.optional(),
    client: client.optional(),
    users: z.array(
      z.looseObject({
        impu: text,
        impi: text,
        password: text.optional(),
        aka: z
          .looseObject({
            k: text,
            op: text.optional(),
            opc: text.optional(),
            amf: text,
            sqn: text.optional(),
          })
          .optional(),
        tel: text.optional(),
        properties: texts,
      }),
    ),
    groups: z.array(
      z.looseObject({
        uri: text,
        members: texts,
        writable: z.boolean(),
        allowAnonymity: z.boolean(),
        supportsIm: z.boolean(),
      }),
    ),
    guards: z.looseObject({
      responseMs: count,
      quietMs: count,
      actionMs: count,
      notifyMs: count,
      scenarioMs: count,
    }),
    interpretations: z.record(z.string(), z.string()),
  })
  .refine(nestsLittle, "nested too deep");

const MAX_NESTING = 32;

/** Whether a value can be written as JSON again without overflowing the stack; walks level by level, to need no stack itself. */
export function nestsLittle(value: unknown): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth >= MAX_NESTING) return false;
    level = level.flatMap((item) => (typeof item === "object" && item !== null ? Object.values(item) : []));
  }
  return true;
}
