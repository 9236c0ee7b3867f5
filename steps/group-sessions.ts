/** Sessions of Pre-defined Groups: begun and joined otherwise than plainly. */
import { When } from "@cucumber/cucumber";
import type { DataTable } from "@cucumber/cucumber";
import type { EnteringOptions } from "../src/lab/scenario/entering.ts";
import type { ScrimWorld } from "./world.ts";

/** What stands in Contact of another conference: no client of its own answers there, and a refusal needs none. */
const FOCUS = [["Contact", "<sip:im-session-1@elsewhere.example>;+g.oma.sip-im;isfocus"]] as const;

/** An offer without messages. */
const AUDIO = [
  "v=0",
  "o=- 1 1 IN IP4 127.0.0.1",
  "s=-",
  "c=IN IP4 127.0.0.1",
  "t=0 0",
  "m=audio 49170 RTP/AVP 0",
  "",
].join("\r\n");

const ENTERS = "^([A-Z][a-z]+) (?:starts|joins) the session of the group ([A-Z][a-z]+)";

function how(world: ScrimWorld, words: string): EnteringOptions {
  if (words === "hiding the identity") return { anonymous: true };
  if (words === "as the focus of another session") return { alter: FOCUS };
  if (words === "with audio alone") return { alter: [["Body", AUDIO]] };
  const [, hidden] = /^hiding the identity, under the name (.+)$/u.exec(words) ?? [];
  if (hidden !== undefined) return { anonymous: true, alias: hidden };
  const [, alias] = /^under the name (.+)$/u.exec(words) ?? [];
  if (alias !== undefined) return { alias };
  if (words === "with content alone that the operator refuses")
    return { acceptTypes: [world.lab.enter.refusedType] };
  const [, types] = /^taking content of type (.+)$/u.exec(words) ?? [];
  if (types !== undefined) return { acceptTypes: types.split(" and ") };
  throw new Error(`"${words}" is no way to enter a session`);
}

When(
  new RegExp(`${ENTERS}, (?!altered so:$)(.+)$`, "u"),
  async function (this: ScrimWorld, name: string, group: string, words: string) {
    await this.lab.enter.group(name, group, how(this, words));
  },
);

When(
  new RegExp(`${ENTERS}, altered so:$`, "u"),
  async function (this: ScrimWorld, name: string, group: string, table: DataTable) {
    await this.lab.enter.group(name, group, { alter: table.raw() });
  },
);

// The session need not be there yet when the step is over.
When(
  /^([A-Z][a-z]+) begins to (?:start|join) the session of the group ([A-Z][a-z]+)$/u,
  async function (this: ScrimWorld, name: string, group: string) {
    await this.lab.enter.begin(name, group);
  },
);
