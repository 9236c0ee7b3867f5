/** Ends at the SUT what a killed run left open: users deregister as they would have, client and server are brought back to their start. */
import { createRecorder, type EventSink } from "../trace/recorder.ts";
import { defaultSettings } from "../peer/im-client/config.ts";
import { DEFAULT_SET } from "./describe-scenario.ts";
import type { SutKind } from "./liveness.ts";
import { openRig, type Rig, type RigOptions } from "./rig.ts";
import type { ScenarioLab } from "./scenario-lab.ts";

export interface ToEnd {
  readonly registrations: readonly string[];
  readonly publications: readonly { readonly user: string; readonly entityTag: string }[];
  readonly client: boolean;
}

export interface Ended {
  readonly ok: boolean;
  readonly says: string;
}

interface RecoveryOptions extends Omit<RigOptions, "recorder" | "onClosed" | "mayStart"> {
  /** Told what crosses on the way; default: nobody is. */
  readonly sink?: EventSink;
}

/** Says what it did, a sentence each. Fails with `PortInUseError`. */
export async function recover(
  ends: ToEnd,
  options: RecoveryOptions,
  onEnded: (ended: Ended) => void,
): Promise<void> {
  const recorder = createRecorder({
    clock: options.clock,
    ...(options.sink === undefined ? {} : { sink: options.sink }),
  });
  const rig = await openRig({ ...options, recorder, onClosed: (scenario) => recorder.forget(scenario) });
  try {
    if (options.sutFile.server !== undefined) await recoverServer(ends, rig, options, onEnded);
    // Without a server, what is left is at a core of the lab.
    else
      for (const user of ends.registrations) onEnded(await endRegistration(user, undefined, rig, "client"));
    if (options.sutFile.client !== undefined) await recoverClient(ends, rig, options, onEnded);
  } finally {
    await options.driver.drive(rig.close());
  }
}

async function recoverServer(
  ends: ToEnd,
  rig: Rig,
  { triggers, driver }: RecoveryOptions,
  onEnded: (ended: Ended) => void,
): Promise<void> {
  if (!(await driver.drive(rig.checkAlive("server")))) {
    onEnded({ ok: false, says: "the server does not answer: start it, and recover again" });
    return;
  }
  for (const user of ends.registrations) {
    const tag = ends.publications.find((publication) => publication.user === user)?.entityTag;
    onEnded(await endRegistration(user, tag, rig, "server"));
  }
  if (triggers.server === undefined) return;
  for (const action of [{ action: "reset" }, { action: "configure", set: DEFAULT_SET }] as const) {
    const { ok, code, says } = await driver.drive(triggers.server.perform(action));
    const what = action.action === "reset" ? "reset" : `brought into the configuration set ${action.set}`;
    if (ok) onEnded({ ok, says: `the server is ${what}` });
    else if (code !== "unsupported")
      onEnded({ ok, says: `the server cannot be ${what}: ${says ?? "no reason given"}` });
  }
}

/** The user registers once more, so that the server has somebody to let go: REGISTER, then third-party REGISTER with Expires 0. */
async function endRegistration(
  user: string,
  tag: string | undefined,
  rig: Rig,
  sut: SutKind,
): Promise<Ended> {
  const lab = await openLab(rig, sut, `recovery of ${user}`);
  if (lab === undefined) return { ok: false, says: `${user} is left as it is: the SUT does not answer` };
  try {
    await lab.arrange.register("User", { impu: user });
    if (tag !== undefined) await endPublication(lab, tag);
    return {
      ok: true,
      says: `${user} is deregistered${tag === undefined ? "" : ", its settings withdrawn"}`,
    };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { ok: false, says: `${user} cannot be deregistered: ${why}` };
  } finally {
    await lab.close();
  }
}

/** RFC 3903 4.5: Expires 0 and the entity tag, without a body. A tag that the server has dropped is no loss. */
async function endPublication(lab: ScenarioLab, tag: string): Promise<void> {
  await lab.cause.act(
    "User",
    { action: "publish-settings", settings: defaultSettings },
    {
      alter: [
        ["SIP-If-Match", tag],
        ["Expires", "0"],
        ["Body", ""],
        ["Content-Type", ""],
      ],
    },
  );
}

async function recoverClient(
  ends: ToEnd,
  rig: Rig,
  { triggers, driver, sutFile }: RecoveryOptions,
  onEnded: (ended: Ended) => void,
): Promise<void> {
  if (triggers.client === undefined || sutFile.client === undefined) return;
  const { user } = sutFile.client;
  const alive = await driver.drive(rig.checkAlive("client"));
  if (!alive) {
    onEnded({ ok: false, says: "the trigger of the client does not answer: start it, and recover again" });
    return;
  }
  if (ends.client) onEnded(await endClient(user, rig));
  const { ok, code, says } = await driver.drive(triggers.client.perform({ action: "reset" }));
  if (ok) onEnded({ ok, says: "the client is reset" });
  else if (code !== "unsupported")
    onEnded({ ok, says: `the client cannot be reset: ${says ?? "no reason given"}` });
}

async function endClient(user: string, rig: Rig): Promise<Ended> {
  const lab = await openLab(rig, "client", "recovery of the client");
  if (lab === undefined) return { ok: false, says: "the client is left as it is: it does not answer" };
  try {
    await lab.arrange.leaseClientUnderTest("Client");
    await lab.cause.act("Client", { action: "deregister" });
    await lab.wait.settled("Client", "REGISTER");
    return { ok: true, says: `the client is deregistered (${user})` };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { ok: false, says: `the client cannot be deregistered: ${why}` };
  } finally {
    await lab.close();
  }
}

function openLab(rig: Rig, sut: "server" | "client", name: string): Promise<ScenarioLab | undefined> {
  return rig.openScenario(
    {
      name,
      feature: "scrim recover",
      location: "scrim recover",
      tags: [],
      purpose: [],
      sut,
      configurationSet: DEFAULT_SET,
    },
    1,
  );
}
