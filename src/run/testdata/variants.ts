/** Implementations that conform as much as the reference does, and differ from it: where clauses leave room, and where products do. */
import type { ClientAlteration } from "../../peer/im-client/client.ts";
import type { ServerAlteration } from "../../peer/im-server/server.ts";
import type { VirtualNetOptions } from "../../net/virtual/virtual-net.ts";
import type { SutFile } from "../../spec/sut-file.ts";
import { clientVariants } from "./client-variants.ts";
import { otherSessions } from "./other-sessions.ts";
import { surroundings } from "./other-surroundings.ts";
import { serverVariants } from "./server-variants.ts";

interface VariantBase {
  /** What is different, as a sentence without its subject. */
  readonly name: string;
  /** The SUT file that a vendor of such a product would write. */
  readonly sutFile?: (reference: SutFile) => SutFile;
  readonly network?: Omit<VirtualNetOptions, "seed">;
  readonly seed?: number;
  /** How the locations of the scenarios begin that meet what is different; default: all of the role. */
  readonly places?: readonly string[];
  /** Statements that must pass at least once: nothing else exercises them. */
  readonly passed?: readonly string[];
  /** Statements that must be `noted` at least once. */
  readonly noted?: readonly string[];
  /** SHOULD statements that this variant does not follow, which is a warning each. */
  readonly warned?: readonly string[];
  /** Statements for which no occasion comes about with such a product, so that scenarios which are about them are inconclusive. */
  readonly unreached?: readonly string[];
  /** Messages are lost or late, and with them the occasion of so many scenarios in a hundred at most. */
  readonly missesPercent?: number;
}

export interface ServerVariant extends VariantBase {
  readonly role: "server";
  readonly alterations?: readonly ServerAlteration[];
}

export interface ClientVariant extends VariantBase {
  readonly role: "client";
  readonly alterations?: readonly ClientAlteration[];
}

export type Variant = ServerVariant | ClientVariant;

export const variants: readonly Variant[] = [...serverVariants, ...clientVariants, ...surroundings, ...otherSessions];

/** Which peer of the two, and what is different with it; no two variants have the same. */
export function titleOf({ role, name }: Variant): string {
  return `${role} that ${name}`;
}
