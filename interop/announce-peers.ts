/** Says before the tests which third-party peers are there, in which version, and which are not. */
import { findPeer, PEER_NAMES, peersAreRequired, remedyFor } from "./peers.ts";

export default function announcePeers(): void {
  for (const name of PEER_NAMES) {
    const there = findPeer(name);
    const otherwise = peersAreRequired() ? "MISSING, and required" : "not there, its tests are skipped";
    console.log(
      `  ${name.padEnd(9)} ${there === undefined ? `${otherwise} (${remedyFor(name)})` : there.version}`,
    );
  }
}
