/** Ways in which the core departs from its own rules because a scenario asks it to: what the server under test must then do is the test. */
import { addressKey } from "./address-key.ts";
import type { UserProfile } from "./config.ts";

export interface Deviation {
  /** Public identity of the sender that it holds for; nobody else's requests are touched. */
  readonly user: string;
  /**
   * What is asserted of the sender: `none` leaves P-Asserted-Identity out, `as-sent` lets that of the client pass as if it were trusted,
   * a list of name-addr values puts these in. Absent: as it should be.
   */
  readonly assertedIdentity?: "none" | "as-sent" | readonly string[];
  /** Let the request in though its sender is not registered, so that it seems to come from an unknown client. */
  readonly admitUnregistered?: boolean;
  /** Send its requests by the originating server, whether a filter criterion wants them there or not. */
  readonly toServer?: boolean;
  /** Ends with the first request that it touched. */
  readonly once?: boolean;
}

export interface Deviations {
  /** Returns what ends it. */
  add(deviation: Deviation): () => void;
  /** The deviation for requests of one of these identities, the newest first; `use` ends one that was meant for one request. */
  find(identities: readonly string[]): Deviation | undefined;
  use(deviation: Deviation): void;
  forget(user: UserProfile): void;
}

export function createDeviations(): Deviations {
  let active: readonly Deviation[] = [];
  const end = (deviation: Deviation) => {
    active = active.filter((other) => other !== deviation);
  };
  return {
    add(deviation) {
      active = [deviation, ...active];
      return () => end(deviation);
    },
    find(identities) {
      const keys = new Set(identities.map(addressKey));
      return active.find((deviation) => keys.has(addressKey(deviation.user)));
    },
    use(deviation) {
      if (deviation.once === true) end(deviation);
    },
    forget(user) {
      const keys = new Set(user.identities.map(addressKey));
      active = active.filter((deviation) => !keys.has(addressKey(deviation.user)));
    },
  };
}
