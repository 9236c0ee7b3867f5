/**
 * The schema of a SUT file as a person writes it: what may be left out is optional here and filled in by `sut-file-defaults.ts`.
 * The descriptions stand in the published JSON Schema and in the errors, as advice.
 */
import { z } from "zod";
import { ACTION_NAMES } from "./actions-schema.ts";
import { GROUP_ACTIONS } from "./group-rules.ts";
import { limitsSchema } from "./limits-schema.ts";
import { sessionPolicyShape } from "./session-policy.ts";

export const SPECIFICATION = "OMA-TS-SIMPLE_IM-V1_0-20070816-C";

const SIP_URI =
  /^sips?:(?:[^@\s;?<>]+@)?(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(?::\d{1,5})?(?:[;?][^\s<>]*)?$/;

const sipUri = z.string().regex(SIP_URI, "a SIP URI, such as sip:alice@home.example");
const telUri = z.string().regex(/^tel:\+?[0-9().-]+(?:;\S*)?$/, "a tel URI, such as tel:+46701234567");
const text = z.string().min(1, "a text that is not empty");
const host = z.string().regex(/^(?:[A-Za-z0-9.-]+|[0-9A-Fa-f:.]+)$/, "a host name or an IP address");
const domain = z
  .string()
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/, "a domain name, such as home.example");
const port = z.int("a whole number").min(1, "a port from 1 to 65535").max(65535, "a port from 1 to 65535");
const milliseconds = z
  .int("whole milliseconds")
  .min(1, "milliseconds, at least 1")
  .max(3_600_000, "at most one hour, 3600000");
const url = z.string().regex(/^https?:\/\/\S+$/, "an http or https URL");
const transport = z.enum(["udp", "tcp", "tls"]);
const command = text.meta({ description: "A command of the shell" });

const timeout = (ms: number) =>
  milliseconds.default(ms).meta({ description: "How long the answer may take, in milliseconds" });

export const triggerSchema = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("http"), url, timeoutMs: timeout(10_000) }),
    z.strictObject({
      kind: z.literal("stdio"),
      command,
      args: z.array(z.string()).default([]),
      timeoutMs: timeout(10_000),
    }),
    z.strictObject({
      kind: z.literal("command"),
      commands: z.partialRecord(z.enum(ACTION_NAMES), command),
      timeoutMs: timeout(10_000),
    }),
    z.strictObject({ kind: z.literal("manual"), timeoutMs: timeout(120_000) }),
    z.strictObject({ kind: z.literal("reference") }),
  ])
  .meta({
    description:
      "How Scrim makes the SUT act: http, stdio, command, manual or reference, in the words of docs/actions.schema.json",
  });

/** `bytes` octets in hexadecimal digits. YAML reads digits alone as a number, and leading zeros are lost then: hence the quotes. */
const octets = (bytes: number) =>
  z
    .string(`${bytes * 2} hexadecimal digits in quotes`)
    .regex(new RegExp(`^[0-9A-Fa-f]{${bytes * 2}}$`), `${bytes * 2} hexadecimal digits in quotes`);

const akaSchema = z
  .strictObject({
    k: octets(16).meta({ description: "K, the key of the subscriber" }),
    opc: octets(16).exactOptional().meta({ description: "OPc; or op" }),
    op: octets(16)
      .exactOptional()
      .meta({ description: "OP of the operator, from which OPc follows; or opc" }),
    amf: octets(2).default("0000").meta({ description: "Authentication management field" }),
    sqn: octets(6)
      .exactOptional()
      .meta({ description: "The sequence number that was used last; where it is wrong, AKA synchronises" }),
  })
  .refine(({ op, opc }) => (op === undefined) !== (opc === undefined), "one of op and opc")
  .meta({
    description:
      "A USIM, for AKAv1-MD5 with Milenage: REGISTER is challenged with it, and a simulated client answers with it",
  });

const years = z.int("whole years").min(0).max(150, "at most 150 years");

const userSchema = z.strictObject({
  impu: sipUri.meta({
    description: "IM Address: the public SIP identity of a subscriber that exists at the SUT",
  }),
  impi: text
    .exactOptional()
    .meta({ description: "Private identity; default: the IM Address without its scheme" }),
  password: text.exactOptional().meta({ description: "For digest authentication with Scrim's core" }),
  aka: akaSchema.exactOptional(),
  tel: telUri.exactOptional(),
  age: years.exactOptional().meta({
    description: "How old the user is by the profile at the SUT, where the XDM servers are the vendor's",
  }),
  properties: z
    .array(
      z.enum([
        "unauthorised",
        "not-authorised-to-publish",
        "unregistered",
        "remote",
        "minor",
        "anonymity-not-allowed",
      ]),
    )
    .default([])
    .meta({
      description:
        "What the user is at the SUT beside an ordinary subscriber; scenarios that need such a user lease this one",
    }),
});

const groupSchema = z.strictObject({
  uri: sipUri.meta({ description: "IM Group Identity" }),
  members: z
    .array(sipUri)
    .default([])
    .meta({ description: "Fixed members, where Scrim cannot write the document; none: any" }),
  writable: z
    .boolean()
    .default(true)
    .meta({ description: "Whether Scrim's XDMS gives the group its document in each scenario" }),
  allowAnonymity: z.boolean().default(true),
  supportsIm: z.boolean().default(true),
  denies: z
    .array(z.enum(GROUP_ACTIONS))
    .default([])
    .meta({ description: "Where Scrim cannot write the document: actions that no member is granted" }),
  inviteMembers: z
    .boolean()
    .default(true)
    .meta({ description: "Whether members are invited when a session begins; false: a chat group" }),
  maxParticipantCount: z.int().min(1, "at least 1").exactOptional(),
  age: z
    .strictObject({ from: years.exactOptional(), until: years.exactOptional() })
    .exactOptional()
    .meta({ description: "Age restrictions of the group, in years; the ends belong to the range" }),
});

const configurationSetSchema = z.strictObject({
  name: text,
  description: z.string().default(""),
  by: z.enum(["always", "control", "hand"]).meta({
    description:
      "How the SUT comes into it: always is how it is, control asks its control hook, hand asks the person",
  }),
});

const serviceUris = z.strictObject({
  conferenceFactory: sipUri.meta({
    description: "Conference-factory-URI of the server: the address of URI-lists",
  }),
  exploder: sipUri.exactOptional().meta({ description: "EXPLODER-URI; default: the Conference-factory-URI" }),
  unallocatedFactory: sipUri
    .exactOptional()
    .meta({ description: "A factory that does not exist at the server" }),
  unallocatedGroup: sipUri.exactOptional().meta({ description: "A group that does not exist at the server" }),
  endedSession: sipUri
    .exactOptional()
    .meta({ description: "A session identity that the server allocated once and that has ended" }),
  ongoingSession: z
    .strictObject({ uri: sipUri, participants: z.array(sipUri).min(1, "at least one participant") })
    .exactOptional()
    .meta({
      description:
        "A session of another service, such as PoC, that is on-going; its participants are users of the pool",
    }),
  systemSender: sipUri
    .exactOptional()
    .meta({ description: "The identity under which the server sends system messages" }),
});

const policy = z.strictObject({
  adHocMaximum: z
    .int()
    .min(1, "at least 1")
    .meta({ description: "How many participants an ad-hoc group may have" }),
  originatorCounts: z
    .boolean()
    .default(false)
    .meta({ description: "Whether the sender counts towards that maximum" }),
  refusedTypes: z
    .array(text)
    .default([])
    .meta({ description: "Content types that the operator refuses in pager messages" }),
  maximumBytes: z.int().min(1, "at least 1 byte").default(1_000_000).meta({
    description:
      "The largest body of a pager message that the operator lets pass, in bytes; default: more than a test sends",
  }),
  supportedReleases: z
    .array(text)
    .default(["IM-client/OMA1.0"])
    .meta({ description: "Releases of clients that the server supports" }),
  uriListService: z
    .boolean()
    .default(true)
    .meta({ description: "Whether the server explodes URI-lists in MESSAGE" }),
  ...sessionPolicyShape,
});

const serverSchema = z.strictObject({
  node: text.default("server").meta({ description: "Name of the SUT in reports" }),
  functions: z
    .array(z.enum(["participating", "controlling", "deferred", "history"]))
    .min(1, "at least one function")
    .default(["participating", "controlling"]),
  originating: sipUri.meta({
    description: "Where the core sends originating requests: the URI of the Route header",
  }),
  terminating: sipUri.meta({
    description: "Where the core sends terminating requests: the URI of the Route header",
  }),
  psi: sipUri.meta({ description: "Where the core sends requests for the service URIs and groups" }),
  transport: transport.default("udp"),
  originalDialogToken: z.boolean().default(true).meta({
    description:
      "Whether the server sends requests on with the Route of the core that it came with, token and all",
  }),
  thirdPartyRegister: z
    .boolean()
    .default(true)
    .meta({ description: "Whether the core tells the server of registrations" }),
  serviceUris,
  policy,
  timers: z
    .strictObject({
      ts1Ms: milliseconds
        .default(30_000)
        .meta({ description: "Ts1: how long a user has to answer a system message" }),
      ts2Ms: milliseconds
        .default(10_000)
        .meta({ description: "Ts2: how long delivery notifications are aggregated" }),
    })
    .default({ ts1Ms: 30_000, ts2Ms: 10_000 }),
  control: triggerSchema.exactOptional(),
  configurationSets: z
    .array(configurationSetSchema)
    .default([{ name: "default", description: "as it is", by: "always" }])
    .meta({
      description:
        "Policies that cannot change per scenario, and how the SUT is brought into each; one is called default",
    }),
  start: command.exactOptional().meta({ description: "A command that starts the server, where Scrim can" }),
});

const clientSchema = z.strictObject({
  node: text.default("client").meta({ description: "Name of the SUT in reports" }),
  trigger: triggerSchema,
  user: sipUri.meta({ description: "The user that the client is: the impu of an entry of users" }),
  transport: transport.default("udp"),
  conferenceFactory: sipUri.meta({
    description: "The Conference-factory-URI that the client is provisioned with",
  }),
  congestionSafe: z
    .boolean()
    .default(false)
    .meta({ description: "Whether the client knows that transport is connection-oriented end to end" }),
  ongoingSession: sipUri
    .exactOptional()
    .meta({ description: "A session of another service that the client can be in" }),
  start: command.exactOptional().meta({ description: "A command that starts the client, where Scrim can" }),
});

const tlsSchema = z.strictObject({
  port: port
    .exactOptional()
    .meta({ description: "Where the SUT finds its core over TLS; default: core.port + 1" }),
  certificate: text.exactOptional().meta({
    description: "PEM file with the certificate of Scrim; default: one is made at start",
  }),
  key: text.exactOptional().meta({ description: "PEM file with its key" }),
  ca: text.exactOptional().meta({ description: "PEM file with the authorities that Scrim believes" }),
  verify: z.enum(["none", "chain", "identity"]).exactOptional().meta({
    description:
      "How the certificate of the SUT is looked at: not at all, whether an authority of ca signed it, whether it is also for its address or domain (RFC 5922); default: identity with ca, else none",
  }),
  mutual: z
    .boolean()
    .default(false)
    .meta({ description: "Whether who connects to Scrim must show a certificate that ca has signed" }),
  minVersion: z
    .enum(["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"])
    .default("TLSv1.2")
    .meta({ description: "The oldest version that is spoken; old phones need TLSv1" }),
  keys: z
    .enum(["ec", "rsa"])
    .default("ec")
    .meta({ description: "Kind of the keys that are made at start; old phones need rsa" }),
  servername: text
    .exactOptional()
    .meta({ description: "Name that the SUT is asked for and that its certificate must be for" }),
});

const dnsSchema = z.strictObject({
  servers: z
    .array(z.string().regex(/^[0-9A-Fa-f.:[\]]+$/, "an address, or address and port, such as 192.0.2.53:53"))
    .default([])
    .meta({ description: "Name servers that know the SUT's names; default: those of this machine" }),
  serve: z
    .strictObject({
      bind: host.exactOptional().meta({ description: "Default: that of the core" }),
      port: port.default(53),
    })
    .exactOptional()
    .meta({
      description: "Where Scrim answers for the domains of its core, over UDP and TCP; default: nowhere",
    }),
});

export const sutFileSchema = z.strictObject({
  scrim: z.literal(1).meta({ description: "Version of this format" }),
  identification: z.strictObject({
    product: text,
    version: text,
    vendor: z.string().default(""),
    tester: z.string().default(""),
    document: z
      .literal(SPECIFICATION)
      .default(SPECIFICATION)
      .meta({ description: "The dated document that the SUT is judged by" }),
  }),
  ics: z
    .strictObject({
      claimed: z.array(text).default([]).meta({ description: "Optional SCR items that the SUT implements" }),
      denied: z
        .array(text)
        .default([])
        .meta({ description: "Mandatory SCR items that the SUT does not implement" }),
    })
    .default({ claimed: [], denied: [] }),
  profiles: z.strictObject({ ims: z.boolean().default(false) }).default({ ims: false }),
  core: z.strictObject({
    kind: z.enum(["scrim", "external"]).default("scrim").meta({
      description:
        "Who plays the SIP/IP Core: Scrim, or one of the lab, which Scrim stands before (docs/external-core.md)",
    }),
    address: sipUri.exactOptional().meta({
      description:
        "An external core: where clients register and send to, such as sip:192.0.2.30:5060;transport=udp",
    }),
    serverSide: sipUri.exactOptional().meta({
      description:
        "An external core: where it takes what the server starts by itself, an S-CSCF or I-CSCF; default: address",
    }),
    bind: host
      .default("127.0.0.1")
      .meta({ description: "The address of this machine that Scrim listens on" }),
    advertised: host
      .exactOptional()
      .meta({ description: "The address that the SUT reaches it at; default: bind" }),
    port: port.default(5060).meta({ description: "Where the SUT finds its core, UDP and TCP" }),
    homeDomain: domain,
    remoteDomain: domain
      .default("visited.example")
      .meta({ description: "The domain of users of another operator" }),
    registrationExpiresS: z
      .int()
      .min(60, "at least 60 seconds")
      .max(604_800)
      .default(3600)
      .meta({ description: "Seconds" }),
    digest: z.boolean().default(true).meta({ description: "Whether REGISTER is challenged with digest" }),
    udpLimitBytes: z
      .int()
      .min(500)
      .max(65_000)
      .default(1300)
      .meta({ description: "Above it, requests go over TCP" }),
    keepAliveS: z.int().min(1).max(86_400).exactOptional().meta({
      description:
        "Seconds of silence after which Scrim sends a double CRLF on connections that it opened (RFC 5626 4.4.1); default: never",
    }),
  }),
  dns: dnsSchema.exactOptional().meta({
    description: "Names: whom Scrim asks about the SUT's (RFC 3263), and where it answers for its own",
  }),
  tls: tlsSchema
    .exactOptional()
    .meta({ description: "How Scrim speaks TLS; its core then listens for it beside UDP and TCP" }),
  xdm: z
    .strictObject({
      kind: z.enum(["scrim", "vendor"]).default("scrim"),
      bind: host.exactOptional().meta({ description: "Default: that of the core" }),
      port: port.default(8080),
      root: url
        .exactOptional()
        .meta({ description: "XCAP root as the SUT knows it; default: on bind and port" }),
      proxyRoot: url.exactOptional().meta({
        description:
          "XCAP root of the Aggregation Proxy, by which the SUT reads documents of users of another domain (XDM-8); default: /aggregation-proxy beside the root",
      }),
    })
    .default({ kind: "scrim", port: 8080 }),
  server: serverSchema.exactOptional(),
  client: clientSchema.exactOptional(),
  users: z
    .array(userSchema)
    .min(1, "at least one user")
    .meta({ description: "The pool of subscribers that scenarios lease: at least four ordinary ones" }),
  groups: z.array(groupSchema).default([]),
  guards: z
    .strictObject({
      responseMs: milliseconds.default(33_000).meta({
        description:
          "How long a final response may take: at least Timer F, 32 s, for a SUT that is not the reference",
      }),
      quietMs: milliseconds
        .default(3000)
        .meta({ description: "How long silence must last to count as absence" }),
      actionMs: milliseconds
        .default(10_000)
        .meta({ description: "How long the traffic that a trigger causes may take" }),
      notifyMs: milliseconds.default(10_000),
      scenarioMs: milliseconds.default(180_000),
    })
    .default({ responseMs: 33_000, quietMs: 3000, actionMs: 10_000, notifyMs: 10_000, scenarioMs: 180_000 }),
  limits: limitsSchema.exactOptional(),
  interpretations: z.record(z.string(), z.string()).default({}).meta({
    description: "Readings chosen where the specification has two, by name (docs/interpretations.md)",
  }),
});

/** A SUT file after the schema, before the defaults that depend on other entries. */
export type SutFileEntries = z.infer<typeof sutFileSchema>;
