/** Public service identities: URIs that belong to an application server rather than to a user (factories, groups, sessions, lists). */
import { addressKey } from "./address-key.ts";
import type { PsiRoute } from "./config.ts";

export interface ServiceIdentities {
  add(route: PsiRoute): void;
  remove(uri: string): void;
  /** The route of an address: an exact one before any with `*`, and the longest of those. */
  find(uri: string): PsiRoute | undefined;
}

function patternOf(uri: string): RegExp {
  const parts = addressKey(uri).split("*");
  const escaped = parts.map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&"));
  // Hosts hold no `@`, so that `sip:*@conf.example` is not met by another domain.
  return new RegExp(`^${escaped.join("[^@]*")}$`);
}

export function createServiceIdentities(routes: readonly PsiRoute[] = []): ServiceIdentities {
  const exact = new Map<string, PsiRoute>();
  let wildcards: { readonly route: PsiRoute; readonly pattern: RegExp }[] = [];

  function remove(uri: string): void {
    exact.delete(addressKey(uri));
    wildcards = wildcards.filter((wildcard) => wildcard.route.uri !== uri);
  }

  function add(route: PsiRoute): void {
    remove(route.uri);
    if (!route.uri.includes("*")) {
      exact.set(addressKey(route.uri), route);
      return;
    }
    wildcards.push({ route, pattern: patternOf(route.uri) });
    wildcards.sort((a, b) => b.route.uri.length - a.route.uri.length);
  }

  for (const route of routes) add(route);
  return {
    add,
    remove,
    find: (uri) => {
      const key = addressKey(uri);
      return exact.get(key) ?? wildcards.find((wildcard) => wildcard.pattern.test(key))?.route;
    },
  };
}
