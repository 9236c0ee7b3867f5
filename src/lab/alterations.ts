/** How a simulated client's message is made to differ from what the specification asks for: rows of a table in a feature. */

export interface MessageAlteration {
  readonly requestUri?: string;
  /** Replaced or added; an empty value takes the header away. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: string;
}

const AN_HOUR_MS = 3_600_000;

/** `| Expires | 60 |`, `| Date | an hour ago |`, `| Body | … |`, `| Request-URI | … |`; `{token}` is the token of the stimulus. */
export function alterationFrom(
  rows: readonly (readonly string[])[],
  token: string,
  now: number,
): MessageAlteration {
  const cells = rows.map(([name = "", value = ""]): readonly [string, string] => [
    name,
    worded(value, now).replaceAll("{token}", token),
  ]);
  const one = (wanted: string): string | undefined => cells.find(([name]) => name === wanted)?.[1];
  const requestUri = one("Request-URI");
  const body = one("Body");
  return {
    headers: cells.filter(([name]) => name !== "Request-URI" && name !== "Body"),
    ...(requestUri === undefined ? {} : { requestUri }),
    ...(body === undefined ? {} : { body }),
  };
}

function worded(value: string, now: number): string {
  if (value === "an hour ago") return new Date(now - AN_HOUR_MS).toUTCString();
  return value === "now" ? new Date(now).toUTCString() : value;
}

/** What a reader of the trace is told that Scrim did on purpose. */
export function deviationsOf({ requestUri, headers, body }: MessageAlteration): readonly string[] {
  return [
    ...(requestUri === undefined ? [] : [`Request-URI ${requestUri}`]),
    ...headers.map(([name, value]) => (value === "" ? `without ${name}` : `${name}: ${value}`)),
    ...(body === undefined ? [] : ["a body of the tester's"]),
  ];
}
