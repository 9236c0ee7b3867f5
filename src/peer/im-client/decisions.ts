/** Everything that the client decides, in groups and by name; a fault replaces one. */
import { publishing } from "./decisions/publishing.ts";
import { receiving, reporting } from "./decisions/receiving.ts";
import { registering, routing } from "./decisions/registering.ts";
import { sending } from "./decisions/sending.ts";

export interface ClientDecisions {
  readonly registering: typeof registering;
  readonly publishing: typeof publishing;
  readonly sending: typeof sending;
  readonly receiving: typeof receiving;
  readonly reporting: typeof reporting;
  readonly routing: typeof routing;
}

export const referenceClientDecisions: ClientDecisions = {
  registering,
  publishing,
  sending,
  receiving,
  reporting,
  routing,
};
