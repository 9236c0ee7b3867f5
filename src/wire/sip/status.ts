/** Reason phrases of status codes: RFC 3261 21, and those of extensions with their RFC. */
const REASON_PHRASES: ReadonlyMap<number, string> = new Map([
  [100, "Trying"],
  [180, "Ringing"],
  [181, "Call Is Being Forwarded"],
  [182, "Queued"],
  [183, "Session Progress"],
  [200, "OK"],
  [202, "Accepted"], // RFC 3428 7, RFC 6665 8.3.1
  [204, "No Notification"], // RFC 5839 7.1
  [300, "Multiple Choices"],
  [301, "Moved Permanently"],
  [302, "Moved Temporarily"],
  [305, "Use Proxy"],
  [380, "Alternative Service"],
  [400, "Bad Request"],
  [401, "Unauthorized"],
  [402, "Payment Required"],
  [403, "Forbidden"],
  [404, "Not Found"],
  [405, "Method Not Allowed"],
  [406, "Not Acceptable"],
  [407, "Proxy Authentication Required"],
  [408, "Request Timeout"],
  [410, "Gone"],
  [412, "Conditional Request Failed"], // RFC 3903 11.2.1
  [413, "Request Entity Too Large"],
  [414, "Request-URI Too Long"],
  [415, "Unsupported Media Type"],
  [416, "Unsupported URI Scheme"],
  [420, "Bad Extension"],
  [421, "Extension Required"],
  [422, "Session Interval Too Small"], // RFC 4028 6
  [423, "Interval Too Brief"],
  [430, "Flow Failed"], // RFC 5626 11.6
  [439, "First Hop Lacks Outbound Support"], // RFC 5626 11.6
  [440, "Max-Breadth Exceeded"], // RFC 5393 6.3
  [470, "Consent Needed"], // RFC 5360 5.9.2
  [480, "Temporarily Unavailable"],
  [481, "Call/Transaction Does Not Exist"],
  [482, "Loop Detected"],
  [483, "Too Many Hops"],
  [484, "Address Incomplete"],
  [485, "Ambiguous"],
  [486, "Busy Here"],
  [487, "Request Terminated"],
  [488, "Not Acceptable Here"],
  [489, "Bad Event"], // RFC 6665 8.3.2
  [491, "Request Pending"],
  [493, "Undecipherable"],
  [494, "Security Agreement Required"], // RFC 3329 2.2
  [495, "URI-List Handling Refused"], // asked for by SIMPLE IM 1.0; never registered
  [500, "Server Internal Error"],
  [501, "Not Implemented"],
  [502, "Bad Gateway"],
  [503, "Service Unavailable"],
  [504, "Server Time-out"],
  [505, "Version Not Supported"],
  [513, "Message Too Large"],
  [580, "Precondition Failure"], // RFC 3312 8
  [600, "Busy Everywhere"],
  [603, "Decline"],
  [604, "Does Not Exist Anywhere"],
  [606, "Not Acceptable"],
]);

/** The usual phrase; that of the class for a code without one of its own (RFC 3261 8.1.3.2 treats it as x00). */
export function reasonPhrase(status: number): string {
  return REASON_PHRASES.get(status) ?? REASON_PHRASES.get(Math.floor(status / 100) * 100) ?? "Unknown";
}
