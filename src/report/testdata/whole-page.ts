import { inflateSync } from "node:zlib";

/** The page as if nothing in it were packed: what tests of its content have to read. */
export function wholePage(page: Uint8Array | undefined): string {
  return Buffer.from(page ?? [])
    .toString()
    .replaceAll(/(<template data-view="[^"]*">)([^<]*)/g, (_, open: string, packed: string) =>
      open + inflateSync(Buffer.from(packed, "base64")).toString(),
    );
}
