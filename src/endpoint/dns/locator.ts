/** Where a SIP request may go whose next hop is a name: RFC 3263 on name servers, or on what this machine knows itself. */
import {
  locateServer,
  type LocationPreferences,
  type LocationQuestion,
  type LocationTarget,
} from "../../machine/server-location.ts";
import type { Hop } from "../../net/network.ts";
import type { DnsRecord } from "../../wire/dns/message.ts";
import { isIPv4Address, isIPv6Address } from "../../wire/sip/grammar.ts";

export interface LocatorOptions extends LocationPreferences {
  /** The client of name servers, or {@link systemNames}. */
  readonly ask: (name: string, type: LocationQuestion["type"]) => Promise<readonly DnsRecord[]>;
  /** Told of a question without an answer; the location goes on as if there were no records. */
  readonly onFailure?: (error: unknown) => void;
}

export interface Locator {
  /** Best first; none: nothing is known of the name. Never fails. */
  locate(target: LocationTarget): Promise<readonly Hop[]>;
  /** As an endpoint wants it: undefined for an address. A hop of port 0 stands for a URI without one. */
  readonly locateHop: (hop: Hop) => Promise<readonly Hop[]> | undefined;
}

export function createLocator(options: LocatorOptions): Locator {
  const locate = async (target: LocationTarget): Promise<readonly Hop[]> => {
    const location = locateServer(target, options);
    let step = location.next();
    while (step.done !== true) {
      const { name, type } = step.value;
      const records = await options.ask(name, type).catch((error: unknown) => {
        options.onFailure?.(error);
        return [];
      });
      step = location.next(records);
    }
    return step.value;
  };
  return {
    locate,
    locateHop: ({ host, port, transport }) =>
      isAddress(host) ? undefined : locate({ host, transport, ...(port === 0 ? {} : { port }) }),
  };
}

function isAddress(host: string): boolean {
  return isIPv4Address(host) || isIPv6Address(host.replaceAll(/^\[|\]$/g, ""));
}
