/**
 * The text codes of Warning headers (5.6.2). The warn-code is 399 always (5.6.1); the text begins with one of these. Only the code is
 * compared: the document itself spells the words in more than one way.
 */
export const WARN_CODE = 399;

export interface WarningText {
  readonly code: string;
  readonly text: string;
  /** Responses that the specification puts it in. */
  readonly statuses: readonly number[];
}

export const WARNING_TEXTS = {
  tooManyParticipants: { code: "102", text: "Too many participants", statuses: [486] },
  isfocusAssigned: { code: "105", text: "isfocus already assigned", statuses: [403, 495] },
  anonymityNotAllowed: { code: "119", text: "Anonymity not allowed", statuses: [403] },
  functionNotAllowed: { code: "122", text: "Function not allowed", statuses: [403, 420, 486] },
  sessionDoesNotExist: { code: "123", text: "Session does not exist", statuses: [403, 606] },
  ageLimit: { code: "124", text: "Service not allowed due to the age limit", statuses: [403] },
  noMessages: { code: "125", text: "No messages", statuses: [488] },
  serviceNotAuthorised: { code: "127", text: "Service not authorised", statuses: [401, 403] },
} as const satisfies Readonly<Record<string, WarningText>>;

/** `102 Too many participants`: what stands between the quotes of the Warning header. */
export function warningTextOf({ code, text }: WarningText): string {
  return `${code} ${text}`;
}

export interface ParsedWarningText {
  readonly code: string;
  readonly explanation: string;
}

/** Code and explanation; undefined if the text has not the form of 5.6.2. */
export function parseWarningText(text: string): ParsedWarningText | undefined {
  const [, code, explanation] = /^(\d{3})[ \t]+(\S.*)$/.exec(text) ?? [];
  return code === undefined || explanation === undefined ? undefined : { code, explanation };
}

/** Whether a warning text has the code, whatever its words. */
export function hasWarningCode(text: string, { code }: WarningText): boolean {
  return parseWarningText(text)?.code === code;
}
