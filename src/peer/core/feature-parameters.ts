/** Feature parameters of Contact, Accept-Contact and Reject-Contact values (RFC 3840 9, RFC 3841 10). */

export interface FeatureParameter {
  /** In lower case, with its plus sign. */
  readonly name: string;
  /** Without quotes; undefined for a parameter without value. */
  readonly value: string | undefined;
}

/** Parameters that RFC 3841 7.2.3 step 2 takes for feature parameters though they have no plus sign. */
const BASE_TAGS: ReadonlySet<string> = new Set(
  (
    "audio automata class duplex data control mobility description events priority methods schemes application video actor " +
    "language isfocus type extensions text"
  ).split(" "),
);

/** Splits at semicolons outside quotes and angle brackets. */
function splitParameters(value: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  let bracketed = false;
  for (let index = 0; index < value.length; index++) {
    const character = value[index];
    if (quoted && character === "\\") index++;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && character === "<") bracketed = true;
    else if (!quoted && character === ">") bracketed = false;
    else if (!quoted && !bracketed && character === ";") {
      parts.push(value.slice(start, index));
      start = index + 1;
    }
  }
  return [...parts, value.slice(start)];
}

function unquote(text: string): string {
  return /^".*"$/s.test(text) ? text.slice(1, -1).replace(/\\(.)/gs, "$1") : text;
}

/** All parameters behind the address or `*` of a header value, in their order. */
export function parametersOf(value: string): FeatureParameter[] {
  return splitParameters(value)
    .slice(1)
    .map((part) => {
      const equals = part.indexOf("=");
      if (equals < 0) return { name: part.trim().toLowerCase(), value: undefined };
      return {
        name: part.slice(0, equals).trim().toLowerCase(),
        value: unquote(part.slice(equals + 1).trim()),
      };
    })
    .filter((parameter) => parameter.name !== "");
}

export function isFeatureParameter(name: string): boolean {
  return name.startsWith("+") || BASE_TAGS.has(name.toLowerCase());
}

/** A tag with a plus sign counts only where the same one without it is not there (RFC 3841 7.2.3 step 3). */
export function featureParametersOf(value: string): FeatureParameter[] {
  const all = parametersOf(value).filter(({ name }) => isFeatureParameter(name));
  const names = new Set(all.map(({ name }) => name));
  return all.filter(({ name }) => !name.startsWith("+") || !names.has(name.slice(1)));
}
