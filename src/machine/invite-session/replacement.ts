/** What becomes of an INVITE with Replaces (RFC 3891 3). */

/** What the field points at. `terminated`: a dialog that ended a short while ago. `other`: a dialog that no INVITE made. */
export type ReplacesTarget =
  | { readonly state: "none" }
  | { readonly state: "terminated" }
  | { readonly state: "other" }
  | { readonly state: "early"; readonly role: "uac" | "uas" }
  | { readonly state: "confirmed" };

export type ReplacementVerdict =
  | { readonly refuse: 481 | 486 | 603 }
  /** Accept, then end the replaced one: a confirmed dialog by BYE, an early one by CANCEL. */
  | { readonly replace: "BYE" | "CANCEL" };

export function judgeReplaces(target: ReplacesTarget, earlyOnly: boolean): ReplacementVerdict {
  if (target.state === "none" || target.state === "other") return { refuse: 481 };
  if (target.state === "terminated") return { refuse: 603 };
  if (target.state === "confirmed") return earlyOnly ? { refuse: 486 } : { replace: "BYE" };
  // Only a call that this end made can be replaced while it rings.
  return target.role === "uac" ? { replace: "CANCEL" } : { refuse: 481 };
}
