/** The server behind a core on a virtual network, and user agents that are driven by hand. For tests. */
import type { SipRequest } from "../../../wire/sip/message.ts";
import { CORE, createRig, imServer, type Rig } from "../../core/test-rig.ts";
import { createXdms } from "../../xdms/xdms.ts";
import type { Xdms } from "../../xdms/xdms.ts";
import { referenceConfigurationSets, referencePolicy } from "../config.ts";
import type { ImServerConfig, ImServerPolicy } from "../config.ts";
import { createImServer, type ImServer, type ServerAlteration } from "../server.ts";
import type { CreateSwitch } from "./switch-seam.ts";
import type { SwitchParticipant } from "../switch/participant.ts";
import { addressOf, createPhone, type Name, NAMES, type Phone } from "./test-phone.ts";

export const FACTORY = "sip:factory@im.home.example";
export const GROUP = "sip:friends@im.home.example";
export const ENDED = "sip:im-session-0@im.home.example";
const XDM = { host: "10.0.0.3", port: 8080 };

export interface FocusRig {
  readonly rig: Rig;
  readonly server: ImServer;
  readonly xdms: Xdms;
  /** What the switch was told. */
  readonly switched: string[];
  readonly mixed: SwitchParticipant[];
  phone(name: Name): Promise<Phone>;
  phones<const N extends readonly Name[]>(...names: N): Promise<{ readonly [K in keyof N]: Phone }>;
  settle(ms?: number): Promise<void>;
  /** Requests that the server sent. */
  sent(method: string): readonly SipRequest[];
  close(): Promise<void>;
}

export interface FocusRigOptions {
  readonly policy?: Partial<ImServerPolicy>;
  readonly faults?: readonly ServerAlteration[];
  /** The users' requests go by the participating functions of the same server, as the criteria of the core have it. */
  readonly participating?: boolean;
  /** The server's own switch, in place of one that only notes what it is told. */
  readonly switching?: boolean;
}

const FUNCTIONS = {
  originating: "sip:orig@10.0.0.2:5070;lr",
  terminating: "sip:term@10.0.0.2:5070;lr",
  psi: "sip:10.0.0.2:5070;lr",
};

const user = (name: Name) => ({ impi: `${name}@home.example`, identities: [addressOf(name)] });

export async function createFocusRig({
  policy = {},
  faults = [],
  participating = false,
  switching = false,
}: FocusRigOptions = {}): Promise<FocusRig> {
  const rig = await createRig({
    users: NAMES.map((name) => ({ ...user(name), ...(participating ? { server: "im" } : {}) })),
    ...(participating ? { servers: [{ ...imServer, ...FUNCTIONS }] } : {}),
    psis: [
      { uri: FACTORY, server: "im" },
      { uri: "sip:*@im.home.example", server: "im" },
    ],
  });
  const { network, clock, ids } = rig.net;
  const xdms = await createXdms({ ...rig.net, listen: XDM, root: "/services" });
  const switched: string[] = [];
  const mixed: SwitchParticipant[] = [];
  const errors: unknown[] = [];
  const server = await createImServer({
    network,
    clock,
    ids,
    faults,
    onError: (error) => void errors.push(error),
    tap: (crossing) => void rig.crossings.push(crossing),
    ...(switching ? {} : { createSwitch: noting(switched, mixed) }),
    config: configWith(policy),
  });
  const closing: (() => Promise<void>)[] = [];
  const phone = async (name: Name): Promise<Phone> => {
    const made = await createPhone(rig, name, errors);
    closing.push(() => made.msrp.close());
    return made;
  };
  return {
    rig,
    server,
    xdms,
    switched,
    mixed,
    phone,
    phones: async (...names) => {
      const made: Phone[] = [];
      for (const name of names) made.push(await phone(name));
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as long as the list of names
      return made as never;
    },
    settle: (ms = 1000) => rig.settle(ms),
    sent: (method) =>
      rig.crossings.flatMap(({ node, direction, message, retransmission }) =>
        node === "im" &&
        direction === "out" &&
        !retransmission &&
        message?.kind === "request" &&
        message.method === method
          ? [message]
          : [],
      ),
    close: async () => {
      await Promise.all([server.close(), xdms.close(), ...closing.map((each) => each())]);
      await rig.close();
      if (errors.length > 0) throw new AggregateError(errors, "something broke");
    },
  };
}

/** A switch that only notes what it is told. */
function noting(switched: string[], mixed: SwitchParticipant[]): CreateSwitch {
  return () => ({
    join: (participant) => {
      mixed.push(participant);
      switched.push(`join ${participant.address}`);
    },
    leave: (id) => void switched.push(`leave ${mixed.find((each) => each.id === id)?.address}`),
    change: (id) => void switched.push(`change ${id}`),
    announce: (announcement) => {
      switched.push(`announce ${typeof announcement === "string" ? announcement : announcement.kind}`);
      return Promise.resolve([]);
    },
    close: () => void switched.push("close"),
  });
}

function configWith(policy: Partial<ImServerPolicy>): ImServerConfig {
  return {
    node: "im",
    listen: [
      { host: "10.0.0.2", port: 5070, transport: "udp" },
      { host: "10.0.0.2", port: 5070, transport: "tcp" },
    ],
    functions: FUNCTIONS,
    core: CORE,
    xcapRoot: `http://${XDM.host}:${XDM.port}/services`,
    homeDomain: "home.example",
    users: NAMES.map((name) => ({ uri: addressOf(name), properties: [] })),
    serviceUris: {
      conferenceFactory: FACTORY,
      exploder: FACTORY,
      unallocatedFactory: "sip:no-factory@im.home.example",
      unallocatedGroup: "sip:nobody@im.home.example",
      endedSession: ENDED,
      systemSender: "sip:system@im.home.example",
    },
    policy: { ...referencePolicy, adHocMaximum: 3, ...policy },
    configurationSets: referenceConfigurationSets,
    timers: { ts1Ms: 2000, ts2Ms: 5000 },
    thirdPartyRegister: false,
  };
}
