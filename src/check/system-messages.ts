/** System messages as the server under test sends them (5.4): the legs that start at the server, not those that only pass through it. */
import type { Stimulated } from "../trace/event.ts";
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { isSystemMessage } from "./pager-message.ts";

/** What the tester asked the server to say. */
export interface SystemMessage {
  readonly stimulus: Stimulated;
  /** IM Addresses of the intended recipients. */
  readonly to: readonly string[];
  readonly text: string;
  readonly responseRequired: boolean;
  /** The requests that the server made of it. */
  readonly sent: readonly Exchange[];
}

export function systemMessages(trace: ScenarioTrace): readonly SystemMessage[] {
  return trace.stimuli
    .filter(({ action }) => action === "send-system-message")
    .map((stimulus) => ({
      stimulus,
      to: addressesIn(stimulus.intent["to"]),
      text: textIn(stimulus.intent["text"]),
      responseRequired: stimulus.intent["responseRequired"] === true,
      sent: sentFor(stimulus, trace),
    }));
}

function addressesIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

function textIn(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** By the token; a server that words the text anew is known by the feature tag, up to the next such stimulus. */
function sentFor(stimulus: Stimulated, trace: ScenarioTrace): readonly Exchange[] {
  const next = trace.stimuli.find(({ seq, action }) => seq > stimulus.seq && action === stimulus.action);
  const carriers = trace.carriersOf(stimulus);
  return trace
    .exchanges({ way: "from-sut", method: "MESSAGE" })
    .filter(
      (exchange) =>
        exchange.request.passage === undefined &&
        exchange.request.seq > stimulus.seq &&
        (carriers.includes(exchange) ||
          (isSystemMessage(exchange.request.message) &&
            trace.stimulusOf(exchange) === undefined &&
            (next === undefined || exchange.request.seq < next.seq))),
    );
}

/** The intended recipient that a URI is an address of: any identity of the user counts. */
export function recipientAt(uri: string, { to }: SystemMessage, trace: ScenarioTrace): string | undefined {
  return to.find(
    (address) =>
      sameAddressOfRecord(address, uri) ||
      (trace.userOf(uri) !== undefined && trace.userOf(uri)?.actor === trace.userOf(address)?.actor),
  );
}
