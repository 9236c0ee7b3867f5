/** The columns of a ladder, in the order in which a reader expects them: clients on the left, servers in the middle, callees on the right. */
import type { ActorKind, ServerFunction } from "./event.ts";
import type { LadderArrow, LadderColumn } from "./ladder.ts";
import type { Sighting } from "./sightings.ts";

export interface Columns {
  /** `serverFunction` is that of the server at the far end. */
  endsOf(sighting: Sighting, serverFunction?: ServerFunction): Pick<LadderArrow, "from" | "to">;
  /** The column of a node, if there is one. */
  idOf(node: string): string | undefined;
  inOrder(): readonly LadderColumn[];
}

export function createColumns(functionsApart: boolean): Columns {
  const columns = new Map<string, LadderColumn>();

  function add(node: string, kind: LadderColumn["kind"], serverFunction?: ServerFunction): string {
    const id = serverFunction === undefined ? node : `${node} (${serverFunction})`;
    const known = columns.get(id);
    // A node that was only known by name so far is known better once it records a message itself.
    if (known === undefined || known.kind === "unknown") {
      columns.set(id, { id, node, kind, ...(serverFunction === undefined ? {} : { serverFunction }) });
    }
    return id;
  }

  return {
    endsOf({ event, arrival }, serverFunction = event.serverFunction) {
      const apart = functionsApart && event.peerIsSut ? serverFunction : undefined;
      const here = (): string => add(event.node, event.nodeKind);
      const there = (): string => add(event.peer, peerKind(event.peerIsSut, arrival?.nodeKind), apart);
      if (event.direction === "out") return { from: here(), to: there() };
      return { from: there(), to: here() };
    },
    idOf: (node) => columns.get(node)?.id,
    inOrder: () => sortColumns([...columns.values()]),
  };
}

function peerKind(isSut: boolean, arrivedAt: ActorKind | undefined): LadderColumn["kind"] {
  return isSut ? "sut" : (arrivedAt ?? "unknown");
}

/** Who speaks first stands on the left; the other clients are on the far side. */
function sortColumns([first, ...others]: readonly LadderColumn[]): readonly LadderColumn[] {
  if (first === undefined) return [];
  const isFar = ({ kind }: LadderColumn): boolean => kind === "client";
  return [first, ...others.filter((column) => !isFar(column)), ...others.filter(isFar)];
}
