/** Servers that conform in session mode, and are not the reference: each differs in many ways at once, none of which a statement forbids. */
import { otherFragments, talkativeConferences, terseConferences } from "./conference-documents.ts";
import { otherMedia, otherSwitch } from "./session-media-forms.ts";
import { otherNames, withoutRinging } from "./session-naming.ts";
import { otherB2bua, otherRefusals } from "./session-standing.ts";
import type { ServerVariant } from "./variants.ts";

export const otherSessions: readonly ServerVariant[] = [
  {
    name: "names its sessions, itself and others in other forms",
    role: "server",
    alterations: [...otherNames, ...withoutRinging],
  },
  {
    name: "tells much of its sessions, and in other words",
    role: "server",
    alterations: [...talkativeConferences, ...otherFragments],
    noted: ["7.2.2.10-b-2c-B"],
  },
  { name: "tells little of its sessions", role: "server", alterations: terseConferences },
  {
    name: "speaks MSRP in small pieces, and otherwise",
    role: "server",
    alterations: [...otherMedia, ...otherSwitch],
  },
  {
    name: "is another B2BUA, and refuses sessions in other words",
    role: "server",
    alterations: [...otherB2bua, ...otherRefusals],
  },
];
