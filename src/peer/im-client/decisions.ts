/** Everything that the client decides, in groups and by name; a fault replaces one. */
import { publishing } from "./decisions/publishing.ts";
import { receiving, reporting } from "./decisions/receiving.ts";
import { registering, routing } from "./decisions/registering.ts";
import { sending } from "./decisions/sending.ts";
import { modifying, referring, watching } from "./session/decisions/conferring.ts";
import { invited } from "./session/decisions/invited.ts";
import { inviting } from "./session/decisions/inviting.ts";
import { hearing, talking } from "./session/decisions/talking.ts";

export interface ClientDecisions {
  readonly registering: typeof registering;
  readonly publishing: typeof publishing;
  readonly sending: typeof sending;
  readonly receiving: typeof receiving;
  readonly reporting: typeof reporting;
  readonly routing: typeof routing;
  readonly inviting: typeof inviting;
  readonly invited: typeof invited;
  readonly modifying: typeof modifying;
  readonly watching: typeof watching;
  readonly referring: typeof referring;
  readonly talking: typeof talking;
  readonly hearing: typeof hearing;
}

export const referenceClientDecisions: ClientDecisions = {
  registering,
  publishing,
  sending,
  receiving,
  reporting,
  routing,
  inviting,
  invited,
  modifying,
  watching,
  referring,
  talking,
  hearing,
};
