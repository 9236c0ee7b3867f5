/** What clients of Scrim's say in their responses to INVITE, otherwise than they would: rows of a table in a feature. Nothing here judges. */
import { withBody, withHeader, withoutHeader } from "../../wire/sip/edit.ts";
import { contentTypeOf, cseqOf, header } from "../../wire/sip/headers.ts";
import type { SipResponse } from "../../wire/sip/message.ts";
import type { Causing } from "./causing.ts";
import type { Play } from "./play.ts";

type Cells = readonly (readonly [string, string])[];
type Alterations = Readonly<Partial<Record<Responding, Cells>>>;
type Rows = readonly (readonly string[])[];

export type Responding = "rings" | "accepts";

export class Answers {
  readonly #play: Play;
  readonly #cause: Causing;
  readonly #alterations = new Map<string, Alterations>();

  constructor(play: Play, cause: Causing) {
    this.#play = play;
    this.#cause = cause;
  }

  /** From now on. `| a=max-size | 500 |` adds an attribute to the session description, an empty value takes a header field away. */
  alter(name: string, when: Responding, rows: Rows): void {
    const { impu } = this.#play.actor(name).user;
    const cells = rows.map(
      ([field = "", value = ""]) => [field, value.replaceAll(`{${name}}`, impu)] as const,
    );
    this.#play.stimulated({
      id: this.#play.nextStimulus().id,
      actor: name,
      action: "answer-altered",
      intent: { when, rows: cells },
      deviations: cells.map(([field, value]) => (value === "" ? `without ${field}` : `${field}: ${value}`)),
    });
    const all = { ...this.#alterations.get(name), [when]: cells };
    this.#alterations.set(name, all);
    this.#cause.scriptOf(name, { sessions: { answer: (response) => alteredBy(all, response) } });
  }

  /** Provisional responses that want PRACK, where the INVITE allows them (RFC 3262). */
  async ringReliably(name: string): Promise<void> {
    this.#cause.scriptOf(name, { sessions: { ringsReliably: true } });
    await this.#cause.act(name, { action: "answer-invitations", answer: "ring" });
  }
}

function isMeant(response: SipResponse, when: Responding): boolean {
  if (cseqOf(response)?.method !== "INVITE") return false;
  const { status } = response;
  return when === "rings" ? status > 100 && status < 200 : status >= 200 && status < 300;
}

function alteredBy({ rings = [], accepts = [] }: Alterations, response: SipResponse): SipResponse {
  if (isMeant(response, "rings")) return altered(response, rings);
  return isMeant(response, "accepts") ? altered(response, accepts) : response;
}

function altered(response: SipResponse, cells: Cells): SipResponse {
  return cells.reduce((message, [field, value]) => {
    if (field.startsWith("a=")) return withAttribute(message, `${field}:${value}`);
    // Parameters behind its own URI.
    if (field === "Contact" && value.startsWith(";"))
      return withHeader(message, field, `${header(message, field) ?? ""}${value}`);
    if (field === "To") return withHeader(message, "To", `${value}${tagOf(message)}`);
    return value === "" ? withoutHeader(message, field) : withHeader(message, field, value);
  }, response);
}

function tagOf(response: SipResponse): string {
  return /;\s*tag=[^;\s]+/iu.exec(header(response, "To") ?? "")?.[0] ?? "";
}

/** At the end, which is the level of the last medium. */
function withAttribute(response: SipResponse, line: string): SipResponse {
  if (response.body.length === 0 || contentTypeOf(response)?.type !== "application/sdp") return response;
  const text = Buffer.from(response.body).toString("utf8");
  const name = line.slice(0, line.indexOf(":") + 1);
  const others = text.split("\r\n").filter((each) => each !== "" && !each.startsWith(name));
  const body = Buffer.from([...others, line, ""].join("\r\n"), "utf8");
  return withBody(response, "application/sdp", new Uint8Array(body));
}
