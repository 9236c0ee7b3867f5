/** Everything that the switch decides, in groups and by name, so that a fault can replace one decision and leave the rest. */
import { alias } from "./decisions/alias.ts";
import { announcement } from "./decisions/announcement.ts";
import { finalReport } from "./decisions/final-report.ts";
import { pace } from "./decisions/pace.ts";
import { privateMessage } from "./decisions/private-message.ts";
import { relay } from "./decisions/relay.ts";
import { relayedCopy } from "./decisions/relayed-copy.ts";

export interface SwitchDecisions {
  readonly alias: typeof alias;
  readonly relay: typeof relay;
  readonly relayedCopy: typeof relayedCopy;
  readonly privateMessage: typeof privateMessage;
  readonly finalReport: typeof finalReport;
  readonly announcement: typeof announcement;
  readonly pace: typeof pace;
}

export const referenceSwitchDecisions: SwitchDecisions = {
  alias,
  relay,
  relayedCopy,
  privateMessage,
  finalReport,
  announcement,
  pace,
};
