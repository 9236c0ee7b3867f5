/**
 * The SUT file: what Scrim must know of a system under test. ICS (what it claims) and IXIT (what the specification leaves open and a lab
 * decides). The YAML of a vendor is read by `sut-file-reader.ts` against `sut-file-schema.ts`; this is the shape after defaults were put in.
 */
import type { FixedGroupRules } from "./group-rules.ts";
import type { LimitEntries } from "./limits-schema.ts";
import type { SessionPolicy } from "./session-policy.ts";

/** How a SUT is reached. */
export type Transport = "udp" | "tcp" | "tls";

export type ServerFunctionName = "participating" | "controlling" | "deferred" | "history";

/** How Scrim makes a client act, or asks something of a server. The vocabulary is `actions.ts`. */
export type TriggerConfig =
  | { readonly kind: "http"; readonly url: string; readonly timeoutMs: number }
  | {
      readonly kind: "stdio";
      readonly command: string;
      readonly args: readonly string[];
      readonly timeoutMs: number;
    }
  | {
      readonly kind: "command";
      readonly commands: Readonly<Record<string, string>>;
      readonly timeoutMs: number;
    }
  | { readonly kind: "manual"; readonly timeoutMs: number }
  | { readonly kind: "reference" };

/** What a pooled user is at the SUT, beside an ordinary subscriber. */
export type UserProperty =
  | "unauthorised"
  | "not-authorised-to-publish"
  | "unregistered"
  | "remote"
  | "minor"
  | "anonymity-not-allowed";

/** What the USIM of a user and the home network share (3GPP TS 35.206), in hexadecimal digits. */
export interface UsimKeys {
  readonly k: string;
  /** One of these two. */
  readonly op?: string;
  readonly opc?: string;
  readonly amf: string;
  /** The sequence number that was used last. */
  readonly sqn?: string;
}

export interface PooledUser {
  /** IM Address: the public SIP identity. */
  readonly impu: string;
  readonly impi: string;
  readonly password?: string;
  readonly aka?: UsimKeys;
  readonly tel?: string;
  readonly properties: readonly UserProperty[];
  /** Years, where the user's profile is not Scrim's to write. */
  readonly age?: number;
}

export interface PooledGroup extends FixedGroupRules {
  readonly uri: string;
  /** Fixed members, where the document cannot be written by Scrim; empty: any members. */
  readonly members: readonly string[];
  /** Whether Scrim's XDMS (or a writable one) gives the group its document in each scenario. */
  readonly writable: boolean;
  readonly allowAnonymity: boolean;
  readonly supportsIm: boolean;
}

export interface ConfigurationSet {
  readonly name: string;
  readonly description: string;
  /** How the SUT is brought into it: `control` asks its control hook, `hand` asks the person, `always` is how it is. */
  readonly by: "always" | "control" | "hand";
}

export interface Guards {
  /** How long a SUT may take for a final response, at least Timer F (32 s) for a foreign SUT. Milliseconds, as all of these. */
  readonly responseMs: number;
  /** How long silence must last to count as absence, where no fence proves it. */
  readonly quietMs: number;
  /** How long after a trigger the expected traffic may take. */
  readonly actionMs: number;
  readonly notifyMs: number;
  readonly scenarioMs: number;
}

export interface ServerSut {
  readonly node: string;
  readonly functions: readonly ServerFunctionName[];
  /** Where the core sends, by session case: URI for the Route header; address and transport from it. */
  readonly originating: string;
  readonly terminating: string;
  readonly psi: string;
  readonly transport: Transport;
  readonly originalDialogToken: boolean;
  readonly thirdPartyRegister: boolean;
  readonly serviceUris: {
    readonly conferenceFactory: string;
    readonly exploder: string;
    readonly unallocatedFactory: string;
    readonly unallocatedGroup: string;
    /** A session identity that the server allocated once and that has ended. */
    readonly endedSession: string;
    /** An on-going session (of PoC, say) whose participants the server knows, where it has one. */
    readonly ongoingSession?: { readonly uri: string; readonly participants: readonly string[] };
    readonly systemSender: string;
  };
  readonly policy: SessionPolicy & {
    readonly adHocMaximum: number;
    readonly originatorCounts: boolean;
    readonly refusedTypes: readonly string[];
    /** Largest body of a pager message that passes, in bytes. */
    readonly maximumBytes: number;
    readonly supportedReleases: readonly string[];
    readonly uriListService: boolean;
  };
  readonly timers: { readonly ts1Ms: number; readonly ts2Ms: number };
  readonly control?: TriggerConfig;
  readonly configurationSets: readonly ConfigurationSet[];
  /** How the server can be started by Scrim, where it can. */
  readonly start?: string;
}

export interface ClientSut {
  readonly node: string;
  readonly trigger: TriggerConfig;
  /** The user that the client is; `impu` of an entry in the pool. */
  readonly user: string;
  readonly transport: Transport;
  readonly conferenceFactory: string;
  /** Whether the client knows that transport is connection-oriented end to end, so that messages above 1300 bytes may go by MESSAGE. */
  readonly congestionSafe: boolean;
  /** Whether it can hold a session of another service, such as PoC. */
  readonly ongoingSession?: string;
  readonly start?: string;
}

/** How Scrim speaks TLS. Paths of files are as written, relative to where Scrim is started. */
export interface TlsEntries {
  /** Where Scrim's core listens for TLS. */
  readonly port: number;
  /** PEM files; without them, certificates are made at start. */
  readonly certificate?: string;
  readonly key?: string;
  readonly ca?: string;
  readonly verify: "none" | "chain" | "identity";
  readonly mutual: boolean;
  readonly minVersion: "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";
  /** Of certificates that are made at start. */
  readonly keys: "ec" | "rsa";
  readonly servername?: string;
}

export interface SutFile {
  readonly scrim: 1;
  readonly identification: {
    readonly product: string;
    readonly version: string;
    readonly vendor: string;
    readonly tester: string;
    readonly document: string;
  };
  readonly ics: {
    /** SCR items claimed beyond the mandatory ones of the declared roles. */
    readonly claimed: readonly string[];
    /** Mandatory items that the SUT does not implement. */
    readonly denied: readonly string[];
  };
  readonly profiles: { readonly ims: boolean };
  readonly core: {
    readonly kind: "scrim" | "external";
    /** SIP URI of an external core: where clients register and send to. */
    readonly address?: string;
    /** SIP URI where it takes what a server starts by itself; absent: `address`. */
    readonly serverSide?: string;
    readonly bind: string;
    readonly advertised: string;
    readonly port: number;
    readonly homeDomain: string;
    readonly remoteDomain: string;
    readonly registrationExpiresS: number;
    /** Challenge REGISTER with digest. */
    readonly digest: boolean;
    readonly udpLimitBytes: number;
    /** How long a connection that Scrim opened may be silent before it asks whether it stands; absent: it never asks. */
    readonly keepAliveS?: number;
  };
  /** Names: whom Scrim asks about the SUT's, and where it answers for its own. */
  readonly dns?: {
    /** Name servers, an address or address and port each; none: as this machine does. */
    readonly servers: readonly string[];
    readonly serve?: { readonly bind: string; readonly port: number };
  };
  /** There where TLS is spoken: asked for in `tls`, or by a transport. */
  readonly tls?: TlsEntries;
  readonly xdm: {
    readonly kind: "scrim" | "vendor";
    readonly bind: string;
    readonly port: number;
    readonly root: string;
    /** XCAP root of the Aggregation Proxy (XDM-8); absent in records of before sessions were judged. */
    readonly proxyRoot?: string;
  };
  readonly server?: ServerSut;
  readonly client?: ClientSut;
  readonly users: readonly PooledUser[];
  readonly groups: readonly PooledGroup[];
  readonly guards: Guards;
  /** What is not said has its default (docs/limits.md). */
  readonly limits?: LimitEntries;
  /** Readings chosen where the specification has two, by name (docs/interpretations.md). */
  readonly interpretations: Readonly<Record<string, string>>;
}
