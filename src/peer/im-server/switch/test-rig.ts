/** A conference on the virtual network: a switch in the middle, and participants who each have an endpoint of their own. */
import type { MsrpEndpoint } from "../../../endpoint/msrp/msrp-endpoint.ts";
import type { MsrpSession, MsrpSessionOptions } from "../../../endpoint/msrp/msrp-session.ts";
import type { MsrpSending, SendOptions } from "../../../endpoint/msrp/sending.ts";
import type { MessageContent } from "../../../endpoint/msrp/source.ts";
import { createRig as createMsrpRig, pair, type Rig as MsrpRig } from "../../../endpoint/msrp/test-rig.ts";
import type { VirtualNetOptions } from "../../../net/virtual/virtual-net.ts";
import type { MsrpRequestHead } from "../../../wire/msrp/message.ts";
import { overrideDecisions, type Overrides } from "../../im/alteration.ts";
import { referenceSwitchDecisions, type SwitchDecisions } from "./decisions.ts";
import type { Loss, SwitchConference, SwitchParticipant } from "./participant.ts";
import { createSwitch, SWITCH_SESSION, type ConferenceSwitch } from "./switch.ts";

export const SESSION = "sip:session-1@im.example";
export const GROUP = "sip:crew@im.example";

export interface Guest {
  readonly id: string;
  readonly address: string;
  /** The participant's end. */
  readonly session: MsrpSession;
  readonly inside: MsrpSession;
  /** Whole messages: bodies as text. */
  readonly got: string[];
  readonly messageIds: string[];
  readonly heads: MsrpRequestHead[];
  readonly reports: { readonly head: MsrpRequestHead; readonly body: string | undefined }[];
  readonly say: (text: string, options?: Partial<SendOptions> & Talk) => MsrpSending;
}

/** CPIM headers. */
export interface Talk {
  readonly from?: string | undefined;
  readonly to?: readonly string[];
  readonly finalReport?: boolean;
}

export interface Conference {
  readonly rig: MsrpRig;
  readonly hub: ConferenceSwitch;
  readonly guests: readonly Guest[];
  readonly lost: string[];
  readonly enter: (
    id: string,
    about?: Partial<SwitchParticipant>,
    options?: MsrpSessionOptions,
  ) => Promise<Guest>;
  readonly run: () => Promise<void>;
}

export function cpim(text: string, { from, to = [SESSION], finalReport = false }: Talk = {}): string {
  const asked = finalReport ? "NS: FR <urn:oma:xml:poc:final-report>\r\nFR.Final-Report: yes\r\n" : "";
  const sender = from === undefined ? "" : `From: <${from}>\r\n`;
  return `${sender}${to.map((uri) => `To: <${uri}>\r\n`).join("")}${asked}\r\nContent-Type: text/plain\r\n\r\n${text}`;
}

export const textOf = (message: string): string =>
  message.slice(message.indexOf("\r\n\r\n", message.indexOf("Content-Type")) + 4);

export interface ConferenceOptions extends Partial<VirtualNetOptions> {
  readonly conference?: Partial<SwitchConference>;
  readonly decisions?: Overrides<SwitchDecisions>;
}

export async function createConference(
  names: readonly string[],
  options: ConferenceOptions = {},
): Promise<Conference> {
  const { conference = {}, decisions = {}, ...netOptions } = options;
  const rig = createMsrpRig(netOptions);
  const centre = await rig.endpoint("switch", { tap: () => undefined });
  const lost: string[] = [];
  const hub = createSwitch({
    conference: { sessionIdentity: SESSION, groupIdentity: GROUP, ...conference },
    clock: rig.net.clock,
    decisions: overrideDecisions(referenceSwitchDecisions, [{ decisions }]),
    onLost: ({ id }, loss: Loss) => lost.push(`${id} ${loss.kind}`),
  });
  const guests: Guest[] = [];
  const enter: Conference["enter"] = async (id, about = {}, sessionOptions = {}) => {
    const limits = { wholeMessageOctets: 64 * 1024 * 1024 };
    const end = await rig.endpoint(id, { tap: () => undefined, limits });
    const guest = meet(id, { centre, end, hub, about, sessionOptions });
    guests.push(guest);
    await rig.net.run(() => guest.session.state === "bound");
    return guest;
  };
  for (const name of names) await enter(name);
  return { rig, hub, guests, lost, enter, run: async () => void (await rig.net.run()) };
}

interface Meeting {
  readonly centre: MsrpEndpoint;
  readonly end: MsrpEndpoint;
  readonly hub: ConferenceSwitch;
  readonly about: Partial<SwitchParticipant>;
  readonly sessionOptions: MsrpSessionOptions;
}

function meet(id: string, { centre, end, hub, about, sessionOptions }: Meeting): Guest {
  const address = `sip:${id}@home.example`;
  const [session, inside] = pair(end, centre, { a: sessionOptions, b: SWITCH_SESSION });
  const guest: Guest = {
    id,
    address,
    session,
    inside,
    got: [],
    messageIds: [],
    heads: [],
    reports: [],
    say: (
      text,
      { from = about.alias?.uri ?? address, to = [SESSION], finalReport = false, ...sendOptions } = {},
    ) => session.send(cpim(text, { from, to, finalReport }), { contentType: "message/cpim", ...sendOptions }),
  };
  session.onMessage(({ body, messageId, head }) => {
    guest.got.push(Buffer.from(body).toString());
    guest.messageIds.push(messageId);
    guest.heads.push(head);
  });
  session.onReport((head, body) =>
    guest.reports.push({ head, body: body === undefined ? undefined : Buffer.from(body).toString() }),
  );
  hub.join({
    id,
    address,
    session: inside,
    knowsPrivateMessages: true,
    mayWritePrivately: true,
    ...about,
  });
  return guest;
}

export function sendRaw(
  guest: Guest,
  content: MessageContent,
  options: Partial<SendOptions> = {},
): MsrpSending {
  return guest.session.send(content, { contentType: "message/cpim", ...options });
}
