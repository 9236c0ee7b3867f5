/** Servers that conform, and are not the reference. */
import { DEFAULT_SESSION_POLICY } from "../../spec/session-policy.ts";
import { decide } from "../../fault/fault.ts";
import type { SutFile } from "../../spec/sut-file.ts";
import { inEveryForm, onWire } from "./alterations.ts";
import { fieldsOfOthers } from "./message-forms.ts";
import { backToBack, withoutToken } from "./user-agents.ts";
import type { ServerVariant } from "./variants.ts";
import {
  identities,
  originatorInFrom,
  publishing,
  refusing,
  releaseInResponses,
  releases,
  reticent,
  sparseCopies,
} from "./server-answers.ts";
import {
  aggregating,
  inCompany,
  inMultipart,
  otherBoundaries,
  ownMessageIds,
  talkative,
} from "./server-traffic.ts";

/** Where the way of notifications shows. */
const GROUPS = [
  "features/B.3.3/originating",
  "features/B.3.4",
  "features/B.3.5",
  "features/flows",
  "features/general/8.3",
];

/** The figure begins with a user who is away. */
const FLOW = Array.from({ length: 19 }, (_, index) => `D.3-${index + 1}`);

export const serverVariants: readonly ServerVariant[] = [
  {
    name: "refuses in other words and keeps settings otherwise",
    role: "server",
    alterations: [...refusing, ...publishing],
    noted: ["8.3.1.1-3", "5.3-3"],
  },
  {
    name: "says little, and its release in responses",
    role: "server",
    alterations: [...reticent, ...releaseInResponses],
    noted: ["6.1.2.3.1-2"],
  },
  {
    name: "writes identities in other forms, and its release elsewhere",
    role: "server",
    alterations: [...identities, ...releases],
    noted: ["6.1.2.3.1-2"],
  },
  {
    name: "names the originator in From",
    role: "server",
    alterations: originatorInFrom,
    places: [...GROUPS, "features/general/5"],
    noted: ["5.4-5"],
  },
  { name: "puts little into copies", role: "server", alterations: sparseCopies, places: GROUPS },
  {
    name: "gathers until Ts2, and again",
    role: "server",
    alterations: [...aggregating, ...inMultipart],
    places: GROUPS,
  },
  { name: "gives copies ids of their own", role: "server", alterations: ownMessageIds(), places: GROUPS },
  { name: "sends much twice, and has company", role: "server", alterations: [...inCompany(), ...talkative] },
  {
    name: "is a B2BUA that takes bodies apart",
    role: "server",
    alterations: [decide(backToBack(true)), onWire([otherBoundaries])],
    noted: ["6.1.1.3.1-4"],
  },
  {
    name: "is a B2BUA without the original-dialog token",
    role: "server",
    alterations: [decide(backToBack(false)), ...withoutToken],
    sutFile: withServer({ originalDialogToken: false }),
  },
  { name: "writes headers in other forms", role: "server", alterations: [inEveryForm(fieldsOfOthers)] },
  {
    name: "knows nothing of registrations, and has another policy",
    role: "server",
    sutFile: otherPolicy,
    unreached: ["6.1.2.1-5a", "5.3-1", "5.3-2", "5.3-3", ...FLOW],
  },
  {
    name: "keeps no messages for users who are away",
    role: "server",
    alterations: [
      decide({
        termination: { defers: () => false },
        refusals: { unavailable: () => ({ status: 404, reason: "Not Here Now" }) },
      }),
    ],
    places: ["features/B.3.3/terminating", "features/flows"],
  },
  {
    name: "takes files into sessions, and passes them on",
    role: "server",
    alterations: [decide({ sessionMedia: { takesFile: () => true } })],
    places: ["features/B.1.3/session-modification", "features/B.1.3/modification", "features/general/7.2.1.11"],
    passed: ["7.2.1.6-n"],
  },
];

function otherPolicy(sut: SutFile): SutFile {
  return withServer({
    thirdPartyRegister: false,
    policy: {
      adHocMaximum: 4,
      originatorCounts: true,
      refusedTypes: ["application/x-refused", "image/*"],
      maximumBytes: 3000,
      supportedReleases: ["IM-client/OMA2.0", "im-CLIENT/oma1.0"],
      uriListService: true,
      ...DEFAULT_SESSION_POLICY,
      refusedSessionTypes: ["audio/x-unwanted", "application/x-refused"],
    },
  })(sut);
}

function withServer(change: Partial<NonNullable<SutFile["server"]>>): (sut: SutFile) => SutFile {
  return (sut) => (sut.server === undefined ? sut : { ...sut, server: { ...sut.server, ...change } });
}
