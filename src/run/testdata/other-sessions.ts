/** Servers that conform in session mode, and are not the reference: each differs in many ways at once, none of which a statement forbids. */
import { otherFragments, talkativeConferences, terseConferences } from "./conference-documents.ts";
import { otherMedia, otherSwitch } from "./session-media-forms.ts";
import { otherNames, withoutRinging } from "./session-naming.ts";
import { otherB2bua, otherRefusals } from "./session-standing.ts";
import type { SutFile } from "../../spec/sut-file.ts";
import type { ServerVariant } from "./variants.ts";

/** Each meets the scenarios in which what is different with it shows. */
export const otherSessions: readonly ServerVariant[] = [
  {
    name: "names its sessions, itself and others in other forms",
    role: "server",
    alterations: [...otherNames, ...withoutRinging],
    places: ["B.1.3/ad-hoc-session", "general/5.5"].map(inFeatures),
  },
  {
    name: "tells much of its sessions, and in other words",
    role: "server",
    alterations: [...talkativeConferences, ...otherFragments],
    places: ["B.1.3/conference-events"].map(inFeatures),
    noted: ["7.2.2.10-b-2c-B"],
  },
  {
    name: "tells little of its sessions, and speaks MSRP in small pieces",
    role: "server",
    alterations: [...terseConferences, ...otherMedia, ...otherSwitch],
    places: ["general/7.2.3.f", "general/5.7", "B.1.3/modification-by-server"].map(inFeatures),
    // What it cuts has to be there.
    warned: ["7.2.3.1-7", "7.2.3.3-2b-3"],
  },
  {
    name: "is another B2BUA, and refuses sessions in other words",
    role: "server",
    alterations: [...otherB2bua, ...otherRefusals],
    places: ["B.1.4/originating-session"].map(inFeatures),
  },
  {
    name: "stands in sessions as a proxy, with another policy",
    role: "server",
    sutFile: asProxy,
    places: ["B.1.3/session-release", "general/7.2.3.4"].map(inFeatures),
  },
  {
    name: "answers sessions at once and leaves their media alone",
    role: "server",
    sutFile: atOnce,
    places: ["B.1.3/session-modification", "general/7.2.1.4"].map(inFeatures),
  },
];

function inFeatures(place: string): string {
  return `features/${place}`;
}

type Policy = NonNullable<SutFile["server"]>["policy"];

function withPolicy(sut: SutFile, change: Partial<Policy>): SutFile {
  const { server } = sut;
  return server === undefined
    ? sut
    : { ...sut, server: { ...server, policy: { ...server.policy, ...change } } };
}

function asProxy(sut: SutFile): SutFile {
  return withPolicy(sut, {
    sessionMode: "proxy",
    mediaPath: false,
    sessionIntervalS: 720,
    minimumIntervalS: 240,
    sessionMaximumBytes: 60_000,
    originatorCounts: true,
  });
}

function atOnce(sut: SutFile): SutFile {
  return withPolicy(sut, {
    mediaPath: false,
    answersEarly: true,
    remainingParticipants: 0,
    autoRelease: true,
    refusedSessionTypes: ["application/x-refused", "image/x-other"],
  });
}
