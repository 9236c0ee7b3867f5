/** Re-INVITEs of the inviting side, in sessions through the terminating participating function (6.1.2.2.3). */
import type { Exchange, ScenarioTrace, SipRecord } from "../trace/scenario-trace.ts";
import { descriptionIn, type Description } from "../trace/session/descriptions.ts";
import { isUnreadable } from "../trace/session/readable.ts";
import { sameUri } from "../wire/sip/uri.ts";
import { originOf } from "../wire/sdp/lines.ts";
import { focusContactOf } from "./conference.ts";
import { faultsOf } from "./message-faults.ts";
import { readable } from "./pager-message.ts";
import { publishedSettings } from "./published-settings.ts";
import { offerGrounds, type SessionGround } from "./session-grounds.ts";
import { fromClient, fromNetwork, isEstablished, toClient, toNetwork } from "./terminating-dialog.ts";
import { terminatingCalls, type TerminatingCall } from "./terminating-session.ts";

export interface Modification {
  readonly call: TerminatingCall;
  readonly asked: Exchange;
  /** The re-INVITE in the dialog with the client that came of it. */
  readonly onward: Exchange | undefined;
  /** In its place, an INVITE to the client that is in another dialog. */
  readonly astray: Exchange | undefined;
  readonly grounds: readonly SessionGround[];
  /** The end of the session, or another modification, was under way as well. */
  readonly isDisturbed: boolean;
  /** The description is the one that is in force. */
  readonly isRefresh: boolean;
}

/** In sessions that both sides had accepted. */
export function modifications(trace: ScenarioTrace, by: "b2bua" | "proxy"): readonly Modification[] {
  return terminatingCalls(trace)
    .filter(({ isB2bua }) => isB2bua === (by === "b2bua"))
    .flatMap((call) =>
      fromNetwork(call, "INVITE")
        .filter(({ request }) => isEstablished(call, request.seq))
        .map((asked) => modificationOf(call, asked, trace)),
    );
}

/** Those that nothing speaks against, and nothing comes between. */
export function goodModifications(trace: ScenarioTrace, by: "b2bua" | "proxy"): readonly Modification[] {
  return modifications(trace, by).filter(({ grounds, isDisturbed }) => grounds.length === 0 && !isDisturbed);
}

function modificationOf(call: TerminatingCall, asked: Exchange, trace: ScenarioTrace): Modification {
  const { seq } = asked.request;
  const next = fromNetwork(call, "INVITE").find(({ request }) => request.seq > seq)?.request.seq;
  const isIts = ({ request }: Exchange): boolean =>
    request.seq > seq && request.seq < (next ?? Number.POSITIVE_INFINITY);
  const onward = toClient(call, "INVITE").find(isIts);
  const contact = call.sent.final && focusContactOf(call.sent.final.message)?.uri;
  const astray = trace
    .exchanges({ method: "INVITE", way: "from-sut" })
    .find(
      (one) =>
        isIts(one) &&
        one !== onward &&
        contact !== undefined &&
        readable(() => sameUri(one.request.message.uri, contact), false),
    );
  return {
    call,
    asked,
    onward,
    astray: onward === undefined ? astray : undefined,
    grounds: groundsAgainst(call, asked, trace),
    isDisturbed: isDisturbed(call, asked, trace),
    isRefresh: isRefresh(call, asked),
  };
}

/** As 6.1.2.1 has it; what settings and rules say of a session that runs is looked at by some servers only. */
function groundsAgainst(
  { taken }: TerminatingCall,
  { request }: Exchange,
  trace: ScenarioTrace,
): readonly SessionGround[] {
  const { uri } = taken.request.message;
  const rejects = trace.accessRules(uri).some(({ action }) => action === "reject");
  return [
    ...(publishedSettings(uri, request.seq, trace)?.barSessions === true ? ["barred" as const] : []),
    ...(rejects ? ["policy-open" as const] : []),
    ...(faultsOf(request.message).length > 0 ? ["malformed" as const] : []),
    ...offerGrounds(request, trace),
  ];
}

/** RFC 3261 14.2: two modifications at a time get in each other's way; and what is ended cannot be changed. */
function isDisturbed(call: TerminatingCall, asked: Exchange, trace: ScenarioTrace): boolean {
  const until = asked.final?.seq ?? Number.POSITIVE_INFINITY;
  // What comes long after is not what it was kept back for.
  const latest = asked.request.at + trace.sutFile.guards.actionMs * 0.9;
  const begins = ({ request }: Exchange): boolean => request.seq < until && request.at < latest;
  const overlaps = (one: Exchange): boolean =>
    one !== asked && begins(one) && (one.final?.seq ?? Number.POSITIVE_INFINITY) > asked.request.seq;
  const byes = [fromNetwork, toNetwork, fromClient].flatMap((of) => of(call, "BYE"));
  const others = ["INVITE", "UPDATE"].flatMap((method) =>
    [fromNetwork, toNetwork, fromClient].flatMap((of) => of(call, method)),
  );
  return byes.some(begins) || others.some(overlaps);
}

/** RFC 3264 8: the version of the origin stays where nothing is changed. */
function isRefresh(call: TerminatingCall, { request }: Exchange): boolean {
  const told = descriptionIn(request);
  if (told === undefined) return true;
  const offers = [call.taken, ...fromNetwork(call, "INVITE")].map((one): SipRecord => one.request);
  const answers = toNetwork(call, "INVITE").flatMap(({ final }): readonly SipRecord[] =>
    final === undefined ? [] : [final],
  );
  const earlier = [...offers, ...answers]
    .filter(({ seq }) => seq < request.seq)
    .toSorted((one, other) => one.seq - other.seq)
    .flatMap((record) => descriptionIn(record) ?? [])
    .at(-1);
  const version = versionOf(told);
  return earlier !== undefined && version !== undefined && versionOf(earlier) === version;
}

function versionOf({ sdp }: Description): string | undefined {
  if (isUnreadable(sdp)) return undefined;
  return readable(() => originOf(sdp)?.sessionVersion, undefined);
}
