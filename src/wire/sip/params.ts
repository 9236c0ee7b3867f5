/** Parameters of header fields and URIs: what all of them have in common. */

/**
 * Parameters by name in lower case (they are compared without regard to case, RFC 3261 7.3.1), values as sent, quotes included
 * (`unquoted` takes them off); undefined where a parameter has no value, so ask with `has` for those.
 */
export type Params = ReadonlyMap<string, string | undefined>;

export const NO_PARAMS: Params = new Map();

/** `*( SEMI generic-param )` */
export function formatParams(params: Params): string {
  let text = "";
  for (const [name, value] of params) text += value === undefined ? `;${name}` : `;${name}=${value}`;
  return text;
}

const QUOTE = 0x22;

/**
 * The parameters that a pattern with `usualParamsPattern` has found, `at` being the first of its groups. Undefined when a name comes twice.
 */
export function usualParams(found: RegExpExecArray, at: number): Params | undefined {
  const first = found[at];
  if (first === undefined) return NO_PARAMS;
  const params = new Map<string, string | undefined>();
  params.set(first, found[at + 1]);
  const second = found[at + 2];
  if (second === undefined) return params;
  params.set(second, found[at + 3]);
  const others = found[at + 4] ?? "";
  const count = 2 + (others === "" ? 0 : addParams(params, others));
  return params.size === count ? params : undefined;
}

/** Adds `;name` and `;name=value` as often as they stand in the text, and nothing else does; says how many there were. */
function addParams(params: Map<string, string | undefined>, text: string): number {
  let count = 0;
  let equals = 0;
  for (let at = 0; at < text.length; count += 1) {
    // Looked for only when the last one is behind: else a long list without any would be searched again and again.
    if (equals <= at) equals = indexOrEnd(text, "=", at);
    let end = indexOrEnd(text, ";", at + 1);
    if (equals >= end) params.set(text.slice(at + 1, end), undefined);
    else {
      if (text.charCodeAt(equals + 1) === QUOTE) end = text.indexOf('"', equals + 2) + 1;
      params.set(text.slice(at + 1, equals), text.slice(equals + 1, end));
    }
    at = end;
  }
  return count;
}

function indexOrEnd(text: string, wanted: string, from: number): number {
  const at = text.indexOf(wanted, from);
  return at === -1 ? text.length : at;
}
