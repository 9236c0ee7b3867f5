/** The words of the register, for the schemas that check them. They are those of the types, in the order of the types. */
import type { Capability, ExclusionReason, Facet, Level, Role } from "./types.ts";

/** A list that has every word of a union, and no other. */
const allOf =
  <Word extends string>() =>
  <const List extends readonly Word[]>(
    list: Exclude<Word, List[number]> extends never ? List : never,
  ): List =>
    list;

export const LEVELS = allOf<Level>()(["SHALL", "SHALL NOT", "SHOULD", "SHOULD NOT", "MAY", "FLOW"]);

export const ROLES = allOf<Role>()([
  "any",
  "client-common",
  "client-originating",
  "client-terminating",
  "any-server",
  "participating-originating",
  "participating-terminating",
  "participating-common",
  "controlling",
  "deferred",
  "history",
  "core",
  "xdms",
  "presence",
]);

export const FACETS = allOf<Facet>()([
  "single-recipient",
  "uri-list",
  "predefined-group",
  "ongoing-session",
  "external-content",
  "pager-mode",
  "session",
  "large-message",
]);

export const EXCLUSION_REASONS = allOf<ExclusionReason>()([
  "not-observable",
  "user-interface",
  "specification-defect",
  "duplicate",
  "core",
  "not-judged",
  "profile",
]);

export const CAPABILITIES = allOf<Capability>()(["msrp", "session", "deferral", "history", "presence"]);
