/** Notices when this process stands still, and writes it into every scenario that was open meanwhile. */
import type { Clock } from "../net/clock.ts";
import type { Recorder } from "../trace/recorder.ts";

/** Milliseconds between two looks. */
const EVERY_MS = 50;
/** Milliseconds; a timer that is so much late is worth a line in the record. */
const WORTH_TELLING_MS = 200;

export function watchHoldUps(recorder: Recorder, clock: Clock): { end(): void } {
  const open = new Set<string>();
  const endListening = recorder.onEvent((event) => {
    if (event.scenario === undefined) return;
    if (event.type === "scenario-opened") open.add(event.scenario);
    if (event.type === "scenario-closed") open.delete(event.scenario);
  });
  let disarm: () => void = () => undefined;
  const look = (): void => {
    const due = clock.now() + EVERY_MS;
    disarm = clock.callAt(due, () => {
      const forMs = Math.round(clock.now() - due);
      if (forMs >= WORTH_TELLING_MS)
        for (const scenario of open) recorder.record({ type: "held-up", scenario, forMs });
      look();
    });
  };
  look();
  return {
    end() {
      disarm();
      endListening();
    },
  };
}
