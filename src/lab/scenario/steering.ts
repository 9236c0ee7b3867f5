/** What only the server can start in a session: asked through its control hook, and written down with the answer. Nothing here judges. */
import type { ServerSessionAction } from "../../spec/actions.ts";
import { callIdOf, contactsOf } from "../../wire/sip/headers.ts";
import type { SipMessage } from "../../wire/sip/message.ts";
import { ActionFailed } from "../actor.ts";
import type { Play } from "./play.ts";

/** Without the session, which the scenario's is. */
type SessionAsk =
  | { readonly action: "cancel-invitations" }
  | { readonly action: "limit-session"; readonly seconds: number }
  | { readonly action: "change-session-media"; readonly acceptTypes: readonly string[] };

export class Steering {
  readonly #play: Play;

  constructor(play: Play) {
    this.#play = play;
  }

  /** Of the session of the scenario, by the identity that its focus names. Throws ActionFailed where the server cannot be made to do it. */
  async ask(ask: SessionAsk): Promise<void> {
    const session = this.#play.live.find((message) => focusIn(message) !== undefined);
    const identity = session && focusIn(session);
    if (identity === undefined) throw new ActionFailed("no conference focus has shown itself yet", "sut");
    await this.must({ ...ask, session: identity });
  }

  /** Until a re-INVITE has come to each since the server was asked, and was answered. */
  async offered(names: readonly string[]): Promise<void> {
    const { live, rig, lastAction } = this.#play;
    for (const name of names) {
      const actor = this.#play.actor(name);
      await this.#play.window({
        purpose: "presence",
        of: `re-INVITE at ${name}`,
        lengthMs: rig.sutFile.guards.actionMs,
        condition: () =>
          live.receivedBy(actor, "INVITE", lastAction).some((one) => live.finalTo(one) !== undefined),
      });
    }
    await this.#play.window({
      purpose: "presence",
      of: "ACK to the re-INVITEs",
      lengthMs: rig.sutFile.guards.responseMs,
      condition: () => this.#isAcknowledged(lastAction),
    });
  }

  /** Every INVITE of the server's since then: those through a B2BUA are several. */
  #isAcknowledged(seq: number): boolean {
    const { live, rig } = this.#play;
    const server = rig.sutFile.server?.node ?? "server";
    const acknowledged = live.exchangedWith(server, "ACK", seq, "in").map(({ message }) => callIdOf(message));
    return live
      .exchangedWith(server, "INVITE", seq, "in")
      .every(({ message }) => acknowledged.includes(callIdOf(message)));
  }

  async must(action: ServerSessionAction): Promise<void> {
    const answer = await this.tell(action);
    if (answer !== "done")
      throw new ActionFailed(`the server cannot be made to do "${action.action}": ${answer}`, "rig");
  }

  /** `done`, `unsupported`, or why it failed. */
  async tell(action: ServerSessionAction): Promise<string> {
    const { id } = this.#play.nextStimulus();
    const { seq } = this.#play.stimulated({
      id,
      actor: "IM Server",
      action: action.action,
      intent: { ...action },
      deviations: [],
    });
    this.#play.lastAction = seq;
    const answer = await this.#play.control(action, id);
    if (answer?.ok === true) return "done";
    return answer?.code === "unsupported" ? "unsupported" : (answer?.says ?? "no answer");
  }
}

/** The IM Session Identity, where Contact names a focus. */
function focusIn(message: SipMessage): string | undefined {
  try {
    return contactsOf(message).find(({ params }) => params.has("isfocus"))?.uri;
  } catch {
    return undefined;
  }
}
