/** How many users a URI-list asks for. RFC 5366 4.1 has an entry that is there twice count once; whether the sender's own counts is open. */
import { sameAddressOfRecord } from "../wire/sip/uri.ts";

export interface ListSize {
  /** Users but the sender, each once. */
  readonly least: number;
  /** All entries, as they stand there. */
  readonly most: number;
}

export function sizeOfList(listed: readonly string[], sender: string | undefined): ListSize {
  const users: string[] = [];
  for (const uri of listed) {
    const isKnown = [...users, ...(sender === undefined ? [] : [sender])].some((one) =>
      sameAddressOfRecord(one, uri),
    );
    if (!isKnown) users.push(uri);
  }
  return { least: users.length, most: listed.length };
}
