import { formatContentType } from "../mime/content-type.ts";
import type { ContentType } from "../mime/content-type.ts";
import { fieldValue } from "../mime/header-fields.ts";
import { cpimError } from "./cpim-error.ts";

export interface CpimDraft {
  /** In the order to be written; NS must stand before the first use of its prefix. Values are escaped already (`escapeCpim`). */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly contentType: ContentType | string;
  /** More MIME headers of the content, such as Content-Disposition; Content-Type comes from `contentType`. */
  readonly contentHeaders?: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array | string;
}

/** Writes a Message/CPIM object. Throws CpimError `control-character` where a value would break the line. */
export function buildCpim(draft: CpimDraft): Uint8Array {
  const body = typeof draft.body === "string" ? Buffer.from(draft.body, "utf8") : draft.body;
  const given = draft.contentHeaders ?? [];
  const named = given.map(([name, value]) => ({ name, value }));
  const type =
    typeof draft.contentType === "string" ? draft.contentType : formatContentType(draft.contentType);
  const content: (readonly [string, string])[] =
    fieldValue(named, "Content-Type") === undefined ? [["Content-Type", type], ...given] : [...given];
  const head = `${lines(draft.headers)}\r\n${lines(content)}\r\n`;
  return new Uint8Array(Buffer.concat([Buffer.from(head, "utf8"), body]));
}

function lines(headers: readonly (readonly [string, string])[]): string {
  return headers.map(([name, value]) => `${name}: ${checked(value)}\r\n`).join("");
}

function checked(value: string): string {
  // oxlint-disable-next-line no-control-regex -- RFC 3862 2.2: no control characters
  if (!/[\u0000-\u001f\u007f]/u.test(value)) return value;
  throw cpimError(Buffer.from(value, "utf8"), 0, {
    code: "control-character",
    expected: "a header value without control characters",
    clause: "RFC 3862 2.2",
    remedy: "Pass it through escapeCpim first.",
  });
}
