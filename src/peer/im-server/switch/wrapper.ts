/** The Message/CPIM headers around a message, read as soon as they are there (clauses 7.2.3.1, 7.2.3.3). */
import { type CpimAddress, parseCpimAddress } from "../../../wire/cpim/address.ts";
import { cpimHeaders } from "../../../wire/cpim/cpim.ts";
import type { CpimHeader } from "../../../wire/cpim/cpim.ts";
import { CpimError } from "../../../wire/cpim/cpim-error.ts";
import { type CpimHead, parseCpimHead } from "../../../wire/cpim/parse.ts";
import { FINAL_REPORT_NAMESPACE } from "../../../wire/xml/final-report.ts";

export interface MessageWrapper {
  readonly headers: readonly CpimHeader[];
  /** Absent when there is none, more than one, or none that can be read. */
  readonly from?: CpimAddress;
  /** Those that can be read. */
  readonly to: readonly CpimAddress[];
  /** Of 5.7.2: Final-Report of its namespace, with the value `yes`. */
  readonly finalReport: boolean;
}

/** `undefined` while more of the headers has to come; `unreadable` when they are none. */
export function readWrapper(beginning: Uint8Array): MessageWrapper | undefined | "unreadable" {
  const head = readable(() => parseCpimHead(beginning));
  if (head === undefined || head === "unreadable") return head;
  const [from, ...others] = addressesIn(head, "From");
  const [asked] = cpimHeaders(head, "Final-Report", FINAL_REPORT_NAMESPACE);
  return {
    headers: head.headers,
    ...(from === undefined || others.length > 0 ? {} : { from }),
    to: addressesIn(head, "To"),
    finalReport: asked?.value.toLowerCase() === "yes",
  };
}

function addressesIn(head: CpimHead, name: string): CpimAddress[] {
  return cpimHeaders(head, name).flatMap(({ value }) => {
    const address = readable(() => parseCpimAddress(value));
    return address === "unreadable" ? [] : [address];
  });
}

function readable<T>(read: () => T): T | "unreadable" {
  try {
    return read();
  } catch (error) {
    if (error instanceof CpimError) return "unreadable";
    throw error;
  }
}
