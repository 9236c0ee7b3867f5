/** The commented SUT file that `scrim init` writes. What has a default is there as a comment with that default. */
export type SutKind = "server" | "client" | "both";

/** A file that reads without a problem as it is, and says what to change. Addresses are of the documentation range (RFC 5737). */
export function sutFileTemplate(kind: SutKind): string {
  const parts = [
    HEAD,
    icsPart(kind),
    CORE,
    kind === "client" ? [] : SERVER,
    kind === "server" ? [] : CLIENT,
    usersPart(kind),
    GROUPS,
    REST,
  ];
  return `${parts
    .map((lines) => lines.join("\n"))
    .filter((part) => part !== "")
    .join("\n\n")}\n`;
}

/** What the vendor must provision at the SUT so that the file is true, a line each. */
export function provisioningSteps(kind: SutKind): readonly string[] {
  const common = [
    "Create the subscribers of `users` with their identities and passwords, and give those with a property that property.",
    "Let the XCAP root of the SUT be `xdm.root`: Scrim's XDMS serves groups, access rules and policies there.",
  ];
  const server = [
    "Make the address `core.advertised` and `core.port` a trusted peer of the server: it asserts identities (P-Asserted-Identity).",
    "Let the server send requests to that address as its outbound proxy, for `core.homeDomain` and `core.remoteDomain`.",
    "Set the ad-hoc maximum, refused types, sizes and timers of `server.policy` and `server.timers`, or write there what they are.",
    "For each configuration set beside `default`, have a profile ready that `server.control` or a person can load.",
  ];
  const client = [
    "Register the client with the address `core.advertised` and `core.port` as its outbound proxy, as the user `client.user`.",
    "Provision the Conference-factory-URI of `client.conferenceFactory`.",
    "Have the driver of `client.trigger` answer the actions of docs/actions.schema.json; `manual` asks a person instead.",
  ];
  return [...common, ...(kind === "client" ? [] : server), ...(kind === "server" ? [] : client)];
}

const HEAD: readonly string[] = [
  "# What Scrim must know of the system under test (SUT). Lines to look at are marked CHANGE; comments show defaults.",
  "# Check it with: scrim doctor --sut FILE",
  "scrim: 1 # version of this format",
  "",
  "identification:",
  "  product: Example IM # CHANGE",
  '  version: "1.0" # CHANGE',
  "  vendor: Example Vendor # CHANGE",
  "  tester: Example Tester # CHANGE",
  "  # document: OMA-TS-SIMPLE_IM-V1_0-20070816-C   the dated document that the SUT is judged by",
];

function icsPart(kind: SutKind): readonly string[] {
  const server = kind === "client" ? [] : ["IMSpec-PMM-S-004", "IMSpec-PMM-S-005"];
  const client = kind === "server" ? [] : ["IMSpec-PMM-C-005", "IMSpec-PMM-C-008"];
  return [
    "# ICS. Mandatory items of the declared roles count as implemented unless they are denied. `scrim list` shows all items.",
    "ics:",
    `  claimed: [${[...client, ...server].join(", ")}] # CHANGE: optional items that the SUT implements`,
    "  denied: [] # CHANGE: mandatory items that it does not implement; each of them is a nonconformity",
    "",
    "# The paragraphs for cores that are 3GPP/3GPP2 IMS (24.229).",
    "# profiles: { ims: false }",
  ];
}

const CORE: readonly string[] = [
  "# The SIP/IP Core, which Scrim plays.",
  "core:",
  "  # kind: scrim              external: a core of the lab, which Scrim stands before (docs/external-core.md)",
  "  # address: sip:192.0.2.30:5060       where an external core is, for clients",
  "  # serverSide: sip:192.0.2.31:5060    and for what the server starts by itself; default: address",
  "  bind: 127.0.0.1 # CHANGE: address of this machine; 0.0.0.0 is every one",
  "  # advertised: 127.0.0.1    address at which the SUT reaches it; default: bind",
  "  port: 5060 # what the SUT knows as its outbound proxy, UDP and TCP",
  "  homeDomain: home.example # CHANGE: domain of the subscribers",
  "  remoteDomain: visited.example # domain of subscribers of another operator",
  "  # registrationExpiresS: 3600",
  "  # digest: true             challenge REGISTER",
  "  # udpLimitBytes: 1300      larger requests go over TCP",
  "  # keepAliveS: 120          seconds of silence before Scrim asks on its connections whether they stand; default: never",
  "",
  "# Names: whom Scrim asks about the SUT's, where it answers for its own domains. `scrim zone` prints them for a name server of the lab.",
  "# dns:",
  "  # servers: [192.0.2.53]    default: those of this machine",
  "  # serve: { port: 53 }      default: nowhere",
  "",
  "# TLS; all of it may be left out. With it Scrim's core listens for TLS too; transport: tls below asks for it.",
  "# tls:",
  "  # port: 5061               default: core.port + 1",
  "  # certificate: scrim.pem   of Scrim, with key: scrim.key; default: made at start",
  "  # ca: authority.pem        authorities that Scrim believes; without it, whatever the SUT shows is taken",
  "  # verify: identity         none, chain, identity: how the certificate of the SUT is looked at",
  "  # mutual: false            who connects to Scrim must show a certificate that ca has signed",
  "  # minVersion: TLSv1.2      old phones need TLSv1, and keys: rsa",
  "",
  "# The XDM servers: groups, access rules, policies over XCAP.",
  "xdm:",
  "  # kind: scrim              vendor: the SUT has its own; describe its groups below as not writable",
  "  port: 8080",
  "  # root: http://127.0.0.1:8080/xcap-root    XCAP root as the SUT knows it",
  "  # proxyRoot: http://127.0.0.1:8080/aggregation-proxy    for documents of users of another domain",
];

const SERVER: readonly string[] = [
  "# The IM Server under test, attached as an application server.",
  "server:",
  "  # node: server             its name in reports",
  "  functions: [participating, controlling] # CHANGE: any of participating, controlling, deferred, history",
  "  # Where the core sends requests, by session case: URIs of the Route header.",
  "  originating: sip:orig@192.0.2.20:5080;lr # CHANGE",
  "  terminating: sip:term@192.0.2.20:5080;lr # CHANGE",
  "  psi: sip:192.0.2.20:5080;lr # CHANGE: requests for service URIs and groups",
  "  transport: udp # udp, tcp or tls",
  "  # originalDialogToken: true    the server sends requests on with the Route of the core that they came with",
  "  # thirdPartyRegister: true     the core tells the server of registrations",
  "  serviceUris:",
  "    conferenceFactory: sip:conference-factory@home.example # CHANGE: address of URI-lists",
  "    # exploder: default: the Conference-factory-URI",
  "    # unallocatedFactory: sip:unallocated-factory@home.example    must not exist",
  "    # unallocatedGroup: sip:unallocated-group@home.example        must not exist",
  "    # endedSession: sip:ended-session@home.example                a session identity that has ended",
  "    # ongoingSession: { uri: ..., participants: [...] }           an on-going session of PoC, say",
  "    # systemSender: sip:home.example                              sender of system messages; needed with control",
  "  policy:",
  "    adHocMaximum: 20 # CHANGE: participants of an ad-hoc group",
  "    # originatorCounts: false      whether the sender counts towards it",
  "    refusedTypes: [] # CHANGE: content types that the operator refuses; without one, 415 cannot be tested",
  "    # maximumBytes: 1000000        largest body of a pager message that the operator lets pass",
  "    # supportedReleases: [IM-client/OMA1.0]",
  "    # uriListService: true         false: a URI-list is to be answered 420",
  "    # sessionMode: b2bua           or proxy: how the participating function stands in a session",
  "    # mediaPath: true              whether it stays in the path of the media",
  "    # privateMessages: true        in sessions without a pre-defined group",
  "    # autoRelease: false           true: the session of a group ends when its originator leaves",
  "    # answersEarly: false         true: who sets a session up gets the 200 before anybody has accepted",
  "    # remainingParticipants: 1     with so many left, 0 or 1, the session of a group is released",
  "    # sessionMaximumS: 3600        how long a session may last; without it, without end",
  "    # sessionIntervalS: 1800       Session-Expires; and Min-SE:  minimumIntervalS: 90",
  "    # refusedSessionTypes: []      content types that the operator refuses in SDP; without one, 488 cannot be tested",
  "    # sessionMaximumBytes: 10485760    largest message of a session",
  "  # timers: { ts1Ms: 30000, ts2Ms: 10000 }    answer to a system message; aggregation of notifications",
  "  # How Scrim asks the server for something: change of configuration set, system message, reset.",
  '  # control: { kind: http, url: "http://192.0.2.20:9000/" }    or stdio, command, manual',
  "  configurationSets:",
  "    - { name: default, description: as it is, by: always }",
  "    # - { name: no-anonymity, description: nobody may hide the identity, by: hand }",
  "    # - { name: no-uri-list, description: without the URI-list service, by: hand }",
  "    # - { name: release-required, description: only supported releases are served, by: hand }",
  "    # - { name: auto-release, description: the session of a group ends with its originator, by: hand }",
  "    # - { name: short-sessions, description: a session lasts 5 seconds, by: hand }",
  "    # - { name: no-private-messages, description: none in sessions without a group, by: hand }",
];

const CLIENT: readonly string[] = [
  "# The IM Client under test. Scrim plays the core, the IM server and the other clients.",
  "client:",
  "  # node: client             its name in reports",
  "  # How Scrim makes it act: manual asks the person at the terminal; http, stdio and command speak to a driver.",
  "  trigger: { kind: manual } # CHANGE",
  "  user: sip:alice@home.example # CHANGE: who the client is; one of users",
  "  transport: udp # udp, tcp or tls",
  "  conferenceFactory: sip:conference-factory@home.example # CHANGE: what it is provisioned with",
  "  # congestionSafe: false    it knows that transport is connection-oriented end to end",
  "  # ongoingSession: sip:...  a session of another service that it can be in",
];

function usersPart(kind: SutKind): readonly string[] {
  const properties = [
    '  # - { impu: "sip:frank@home.example", password: secret, properties: [unauthorised] }',
    '  # - { impu: "sip:grace@home.example", password: secret, properties: [not-authorised-to-publish] }',
    '  # - { impu: "sip:heidi@home.example", password: secret, properties: [unregistered] }',
    '  # - { impu: "sip:ivan@home.example", password: secret, properties: [anonymity-not-allowed] }',
  ];
  return [
    "# Subscribers that exist at the SUT. Scenarios lease them: the more there are, the more can run at a time; four are needed.",
    "users:",
    '  - { impu: "sip:alice@home.example", impi: alice@home.example, password: secret } # CHANGE all of these',
    '  - { impu: "sip:bob@home.example", password: secret, tel: "tel:+15550100" }',
    '  - { impu: "sip:carol@home.example", password: secret }',
    '  - { impu: "sip:dave@home.example", password: secret }',
    '  - { impu: "sip:erin@home.example", password: secret }',
    "  # A subscriber with a USIM, for AKAv1-MD5 with Milenage; op in place of opc will do. Hexadecimal digits, in quotes.",
    '  # - { impu: "sip:judy@home.example", aka: { k: "465b5ce8b199b49faa5f0a2ee238a6bc", opc: "cd63cb71954a9f4e48a5994e37a02baf", amf: "b9b9" } }',
    ...(kind === "client" ? [] : ["  # Users with a property make negative tests possible.", ...properties]),
    '  - { impu: "sip:victor@visited.example", properties: [remote] }',
  ];
}

const GROUPS: readonly string[] = [
  "# Pre-defined groups. Scrim's XDMS gives writable ones their members and rules in each scenario.",
  "groups:",
  '  - { uri: "sip:group-1@home.example" } # CHANGE',
  '  # - { uri: "sip:quiet@home.example", writable: false, allowAnonymity: false, members: ["sip:alice@home.example"] }',
  "  # Further properties of groups that are not writable: supportsIm, denies, inviteMembers, maxParticipantCount, age.",
  '  # - { uri: "sip:adults@home.example", writable: false, age: { from: 18 }, denies: [allow-private-message], maxParticipantCount: 3 }',
];

const REST: readonly string[] = [
  "# How long Scrim waits, in milliseconds. A final response may take Timer F, 32 s; silence of quietMs counts as absence.",
  "# guards: { responseMs: 33000, quietMs: 3000, actionMs: 10000, notifyMs: 10000, scenarioMs: 180000 }",
  "",
  "# How much the SUT may send before Scrim gives up on it: docs/limits.md",
  "# limits: { sip: { headBytes: 65536, headerBytes: 16384, headers: 512, bodyBytes: 8388608 }, http: { headBytes: 16384, bodyBytes: 1048576 } }",
  "",
  "# Readings chosen where the specification has two: docs/interpretations.md",
  "# interpretations: {}",
];
