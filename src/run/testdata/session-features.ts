/** Features of session mode, which are many and long: where a whole suite is too much, a test takes a part of them. */
export const SESSION_FEATURES =
  /^features\/(?:B\.1\.|general\/(?:5\.[57]|6\.1\.1\.2|6\.1\.2\.[25]|6\.1\.[34]|7\.2|M|O))/u;

/** In which of so many parts a scenario is, by its name: it stays there when others come before it. */
export function shareOf(name: string, shares: number): number {
  return Buffer.from(name).reduce((sum, octet) => sum + octet, 0) % shares;
}
