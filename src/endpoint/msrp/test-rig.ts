/** Endpoints on the virtual network for tests. */
import type { Hop } from "../../net/network.ts";
import { createVirtualNet, type VirtualNet, type VirtualNetOptions } from "../../net/virtual/virtual-net.ts";
import type { MsrpCrossing } from "./crossing.ts";
import { createMsrpEndpoint, type MsrpEndpoint } from "./msrp-endpoint.ts";
import type { ConnectOptions, MsrpSession, MsrpSessionOptions } from "./msrp-session.ts";
import type { MsrpEndpointOptions } from "./settings.ts";

export interface Rig {
  readonly net: VirtualNet;
  readonly crossings: MsrpCrossing[];
  endpoint(name: string, options?: Partial<MsrpEndpointOptions>): Promise<MsrpEndpoint>;
  /** What crossed at a node, a line each: direction, method or status, Byte-Range, flag. */
  log(node: string): string[];
}

export const hopOf = (host: string, port = 0): Hop => ({ host, port, transport: "tcp" });

export function createRig(options: Partial<VirtualNetOptions> = {}): Rig {
  const net = createVirtualNet({ seed: 1, ...options });
  const crossings: MsrpCrossing[] = [];
  let hosts = 0;
  return {
    net,
    crossings,
    endpoint: (name, given = {}) => {
      hosts += 1;
      return createMsrpEndpoint({
        name,
        network: net.network,
        clock: net.clock,
        ids: net.ids,
        listen: [hopOf(`10.0.0.${hosts}`)],
        tap: (crossing) => crossings.push(crossing),
        onHandlerError: (error) => {
          throw error;
        },
        ...given,
      });
    },
    log: (node) => crossings.filter((crossing) => crossing.node === node).map(lineOf),
  };
}

function lineOf({ direction, frame, error }: MsrpCrossing): string {
  if (frame === undefined) return `${direction} ${error?.code ?? "?"}`;
  const { head, flag, bodyBytes } = frame;
  if (head.kind === "response") return `${direction} ${head.status}`;
  const range = head.headers.find(({ name }) => name === "Byte-Range")?.value ?? "";
  const status = head.headers.find(({ name }) => name === "Status")?.value;
  const what = head.method === "REPORT" ? `${range} ${status ?? ""}` : `${range} ${bodyBytes}${flag}`;
  return `${direction} ${head.method} ${what}`;
}

/** Two sessions that know each other's path; `a` is active. */
export function pair(
  a: MsrpEndpoint,
  b: MsrpEndpoint,
  options: { a?: MsrpSessionOptions; b?: MsrpSessionOptions; connect?: ConnectOptions } = {},
): [MsrpSession, MsrpSession] {
  const [near, far] = [a.session(options.a), b.session(options.b)];
  far.connect(near.localPath, { role: "passive" });
  near.connect(far.localPath, options.connect);
  return [near, far];
}
