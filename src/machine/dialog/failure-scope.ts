/** How much a failed request within a dialog takes down with it (RFC 3261 12.2.1.2, RFC 5057 5.1). */

/**
 * `transaction`: nothing but the request itself. `usage`: the INVITE session or the subscription that the request was sent for. `dialog`: every
 * usage of the dialog.
 */
export type FailureScope = "transaction" | "usage" | "dialog";

/** RFC 5057 5.1: the peer, or its resource, is not there at all, or cannot be reached this way. */
const DIALOG: ReadonlySet<number> = new Set([404, 410, 416, 482, 483, 484, 485, 502, 604]);
/** RFC 5057 5.1: the peer knows nothing of the usage, or does not understand what it is made of. */
const USAGE: ReadonlySet<number> = new Set([405, 408, 480, 481, 489, 501]);

/** `status`: of the final response; a request that got none is as good as answered by 408 (RFC 3261 8.1.3.1). */
export function failureScope(status: number): FailureScope {
  if (DIALOG.has(status)) return "dialog";
  return USAGE.has(status) ? "usage" : "transaction";
}
