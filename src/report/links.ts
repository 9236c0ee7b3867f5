/** Addresses within `index.html`. They are made of ids only, so that they can be shared and stay the same when a run is rendered again. */
import { visibleLine } from "./visible.ts";

export function itemLink(id: string): string {
  return `#item/${encoded(id)}`;
}

export function statementLink(id: string): string {
  return `#statement/${encoded(id)}`;
}

export function clauseLink(clause: string): string {
  return `#clause/${encoded(clause)}`;
}

/** `seq` names a message of the scenario. */
export function scenarioLink(id: string, seq?: number): string {
  const scenario = `#scenario/${encoded(id)}`;
  return seq === undefined ? scenario : `${scenario}/${seq}`;
}

/** `encodeURIComponent` would throw at half a character. */
export function encoded(id: string): string {
  return encodeURIComponent(visibleLine(id));
}
