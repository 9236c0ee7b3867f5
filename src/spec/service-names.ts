/** User parts of the URIs of IM functions (F.2). Printed with a capital and without, so compared without case. */
export const SERVICE_NAMES = { deferred: "Deferred", history: "History", delete: "Delete" } as const;

export type ServiceFunction = keyof typeof SERVICE_NAMES;

/** `sip:History@hostname` */
export function serviceUri(of: ServiceFunction, hostname: string): string {
  return `sip:${SERVICE_NAMES[of]}@${hostname}`;
}

/** The function that a URI names; undefined: none of F.2. */
export function serviceFunctionOf(uri: string): ServiceFunction | undefined {
  const user = /^sips?:([^@:;]+)(?::[^@]*)?@/i.exec(uri)?.[1]?.toLowerCase();
  switch (user) {
    case "deferred":
    case "history":
    case "delete":
      return user;
    case undefined:
    default:
      return undefined;
  }
}
