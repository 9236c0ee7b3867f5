/** Terminating participating function (clause 6.1.2.1). */
import { addressee } from "../peer/im-server/decisions/termination.ts";
import { sendOwn } from "../peer/im-server/outgoing.ts";
import type { Turn } from "../peer/im-server/turn.ts";
import { contentTypeOf, expiresOf } from "../wire/sip/headers.ts";
import { withoutHeader } from "../wire/sip/edit.ts";
import { rejects } from "../wire/xml/access-rules.ts";
import type { Conditions } from "../wire/xml/conditions.ts";
import { decide, onResponse, serverFault, skip } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { isToClient } from "./terminating-side.ts";

/** As the reference evaluates the access policy, but the conditions are changed first. */
async function isRejected(turn: Turn, changed: (conditions: Conditions) => Conditions): Promise<boolean> {
  const { server } = turn;
  const policy = await server.xdm.accessRules(addressee(turn));
  if (policy === undefined) return false;
  const rules = policy.rules.map((rule) => ({ ...rule, conditions: changed(rule.conditions) }));
  return server.decisions.termination.policyRequests(turn).some((request) => rejects({ rules }, request));
}

/** Conditions of one kind count as if they were not there. */
function rejectedWithout(kind: keyof Conditions, turn: Turn): Promise<boolean> {
  return isRejected(turn, ({ [kind]: _left, ...conditions }) => conditions);
}

/** The sender is told no, and the user gets the message. */
async function deliveredThoughRejected(turn: Turn): Promise<boolean> {
  const rejected = await isRejected(turn, (conditions) => conditions);
  if (rejected) sendOwn(turn.server, turn.request);
  return rejected;
}

function barsAnything(turn: Turn): boolean {
  const settings = turn.server.publications.settingsOf(addressee(turn), turn.server.clock.now());
  return settings?.barMessages === true || settings?.barSessions === true;
}

const barring: readonly Fault[] = [
  serverFault(["6.1.2.1-1a", "6.1.2.1-1b"], "barring by the settings is not asked", skip("check-barring")),
  serverFault(
    "6.1.2.1-1a",
    "the barring of sessions bars messages too",
    decide({ termination: { barred: barsAnything } }),
  ),
  serverFault(
    "6.1.2.1-1b",
    "barred messages are answered 480",
    decide({ refusals: { barred: () => ({ status: 480, warning: "127 Service not authorised" }) } }),
  ),
  serverFault(
    "6.1.2.1-1c",
    "the refusal of barred messages has no warning",
    decide({ refusals: { barred: () => ({ status: 403 }) } }),
  ),
];

const accessPolicy: readonly Fault[] = [
  serverFault(
    ["6.1.2.1-2", "6.1.2.1-2e", "6.1.2.1-rej-0", "6.1.2.1-rej-a"],
    "the access policy is not asked",
    skip("check-access-policy"),
  ),
  serverFault(
    "6.1.2.1-2",
    "nobody passes who has written rules at all",
    decide({
      termination: {
        rejectedByAccessPolicy: async (turn) =>
          ((await turn.server.xdm.accessRules(addressee(turn)))?.rules ?? []).length > 0,
      },
    }),
  ),
  serverFault(
    "6.1.2.1-2a",
    "rules for other services count",
    decide({ termination: { rejectedByAccessPolicy: (turn) => rejectedWithout("services", turn) } }),
  ),
  serverFault(
    "6.1.2.1-2b",
    "rules for other media count",
    decide({ termination: { rejectedByAccessPolicy: (turn) => rejectedWithout("media", turn) } }),
  ),
  serverFault(
    "6.1.2.1-2c",
    "rules for other senders count",
    decide({ termination: { rejectedByAccessPolicy: (turn) => rejectedWithout("identity", turn) } }),
  ),
  serverFault(
    "6.1.2.1-2e",
    "a MESSAGE is taken for a session when rules are asked",
    decide({
      termination: {
        policyRequests: (turn) => [
          { service: "+g.oma.sip-im", media: "message-session", sender: turn.originator },
        ],
      },
    }),
  ),
  serverFault(
    "6.1.2.1-rej-0",
    "a message that a rule rejects is answered 403 and delivered",
    decide({ termination: { rejectedByAccessPolicy: deliveredThoughRejected } }),
  ),
  serverFault(
    "6.1.2.1-rej-a",
    "a message that a rule rejects is answered 480",
    decide({ refusals: { rejectedByAccessPolicy: () => ({ status: 480 }) } }),
  ),
  serverFault(
    "6.1.2.1-rej-b",
    "the refusal by a rule has no warning",
    decide({ refusals: { rejectedByAccessPolicy: () => ({ status: 403 }) } }),
  ),
];

const policies: readonly Fault[] = [
  serverFault(
    "6.1.2.1-3",
    "size is not looked at on the terminating side",
    decide({
      termination: {
        contentAllowed: (turn) =>
          !turn.server.policy().refusedTypes.includes(contentTypeOf(turn.request)?.type ?? ""),
      },
    }),
  ),
  serverFault(
    "6.1.2.1-3a-1",
    "messages in CPIM are refused with 415",
    decide({
      termination: { contentAllowed: (turn) => contentTypeOf(turn.request)?.type !== "message/cpim" },
    }),
  ),
  serverFault(
    "6.1.2.1-3a-2",
    "content against the policies is answered 488",
    decide({ refusals: { incomingContent: () => ({ status: 488, headers: [["Accept", "text/plain"]] }) } }),
  ),
  serverFault(
    "6.1.2.1-3a-3",
    "the 415 does not say what is supported",
    onResponse(
      "MESSAGE",
      (response) => withoutHeader(response, "Accept"),
      ({ status }) => status === 415,
    ),
  ),
];

const availability: readonly Fault[] = [
  serverFault(
    "6.1.2.1-4",
    "a message that says how long it is valid is taken for expired",
    decide({ termination: { expired: (turn) => expiresOf(turn.request) !== undefined } }),
  ),
  serverFault(
    "6.1.2.1-5a",
    "everyone counts as registered",
    decide({ termination: { available: () => true } }),
  ),
  serverFault(
    "6.1.2.1-fin",
    "what the client answers goes back as 202",
    onResponse(
      "MESSAGE",
      (response) => ({ ...response, status: 202, reason: "Accepted" }),
      ({ status }, request) => (status === 200 || status === 486) && isToClient(request),
    ),
  ),
];

export const faults: readonly Fault[] = [...barring, ...accessPolicy, ...policies, ...availability];
