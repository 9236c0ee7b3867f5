/** Tells the tap of an endpoint what crosses one connection. */
import { encodeBytes } from "../../trace/bytes.ts";
import type { RecordedBytes } from "../../trace/event.ts";
import { MsrpParseError, readOrMsrpError } from "../../wire/msrp/error.ts";
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
  tellFrame(frame: MsrpFrame, bytes: Uint8Array, context: OutContext): void;
  /** Bytes that may be no message; what is wrong with them is found out when it is not said. */
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
  const tellFrame = (frame: MsrpFrame, bytes: Uint8Array, context: OutContext): void =>
    tell({ bytes: encodeBytes(bytes), frame, context, begunAt: now() });
  return {
    now,
    tell,
    tellFrame,
    tellBytes: (bytes, context, error) => {
      const read = error ?? readOrMsrpError(() => parseMsrp(bytes));
      if (!(read instanceof MsrpParseError)) tellFrame(read, bytes, context);
      else tell({ bytes: encodeBytes(bytes), error: wireErrorOf(read), context, begunAt: now() });
    },
  };
}
