/** A scenario asks of the core what it cannot do. */
export class CoreError extends Error {
  readonly code: "unknown-user" | "no-address";
  constructor(code: CoreError["code"], message: string) {
    super(message);
    this.name = "CoreError";
    this.code = code;
  }
}
