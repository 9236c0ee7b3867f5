/** Participants who hide (clauses 7.2.3.1, 7.2.3.2, 14.3). */
import { sameAddress } from "../peer/im/address.ts";
import { relay } from "../peer/im-server/switch/decisions/relay.ts";
import { header } from "../wire/sip/headers.ts";
import { withoutHeader } from "../wire/sip/edit.ts";
import type { SipResponse } from "../wire/sip/message.ts";
import { decide, onResponse, serverFault, type Fault } from "./fault.ts";

const tellsOfAnonymity = (response: SipResponse): boolean =>
  response.status === 403 && (header(response, "Warning") ?? "").includes("119");

const INITIATING = ["INVITE", "REFER"];

export const faults: readonly Fault[] = [
  serverFault(
    ["7.2.3.2-0", "7.2.3.2-2", "7.2.3.2-2b"],
    "lets everybody have the alias that is asked for",
    decide({ alias: { unique: (wanted) => wanted } }),
  ),
  serverFault(
    "7.2.3.2-2a",
    "gives everybody who hides a number",
    decide({ alias: { wanted: () => ({ displayName: "User", uri: "sip:user-1@anonymous.invalid" }) } }),
  ),
  serverFault(
    ["7.2.3.2-1d", "7.2.3.2-ntf-1"],
    "shows the address of who hides in its documents",
    decide({ conferenceState: { userEntity: (uri: string) => uri } }),
  ),
  serverFault(
    "7.2.3.2-ntf-2",
    "marks no user element as the own one",
    decide({ conferenceState: { yourOwn: () => undefined } }),
  ),
  serverFault(
    ["7.2.3.2-1a", "7.2.3.2-1b"],
    "lets everybody hide",
    decide({
      sessionAdmission: {
        groupAnonymityAllowed: () => true,
        adHocAnonymityAllowed: () => true,
        invitedMayHide: () => true,
      },
    }),
  ),
  serverFault(
    "7.2.3.2-1b",
    "refuses who may not hide with 406",
    ...INITIATING.map((method) =>
      onResponse(
        method,
        (response) => ({ ...response, status: 406, reason: "Not Acceptable" }),
        tellsOfAnonymity,
      ),
    ),
  ),
  serverFault(
    "7.2.3.2-1c",
    "does not say that anonymity is not allowed",
    ...INITIATING.map((method) =>
      onResponse(method, (response) => withoutHeader(response, "Warning"), tellsOfAnonymity),
    ),
  ),
  serverFault(
    "7.2.3.2-3",
    "refuses who hides",
    decide({ sessionAdmission: { groupAnonymityAllowed: () => false } }),
  ),
  serverFault(
    "7.2.3.1-4",
    "refuses the messages of who hides",
    decide({
      relay: {
        fromIsSender: (turn) => turn.sender.alias === undefined && relay.fromIsSender(turn),
      },
    }),
  ),
  serverFault(
    "14.3-b4",
    "takes the address of who hides for a right one",
    decide({
      relay: {
        fromIsSender: (turn) =>
          relay.fromIsSender(turn) ||
          (turn.wrapper.from !== undefined && sameAddress(turn.wrapper.from.uri, turn.sender.address)),
      },
    }),
  ),
];
