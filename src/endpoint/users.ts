import { sipResponse } from "../wire/sip/build.ts";
import type { Ids } from "../net/ids.ts";
import type { IncomingRequest } from "./incoming.ts";

/** The users of an endpoint: what they do wrong must not take the endpoint down. */
export interface Users {
  readonly add: (handler: (incoming: IncomingRequest) => void) => void;
  readonly deliver: (incoming: IncomingRequest) => void;
  /** Calls what may throw: a user's callback, a tap, an edge. */
  readonly guard: (call: () => void) => void;
}

export function createUsers(onHandlerError: (error: unknown) => void, ids: Ids): Users {
  const handlers: ((incoming: IncomingRequest) => void)[] = [];

  const attempt = (call: () => void): boolean => {
    try {
      call();
      return true;
    } catch (error) {
      onHandlerError(error);
      return false;
    }
  };

  const refuse = (incoming: IncomingRequest, status: number): void => {
    if (!incoming.answered)
      incoming.respond(sipResponse(incoming.message, status, undefined, { toTag: ids.token() }));
  };

  return {
    add: (handler) => void handlers.push(handler),
    guard: (call) => void attempt(call),
    deliver: (incoming) => {
      if (handlers.length === 0) return refuse(incoming, 503);
      const well = handlers.map((handler) => attempt(() => handler(incoming)));
      if (well.includes(false)) refuse(incoming, 500);
    },
  };
}

/** A handler that throws is a mistake of Scrim's own; it must be seen and must not end the process. */
export function warnOfHandler(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : new Error(String(error)));
}
