/** Third-party registration: the core tells who is there (clause 5.3; 3GPP TS 24.229 5.4.1.7). */
import type { Behaviour } from "../im/behaviour.ts";
import { toUri } from "../im/address.ts";
import { expiresOf, header } from "../../wire/sip/headers.ts";
import { mainIdentity } from "./config.ts";
import { pushDeferred } from "./deferral.ts";
import { answer } from "./outgoing.ts";
import type { Turn } from "./turn.ts";

/** Seconds that a registration without Expires counts (RFC 3261 10.2.1.1). */
const DEFAULT_EXPIRES_S = 3600;

const noteRegistration: Behaviour<Turn> = {
  name: "note-registration",
  clause: "5.3",
  run(turn) {
    const { registrations, clock, decisions } = turn.server;
    const told = toUri(turn.request);
    const user = told === undefined ? undefined : mainIdentity(turn.server.config, told);
    const now = clock.now();
    const seconds = expiresOf(turn.request) ?? DEFAULT_EXPIRES_S;
    if (user !== undefined) registrations.set(user, now + seconds * 1000, now);
    const expires = decisions.registration.expires(turn, header(turn.request, "Expires"));
    answer(turn, decisions.registration.status(turn), [["Expires", expires]]);
    if (user !== undefined) pushDeferred(turn.server, user, "registration");
    return "done";
  },
};

export const thirdPartyRegister: readonly Behaviour<Turn>[] = [noteRegistration];
