/** Which node stands behind an address: Scrim's own nodes as they open, those of the SUT from its file and from what they send. */
import type { Address, Hop } from "../net/network.ts";
import type { SutFile } from "../spec/sut-file.ts";
import { sameAddressOfRecord, parseSipUri } from "../wire/sip/uri.ts";
import { fromOf, viaOf } from "../wire/sip/headers.ts";
import type { SipMessage } from "../wire/sip/message.ts";

export interface NodeName {
  readonly name: string;
  readonly isSut: boolean;
}

export class AddressBook {
  readonly #nodes = new Map<string, NodeName>();
  readonly #clientUnderTest: { readonly node: string; readonly user: string } | undefined;

  constructor(sutFile: SutFile) {
    this.#clientUnderTest = sutFile.client;
    for (const uri of serverUris(sutFile)) {
      const { host, port } = parseSipUri(uri);
      this.#nodes.set(keyOf({ host, port: port ?? 5060 }), {
        name: sutFile.server?.node ?? "server",
        isSut: true,
      });
    }
  }

  enter(address: Address, node: NodeName): void {
    this.#nodes.set(keyOf(address), node);
  }

  /** The node at the other end of a crossing; an unknown one is named by its address. */
  peerOf(remote: Hop, direction: "in" | "out", message: SipMessage | undefined): NodeName {
    const known = this.#nodes.get(keyOf(remote));
    if (known !== undefined) return known;
    const told = direction === "in" && message?.kind === "request" ? this.#bySender(message) : undefined;
    // A connection comes from a port of its own; what its first request tells of the sender holds for all of it.
    if (told !== undefined) this.#nodes.set(keyOf(remote), told);
    return told ?? { name: `${remote.host}:${remote.port}`, isSut: false };
  }

  #bySender(request: SipMessage): NodeName | undefined {
    const via = viaOf(request);
    const byVia =
      via === undefined ? undefined : this.#nodes.get(keyOf({ host: via.host, port: via.port ?? 5060 }));
    if (byVia !== undefined) return byVia;
    const client = this.#clientUnderTest;
    const sender = fromOf(request)?.uri;
    if (client === undefined || sender === undefined || !sameAddressOfRecord(sender, client.user))
      return undefined;
    return { name: client.node, isSut: true };
  }
}

function serverUris(sutFile: SutFile): readonly string[] {
  const { server } = sutFile;
  return server === undefined ? [] : [server.originating, server.terminating, server.psi];
}

function keyOf({ host, port }: Address): string {
  return `${host.toLowerCase()}:${port}`;
}
