/** What subscribers of the conference state have to be told, in the order in which it happened (RFC 4575 4.4 to 4.6; clause 7.2.2.10). */

/** A user of the conference, or one who left. */
export interface RosterEntry {
  /** Of the participant. */
  readonly id: string;
  readonly entity: string;
  readonly identities: readonly string[];
  readonly displayName: string | undefined;
  readonly present: boolean;
}

/** What one subscriber was told. */
export interface Told {
  version: number;
  /** The last change it knows. */
  change: number;
  /** Entities that it was told are connected. */
  readonly connected: Set<string>;
}

export interface Roster {
  set(entry: RosterEntry): void;
  /** Everybody who is there. */
  present(): readonly RosterEntry[];
  /** What changed since, the oldest change first: each entity once, as it is now. */
  since(change: number): readonly RosterEntry[];
  /** Number of the last change. */
  readonly change: number;
}

/** Users who left; the oldest go first. */
const REMEMBERED = 1000;

export function createRoster(): Roster {
  const entries = new Map<string, { readonly entry: RosterEntry; readonly change: number }>();
  let change = 0;
  const forget = (): void => {
    const gone = [...entries.values()].filter(({ entry }) => !entry.present);
    for (const { entry } of gone.slice(0, Math.max(0, gone.length - REMEMBERED)))
      entries.delete(entry.entity);
  };
  return {
    get change() {
      return change;
    },
    set: (entry) => {
      change += 1;
      entries.delete(entry.entity);
      entries.set(entry.entity, { entry, change });
      forget();
    },
    present: () => [...entries.values()].filter(({ entry }) => entry.present).map(({ entry }) => entry),
    since: (known) => [...entries.values()].filter((each) => each.change > known).map(({ entry }) => entry),
  };
}
