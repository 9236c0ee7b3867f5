/** The trigger that a SUT file asks for. */
import type { TriggerConfig } from "../spec/sut-file.ts";
import { commandTrigger } from "./command-trigger.ts";
import { httpTrigger } from "./http-trigger.ts";
import { manualTrigger, type Terminal } from "./manual-trigger.ts";
import { stdioTrigger } from "./stdio-trigger.ts";
import type { Trigger } from "./trigger.ts";

export interface TriggerContext {
  readonly terminal: Terminal;
  /** The bundled peer in this process, for `reference`. */
  readonly reference?: Trigger;
}

export function openTrigger(config: TriggerConfig, context: TriggerContext): Trigger {
  switch (config.kind) {
    case "http":
      return httpTrigger(config);
    case "stdio":
      return stdioTrigger(config);
    case "command":
      return commandTrigger(config);
    case "manual":
      return manualTrigger(config, context.terminal);
    case "reference":
      break;
  }
  if (context.reference === undefined)
    throw new Error(
      'the trigger "reference" is for the bundled peers only; use "http" with the URL that `scrim serve` prints',
    );
  return context.reference;
}
