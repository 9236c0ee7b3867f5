/** Addresses within `index.html`. They are made of ids only, so that they can be shared and stay the same when a run is rendered again. */

export function itemLink(id: string): string {
  return `#item/${encodeURIComponent(id)}`;
}

export function statementLink(id: string): string {
  return `#statement/${encodeURIComponent(id)}`;
}

export function clauseLink(clause: string): string {
  return `#clause/${encodeURIComponent(clause)}`;
}

/** `seq` names a message of the scenario. */
export function scenarioLink(id: string, seq?: number): string {
  const scenario = `#scenario/${encodeURIComponent(id)}`;
  return seq === undefined ? scenario : `${scenario}/${seq}`;
}
