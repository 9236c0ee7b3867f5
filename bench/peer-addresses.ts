/** What the peers leave as text of an address, read with their own readers. */

interface PeerReaders {
  /** Reads an address, the URI as text. */
  readonly address: (text: string) => { uri: string };
  readonly uri: (text: string) => object | undefined;
}

/** Fields with addresses: the peers read the URIs of Route, Record-Route and Path, and of the others at most the address. */
const ADDRESS_FIELDS = [
  "from",
  "to",
  "contact",
  "refer-to",
  "referred-by",
  "p-asserted-identity",
  "p-preferred-identity",
];

/** The typed addresses of a message that a peer has read, down to their URIs. */
export function typedAddresses(
  message: { headers: Record<string, unknown> },
  readers: PeerReaders,
): unknown[] {
  const found: unknown[] = [];
  for (const field of ADDRESS_FIELDS) {
    const value = message.headers[field];
    if (value === undefined) continue;
    for (const entry of Array.isArray(value) ? value : [value]) found.push(typedAddress(entry, readers));
  }
  return found;
}

function typedAddress(entry: unknown, { address, uri }: PeerReaders): unknown {
  const read = typeof entry === "string" ? address(entry) : entry;
  if (typeof read !== "object" || read === null || !("uri" in read) || typeof read.uri !== "string")
    return undefined;
  return { ...read, uri: uri(read.uri) };
}
