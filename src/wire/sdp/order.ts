/** Which lines come, how often, and in which order (RFC 4566 5, 9 session-description and media-descriptions). */
import type { SdpParseErrorCode } from "./error.ts";

export interface OrderFault {
  readonly code: SdpParseErrorCode;
  readonly clause: string;
  readonly expected: string;
}

export interface LineOrder {
  /** What is wrong with a line of that type where it stands; empty for a line that has no type. */
  next(type: string): OrderFault[];
  /** What is wrong with there being no more. */
  end(): OrderFault[];
}

/** r= belongs to the t= before it, so both have the same place. */
const SESSION: readonly string[] = ["v", "o", "s", "i", "u", "e", "p", "c", "b", "tr", "z", "k", "a"];
const MEDIA: readonly string[] = ["m", "i", "c", "b", "k", "a"];
const SESSION_ONCE = "vosiuczk";
const MEDIA_ONCE = "ik";
const SESSION_MANDATORY: readonly string[] = ["v", "o", "s", "t"];
const CLAUSE = "RFC 4566 5, 9 session-description";

export function createLineOrder(): LineOrder {
  return new Order();
}

class Order implements LineOrder {
  #inMedia = false;
  #place = 0;
  #seen = new Set<string>();
  #sessionConnection = false;
  #previous = "";
  /** Told of once: a line that is missing. */
  #missing = new Set<string>();

  next(type: string): OrderFault[] {
    const found = type === "m" ? this.#startMedia() : this.#inSection(type);
    this.#previous = type;
    return found;
  }

  end(): OrderFault[] {
    return this.#inMedia ? this.#connection() : this.#mandatory(SESSION_MANDATORY);
  }

  #startMedia(): OrderFault[] {
    const found = this.end();
    if (!this.#inMedia) this.#sessionConnection = this.#seen.has("c");
    this.#inMedia = true;
    this.#place = 0;
    this.#seen = new Set();
    return found;
  }

  #inSection(type: string): OrderFault[] {
    const places = this.#inMedia ? MEDIA : SESSION;
    const place = places.findIndex((types) => type !== "" && types.includes(type));
    if (type === "") return [];
    if (place === -1) {
      const known = MEDIA.includes(type) || SESSION.some((types) => types.includes(type));
      const code = known ? "line-order" : "line-type";
      return [{ code, clause: CLAUSE, expected: `one of ${places.join("").split("").join(", ")} here` }];
    }
    const found = this.#mandatory(SESSION_MANDATORY.slice(0, this.#inMedia ? 0 : Math.min(place, 3)));
    const once = this.#inMedia ? MEDIA_ONCE : SESSION_ONCE;
    if (once.includes(type) && this.#seen.has(type))
      found.push({ code: "line-repeated", clause: CLAUSE, expected: `one ${type}= line` });
    else if (place < this.#place)
      found.push({
        code: "line-order",
        clause: CLAUSE,
        expected: `${type}= before ${places[this.#place]?.[0] ?? ""}=`,
      });
    else if (type === "r" && this.#previous !== "t" && this.#previous !== "r")
      found.push({ code: "line-order", clause: "RFC 4566 5.10", expected: "r= behind a t= line" });
    this.#place = Math.max(place, this.#place);
    this.#seen.add(type);
    return found;
  }

  #mandatory(types: readonly string[]): OrderFault[] {
    if (this.#inMedia) return [];
    const missing = types.filter((type) => !this.#seen.has(type) && !this.#missing.has(type));
    for (const type of missing) this.#missing.add(type);
    return missing.map((type) => ({
      code: "line-missing",
      clause: CLAUSE,
      expected: `${type}= before this`,
    }));
  }

  #connection(): OrderFault[] {
    if (this.#sessionConnection || this.#seen.has("c")) return [];
    const expected = "c= for the session or for every medium";
    return [{ code: "connection-missing", clause: "RFC 4566 5.7", expected }];
  }
}
