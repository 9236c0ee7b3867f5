/** Exit statuses: an error of Scrim over a failure, over what is inconclusive, over nothing wrong; usage before any traffic. */
export const EXIT = { ok: 0, failed: 1, usage: 2, inconclusive: 3, scrim: 4 } as const;
