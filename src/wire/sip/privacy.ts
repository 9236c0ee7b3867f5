/** Privacy (RFC 3323 4.2; `id` of RFC 3325 9.3, `history` of RFC 7044 10.1). */
import { readable } from "./error.ts";
import { FieldReader } from "./grammar.ts";
import { headerFields } from "./headers.ts";
import type { SipMessage } from "./message.ts";

/** In lower case. */
export interface Privacy {
  /** `header`, `session`, `user`, `id`, `history` and others, without `none` and `critical`. */
  readonly values: readonly string[];
  /** The user wants no privacy service, whatever the network would do (4.2). */
  readonly none: boolean;
  /** Rather fail than go without (4.2). */
  readonly critical: boolean;
}

export const NO_PRIVACY: Privacy = { values: [], none: false, critical: false };

/**
 * RFC 3323 4.2 `Privacy-hdr = "Privacy" HCOLON priv-value *(";" priv-value)`. `none` stands alone, `critical` never does, no value stands twice; throws
 * SipParseError.
 */
export function parsePrivacy(value: string): Privacy {
  const reader = new FieldReader(value, "RFC 3323 4.2 Privacy");
  const values: string[] = [];
  do {
    const from = reader.at;
    const next = reader.token("a privacy value").toLowerCase();
    if (values.includes(next)) throw reader.fail(`${next} only once`, "duplicate-parameter", from);
    values.push(next);
  } while (reader.takes(";"));
  reader.end("a semicolon or the end of the value");
  const none = values.includes("none");
  if (none && values.length > 1) throw reader.fail("none alone", "field-syntax", 0);
  const critical = values.includes("critical");
  if (critical && values.length === 1) throw reader.fail("a value beside critical", "field-syntax", 0);
  return { values: values.filter((each) => each !== "none" && each !== "critical"), none, critical };
}

export function formatPrivacy({ values, none, critical }: Privacy): string {
  return none ? "none" : [...values, ...(critical ? ["critical"] : [])].join(";");
}

/** What was asked for; nothing where there is no such field or it cannot be read. Several fields count as one. */
export function privacyIn(message: SipMessage): Privacy {
  const fields = headerFields(message, "Privacy");
  if (fields.length === 0) return NO_PRIVACY;
  return readable(() => parsePrivacy(fields.map(({ value }) => value).join(";"))) ?? NO_PRIVACY;
}
