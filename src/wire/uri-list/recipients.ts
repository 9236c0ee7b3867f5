/** What a URI-list service makes of a list (RFC 5363 4.1, RFC 5364 4): whom a request goes to, and what each of them is told of the others. */
import { sameUri } from "../sip/uri.ts";
import type { CopyControl, ListEntry } from "../xml/resource-lists.ts";

/** RFC 5364 4 */
export const ANONYMOUS_RECIPIENT = "sip:anonymous@anonymous.invalid";
/** In order of precedence; without the attribute an entry is `bcc`. */
const PRECEDENCE: readonly CopyControl[] = ["to", "cc", "bcc"];

function levelOf({ copyControl = "bcc" }: ListEntry): CopyControl {
  return copyControl;
}

export interface Recipients {
  /** Each URI once (RFC 5363 4.1), at the place where it stood first, with the highest copy control it had (RFC 5364 4). */
  readonly entries: readonly ListEntry[];
  /** Entries that were left out, since their URI was in the list already. */
  readonly duplicates: readonly ListEntry[];
}

export function recipientsOf(listed: readonly ListEntry[]): Recipients {
  const entries: ListEntry[] = [];
  const duplicates: ListEntry[] = [];
  for (const entry of listed) {
    const at = entries.findIndex(({ uri }) => sameUri(uri, entry.uri));
    const known = entries[at];
    if (known === undefined) entries.push(entry);
    else {
      duplicates.push(entry);
      entries[at] = merged(known, entry);
    }
  }
  return { entries, duplicates };
}

/** Whoever asks that a URI be hidden is heard, wherever it does. */
function merged(known: ListEntry, again: ListEntry): ListEntry {
  const higher = PRECEDENCE.indexOf(levelOf(again)) < PRECEDENCE.indexOf(levelOf(known)) ? again : known;
  const { copyControl } = higher;
  const hidden = known.anonymize === true || again.anonymize === true;
  return {
    ...known,
    ...(copyControl === undefined ? {} : { copyControl }),
    ...(hidden ? { anonymize: true } : {}),
  };
}

/**
 * The entries of a recipient-history list (RFC 5364 4): without those of `bcc`, and with one anonymous entry a level for those that shall not be
 * named. `recipient`: whom the list is for; it keeps its own `bcc` entry then. Empty: there is nothing to tell.
 */
export function historyEntries(entries: readonly ListEntry[], recipient?: string): readonly ListEntry[] {
  const open = (["to", "cc"] as const).flatMap((copyControl): readonly ListEntry[] => {
    const named = entries.filter((entry) => levelOf(entry) === copyControl);
    const shown = named
      .filter(({ anonymize }) => anonymize !== true)
      .map(({ uri, displayName }) => ({
        uri,
        copyControl,
        ...(displayName === undefined ? {} : { displayName }),
      }));
    const count = named.length - shown.length;
    return count === 0 ? shown : [...shown, { uri: ANONYMOUS_RECIPIENT, copyControl, count }];
  });
  const own = entries.filter(
    (entry) => recipient !== undefined && levelOf(entry) === "bcc" && sameUri(entry.uri, recipient),
  );
  return [...open, ...own.map(({ uri }): ListEntry => ({ uri, copyControl: "bcc" }))];
}
