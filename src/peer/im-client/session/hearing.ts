/** What arrives in a session (clauses 5.7.2, 5.7.5, 7.1.3.3, 7.1.3.5). */
import type { IncomingStream } from "../../../endpoint/msrp/incoming.ts";
import type { ReceivedMessage } from "../../../endpoint/msrp/whole-message.ts";
import { parseCpimAddress } from "../../../wire/cpim/address.ts";
import { cpimHeaders } from "../../../wire/cpim/cpim.ts";
import { parseCpim } from "../../../wire/cpim/parse.ts";
import { ReadingError } from "../../../wire/reading-error.ts";
import { FINAL_REPORT_TYPE_SPELLINGS, readFinalReport } from "../../../wire/xml/final-report.ts";
import { IS_COMPOSING_TYPE, readIsComposing } from "../../../wire/xml/is-composing.ts";
import { uriOf } from "../../im/address.ts";
import { textOf } from "../../im/content.ts";
import { mediaTypes } from "../../im/identifiers.ts";
import type { ClientParts } from "../parts.ts";
import type { ClientSession, SessionMedia } from "./session.ts";

/** A message without its wrapper. */
interface Heard {
  readonly from: string;
  readonly to: readonly string[];
  readonly contentType: string;
  readonly body: Uint8Array;
  /** Where content that lies elsewhere is (RFC 4483). */
  readonly url?: string | undefined;
}

export function hear(client: ClientParts, session: ClientSession, media: SessionMedia): void {
  const { msrp } = media;
  msrp.onIncoming((incoming) => admit(client, media, incoming));
  msrp.onMessage((message) => take(client, session, message));
  msrp.onReport((_head, body) => {
    if (body !== undefined) takeFinalReport(client, session, body);
  });
}

function admit(client: ClientParts, media: SessionMedia, incoming: IncomingStream): void {
  const { refusesWith } = client.sessions.script;
  // A session is kept with a SEND that is empty: nothing is refused of that.
  const scripted = incoming.contentType === "" ? undefined : refusesWith;
  const status = scripted ?? client.decisions.hearing.refusal(client, media, incoming);
  if (status !== undefined) return incoming.refuse(status);
  const { maxSize } = media.terms;
  const { reading, pauseMs = 200, dropAfterOctets } = client.sessions.script;
  if (reading === "never") incoming.pause();
  incoming.onOctets(() => {
    if (maxSize !== undefined && incoming.received > maxSize) incoming.refuse(413);
    if (dropAfterOctets !== undefined && incoming.received >= dropAfterOctets) media.msrp.destroyConnection();
    if (reading !== "slow") return;
    incoming.pause();
    client.clock.callAt(client.clock.now() + pauseMs, () => incoming.resume());
  });
}

function take(client: ClientParts, session: ClientSession, message: ReceivedMessage): void {
  const heard = unwrapped(session, message);
  if (heard === undefined || heard.contentType === "") return;
  if (heard.contentType === IS_COMPOSING_TYPE) return takeComposing(client, session, heard);
  if (FINAL_REPORT_TYPE_SPELLINGS.includes(heard.contentType))
    return takeFinalReport(client, session, heard.body);
  session.composing.delete(heard.from);
  client.sessions.store({
    from: heard.from,
    kind: client.decisions.hearing.kind(client, session, heard.to),
    text: heard.url ?? textOf(heard.body),
  });
}

/** What cannot be read is shown to nobody. */
function unwrapped(session: ClientSession, { contentType, body }: ReceivedMessage): Heard | undefined {
  const type = contentType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (type !== mediaTypes.cpim) return { from: otherEnd(session), to: [], contentType: type, body };
  return readable(() => {
    const cpim = parseCpim(body, { acceptMissingBlankLine: true, acceptUndeclaredPrefix: true });
    const addresses = (name: string): readonly string[] =>
      cpimHeaders(cpim, name).map(({ value }) => parseCpimAddress(value).uri);
    return {
      from: addresses("From")[0] ?? "",
      to: addresses("To"),
      contentType: cpim.contentType.type,
      body: cpim.body,
      url: cpim.contentType.params["url"],
    };
  });
}

function otherEnd({ dialog }: ClientSession): string {
  return uriOf(dialog?.dialog.remote) ?? "";
}

function takeComposing(client: ClientParts, session: ClientSession, { from, body }: Heard): void {
  if (!client.decisions.hearing.showsComposing(client)) return;
  const state = readable(() => readIsComposing(body))?.state;
  if (state === "active") session.composing.add(from);
  else session.composing.delete(from);
}

function takeFinalReport(client: ClientParts, session: ClientSession, body: Uint8Array): void {
  const report = readable(() => readFinalReport(body));
  if (report === undefined || !client.decisions.hearing.showsFinalReport(client)) return;
  const legs = report.legs.map(({ uri, status }) => `${uri} ${status ?? ""}`.trim());
  const text = `${report.messageId ?? ""}: ${legs.join(", ")}`;
  client.sessions.store({ from: session.peer.identity ?? "", kind: "final-report", text });
}

function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof ReadingError) return undefined;
    throw error;
  }
}
