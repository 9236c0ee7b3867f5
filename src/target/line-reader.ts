/** Lines out of a stream that may never end one. */
export interface LineUser {
  /** Without its end. */
  line(text: string): void;
  /** Told once; nothing is read after it. */
  tooLong(): void;
}

/** `limit` is in bytes. */
export function createLineReader(limit: number, user: LineUser): (chunk: Uint8Array) => void {
  let pending: Uint8Array[] = [];
  let length = 0;
  let over = false;

  const hold = (part: Uint8Array): boolean => {
    length += part.length;
    pending.push(part);
    if (length <= limit) return true;
    over = true;
    pending = [];
    user.tooLong();
    return false;
  };

  return (chunk) => {
    if (over) return;
    let start = 0;
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, start)) {
      if (!hold(chunk.subarray(start, end))) return;
      const text = Buffer.concat(pending).toString("utf8").replace(/\r$/u, "");
      pending = [];
      length = 0;
      start = end + 1;
      user.line(text);
    }
    if (start < chunk.length) hold(chunk.subarray(start));
  };
}
