/** Which parts of the specification speak to a SUT: its roles, and the guards of edges that hold for what it claims. */
import type { SutFile } from "./sut-file.ts";
import type { Edge, Facet, Role, ScrItem } from "./types.ts";

const CLIENT_ROLES: readonly Role[] = ["any", "client-common", "client-originating", "client-terminating"];
const PARTICIPATING_ROLES: readonly Role[] = [
  "participating-common",
  "participating-originating",
  "participating-terminating",
];

/** The roles that the SUT plays, by the declarations of its file. */
export function rolesPlayed({ client, server }: Pick<SutFile, "client" | "server">): ReadonlySet<Role> {
  const roles = new Set<Role>(client === undefined ? [] : CLIENT_ROLES);
  if (server === undefined) return roles;
  roles.add("any").add("any-server");
  for (const name of server.functions) {
    if (name === "participating") PARTICIPATING_ROLES.forEach((role) => roles.add(role));
    else roles.add(name);
  }
  return roles;
}

/** Whether the SUT says that it implements the item: mandatory and not denied, or claimed. */
export function isClaimed(item: Pick<ScrItem, "id" | "status">, ics: SutFile["ics"]): boolean {
  if (ics.denied.includes(item.id)) return false;
  return item.status === "M" || ics.claimed.includes(item.id);
}

/** Whether the SUT can come to a finding with the facet that the edge asks for: claiming URI-lists does not ask for groups. */
export function edgeApplies(edge: Edge, sut: SutFile): boolean {
  return edge.when === undefined || facetPossible(edge.when, edge.item, sut);
}

function facetPossible(facet: Facet, item: string, sut: SutFile): boolean {
  const ofClient = item.includes("-C-");
  switch (facet) {
    case "uri-list":
      return ofClient || (sut.server?.policy.uriListService ?? false);
    case "predefined-group":
      return ofClient || claims(sut, "IMSpec-PMM-S-005");
    case "ongoing-session":
      return (ofClient ? sut.client?.ongoingSession : sut.server?.serviceUris.ongoingSession) !== undefined;
    case "external-content":
      return claims(sut, item);
    case "session":
      return !ofClient;
    case "large-message":
      return false;
    case "pager-mode":
    case "single-recipient":
    default:
      return true;
  }
}

/** Items of which a facet speaks are optional: they are claimed by name. */
function claims(sut: SutFile, item: string): boolean {
  return sut.ics.claimed.includes(item) && !sut.ics.denied.includes(item);
}
