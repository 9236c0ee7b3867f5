/** The register: what the specification demands, and what Scrim does about it. Data is in `scr/` and `register/`. */
export type Status = "M" | "O";

export type Role =
  | "client-common"
  | "client-originating"
  | "client-terminating"
  | "any-server"
  | "participating-originating"
  | "participating-terminating"
  | "participating-common"
  | "controlling"
  | "deferred"
  | "history"
  | "core"
  | "xdms"
  | "presence";

/** FLOW: an arrow of an informative figure; it is compared and noted, never failed. */
export type Level = "SHALL" | "SHALL NOT" | "SHOULD" | "SHOULD NOT" | "MAY" | "FLOW";

/** One row of the tables of Appendix B. */
export interface ScrItem {
  readonly id: string;
  readonly table: string;
  readonly tableTitle: string;
  readonly role: Role;
  readonly function: string;
  readonly status: Status;
  /** As in the document. */
  readonly printed: { readonly id: string; readonly status: string; readonly clause: string };
  /** The clause or clauses that the row means, after correction. */
  readonly clauses: readonly string[];
  readonly correction?: string;
  /** Items that must be implemented when this one is, as printed; ids that exist nowhere are specification defects. */
  readonly requirement?: { readonly expression: string; readonly dangling: readonly string[] };
}

/** When a finding about a statement is evidence for an item. `always`, or words that the check puts on its finding. */
export interface Edge {
  readonly item: string;
  /** A facet of the trigger, such as `uri-list`, `predefined-group`; absent: always. */
  readonly when?: string;
}

export type Disposition =
  | { readonly kind: "bound"; readonly check: string }
  | { readonly kind: "excluded"; readonly because: "not-observable" | "user-interface" | "specification-defect" | "duplicate" | "core" | "not-judged" | "profile"; readonly note: string }
  | { readonly kind: "waiting"; readonly for: string };

export interface Statement {
  readonly id: string;
  readonly clause: string;
  readonly level: Level;
  readonly role: Role;
  readonly says: string;
  /** Belongs to the profile for cores that are 3GPP/3GPP2 IMS. */
  readonly profile?: "ims";
  readonly observable: "direct" | "indirect" | "no";
  readonly items: readonly Edge[];
  readonly disposition: Disposition;
}
