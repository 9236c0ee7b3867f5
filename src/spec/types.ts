/** The register: what the specification demands, and what Scrim does about it. Data is in `scr/` and `register/`. */
export type Status = "M" | "O";

/** `any`: whatever element sends or receives, client or server. */
export type Role =
  | "any"
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

/** Which function of an IM Server a message is meant for, or comes from, as the core routes it. */
export type ServerFunction = "originating" | "terminating" | "controlling" | "registration";

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
  /** A facet of the trigger; absent: always. */
  readonly when?: Facet;
}

export type ExclusionReason =
  | "not-observable"
  | "user-interface"
  | "specification-defect"
  | "duplicate"
  | "core"
  | "not-judged"
  | "profile";

/** What Scrim cannot do yet and a statement waits for. */
export type Capability = "msrp" | "session" | "deferral" | "history" | "presence";

/** A word that a check puts on its finding, so that the guards of edges can be told. */
export type Facet =
  | "single-recipient"
  | "uri-list"
  | "predefined-group"
  | "ongoing-session"
  | "external-content"
  | "pager-mode"
  | "session"
  | "large-message";

export type Disposition =
  | { readonly kind: "bound"; readonly check: string }
  | { readonly kind: "excluded"; readonly because: ExclusionReason; readonly note: string }
  | { readonly kind: "waiting"; readonly for: Capability };

export interface Statement {
  readonly id: string;
  readonly clause: string;
  readonly level: Level;
  readonly role: Role;
  readonly says: string;
  /** Which reading of an unclear text is used, and which variants pass. */
  readonly reading?: string;
  /** Belongs to the profile for cores that are 3GPP/3GPP2 IMS. */
  readonly profile?: "ims";
  readonly observable: "direct" | "indirect" | "no";
  readonly items: readonly Edge[];
  readonly disposition: Disposition;
}
