/** The bundled reference server and client on the addresses of a SUT file, on whatever network: sockets, or the virtual one of the self-test. */
import type { z } from "zod";
import type { Clock } from "../net/clock.ts";
import type { Ids } from "../net/ids.ts";
import type { Network } from "../net/network.ts";
import { createImClient, type ClientAlteration } from "../peer/im-client/client.ts";
import { imClientConfig } from "../peer/im-client/config.ts";
import { imServerConfig } from "../peer/im-server/config.ts";
import { createImServer, type ServerAlteration } from "../peer/im-server/server.ts";
import type { Action, ActionAnswer } from "../spec/actions.ts";
import { clientActionSchema, serverActionSchema } from "../spec/actions-schema.ts";
import type { SutFile } from "../spec/sut-file.ts";
import { refusal, type Trigger } from "./trigger.ts";

export interface Surroundings {
  readonly network: Network;
  readonly clock: Clock;
  readonly ids: Ids;
}

export interface ReferencePeer {
  /** Its trigger or control hook, without the way over HTTP. */
  readonly trigger: Trigger;
  /** Where that way over HTTP is, when the SUT file asks for one. */
  readonly control?: { readonly host: string; readonly port: number };
  close(): Promise<void>;
}

/** Asked to play a side that the SUT file does not describe. */
export class NotDescribedError extends Error {
  readonly code = "not-described";
}

/** Fails with `PortInUseError`. */
export async function openReferenceServer(
  sutFile: SutFile,
  surroundings: Surroundings,
  faults: readonly ServerAlteration[] = [],
): Promise<ReferencePeer> {
  const { server } = sutFile;
  if (server === undefined)
    throw new NotDescribedError("the SUT file has no `server`: it describes a client only");
  const opened = await createImServer({ ...surroundings, config: imServerConfig(sutFile, server), faults });
  return {
    trigger: triggerOf(serverActionSchema, (action) => opened.perform(action)),
    ...(opened.control === undefined ? {} : { control: opened.control }),
    close: () => opened.close(),
  };
}

/** Fails with `PortInUseError`. */
export async function openReferenceClient(
  sutFile: SutFile,
  surroundings: Surroundings,
  faults: readonly ClientAlteration[] = [],
): Promise<ReferencePeer> {
  const { client } = sutFile;
  if (client === undefined)
    throw new NotDescribedError("the SUT file has no `client`: it describes a server only");
  const config = imClientConfig(sutFile, client);
  if (config === undefined)
    throw new NotDescribedError(
      `the user ${client.user} of the client is not among the users of the SUT file`,
    );
  const opened = await createImClient({ ...surroundings, config, faults });
  return {
    trigger: triggerOf(clientActionSchema, (action) => opened.perform(action)),
    ...(opened.trigger === undefined ? {} : { control: opened.trigger }),
    close: () => opened.close(),
  };
}

/** A client is asked for what clients do, a server for what servers do; the rest is answered as unsupported. */
function triggerOf<A extends Action>(
  schema: z.ZodType<A>,
  perform: (action: A) => Promise<ActionAnswer>,
): Trigger {
  return {
    async perform(action) {
      const known = schema.safeParse(action);
      if (!known.success) return refusal("unsupported", `this peer does not know ${action.action}`);
      return perform(known.data).catch((error: unknown) =>
        refusal("failed", error instanceof Error ? error.message : String(error)),
      );
    },
    close: () => Promise.resolve(),
  };
}
