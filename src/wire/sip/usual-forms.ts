/**
 * Pieces of patterns for the forms in which nearly every sender writes its header fields: no white space where it may be left out, names of
 * parameters in lower case, nothing escaped. A reader tries the pattern of the whole value first, because one match costs a fraction of a
 * scan piece by piece; what does not match is read by the rules of RFC 3261 25.1 as before, and they name the error if there is one.
 *
 * No character fits in two places of a pattern, so that matching is linear.
 */

/** `token` */
export const USUAL_TOKEN = "[!%'*+\\-.0-9A-Z_`a-z~]+";

/** `quoted-string` without `quoted-pair` */
const QUOTED = '"[\\t !#-\\[\\]-~\\x80-\\uffff]*"';

/**
 * `;name` or `;name=value` as often as it comes, in five groups that `usualParams` reads: name and value of the first, of the second, and the
 * text of the others. More than two are seldom, and what a pattern takes apart need not be looked for again.
 */
export function usualParamsPattern(name: string, value: string): string {
  const captured = `;(${name})(?:=(${value}))?`;
  return `(?:${captured}(?:${captured}((?:;${name}(?:=(?:${value}))?)*))?)?`;
}

/** `*( SEMI generic-param )` */
export const USUAL_PARAMS = usualParamsPattern("[!%'*+\\-.0-9_`a-z~]+", `${USUAL_TOKEN}|${QUOTED}`);

const ALPHANUMS = "[0-9A-Za-z]+";
const HOSTNAME = `(?:${ALPHANUMS}(?:-+${ALPHANUMS})*\\.)*[A-Za-z][0-9A-Za-z]*(?:-+${ALPHANUMS})*\\.?`;
const UP_TO_255 = "(?:25[0-5]|2[0-4][0-9]|[01]?[0-9]?[0-9])";

/** `hostname / IPv4address` */
export const USUAL_HOST = `(?:${HOSTNAME}|(?:${UP_TO_255}\\.){3}${UP_TO_255})`;
