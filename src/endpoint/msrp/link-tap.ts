/** Tells the tap of an endpoint what crosses one connection. */
import { encodeBytes } from "../../trace/bytes.ts";
import type { RecordedBytes } from "../../trace/event.ts";
import { MsrpParseError } from "../../wire/msrp/error.ts";
import { parseMsrp } from "../../wire/msrp/frame.ts";
import type { MsrpFrame } from "../../wire/msrp/message.ts";
import type { Hop } from "../../net/network.ts";
import type { WireError } from "../crossing.ts";
import { wireErrorOf } from "../wire-error.ts";
import type { MsrpTap } from "./crossing.ts";
import type { OutContext } from "./link-writer.ts";

/** A message as it is told. */
export interface Told {
  readonly bytes: RecordedBytes;
  readonly frame?: MsrpFrame;
  readonly error?: WireError;
  readonly context: OutContext;
  readonly begunAt: number;
}

export interface TapOut {
  now(): number;
  tell(told: Told): void;
  /** Bytes that are not a message; what is wrong with them is found out. */
  tellBytes(bytes: Uint8Array, context: OutContext, error?: MsrpParseError): void;
}

export function createLinkTap(
  tap: MsrpTap,
  direction: "in" | "out",
  vantage: {
    readonly node: string;
    readonly now: () => number;
    readonly ends: () => { local: Hop; remote: Hop };
  },
): TapOut {
  const { node, now, ends } = vantage;
  const tell = ({ bytes, frame, error, context, begunAt }: Told): void =>
    tap({
      node,
      direction,
      ...ends(),
      protocol: "msrp",
      bytes,
      ...(frame === undefined ? {} : { frame }),
      ...(error === undefined ? {} : { error }),
      ...(context.session === undefined ? {} : { session: context.session }),
      ...(context.annotation === undefined ? {} : { annotation: context.annotation }),
      begunAt,
      at: now(),
    });
  return {
    now,
    tell,
    tellBytes: (bytes, context, error) => {
      const why = error ?? errorOf(bytes);
      const told = { bytes: encodeBytes(bytes), context, begunAt: now() };
      tell(why === undefined ? told : { ...told, error: wireErrorOf(why) });
    },
  };
}

function errorOf(bytes: Uint8Array): MsrpParseError | undefined {
  try {
    parseMsrp(bytes);
    return undefined;
  } catch (error) {
    if (error instanceof MsrpParseError) return error;
    throw error;
  }
}
