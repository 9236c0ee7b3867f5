/** What a core knows of a message at the tap: the function of the server at the other end, and the passage that ties its legs. */
import type { Annotation } from "../../endpoint/crossing.ts";
import type { Hop } from "../../net/network.ts";
import type { SipMessage, SipRequest } from "../../wire/sip/message.ts";
import type { DialogRoutes } from "./dialog-routes.ts";
import { eventPackageOf } from "./filter-criteria.ts";
import type { Origin } from "./origin.ts";
import { routeEntries } from "./route-set.ts";

/** Of requests that come in. What goes out is annotated by who sends it, and responses by the request that they answer. */
export function annotationOf(
  message: SipMessage,
  direction: "in" | "out",
  remote: Hop,
  {
    dialogs,
    originOf,
  }: { readonly dialogs: DialogRoutes; readonly originOf: (request: SipRequest, source: Hop) => Origin },
): Annotation | undefined {
  if (direction === "out" || message.kind === "response") return undefined;
  const sides = dialogs.sidesOf(message, routeEntries(message)[0]?.user);
  if (sides !== undefined) return sides[0].annotation;
  const origin = originOf(message, remote);
  if (origin.kind !== "server") return undefined;
  const serverFunction = eventPackageOf(message) === "reg" ? "registration" : origin.serverFunction;
  return { serverFunction, ...(origin.passage === undefined ? {} : { passage: origin.passage.token }) };
}
