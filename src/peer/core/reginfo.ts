/** The document of the registration event package, `application/reginfo+xml` (RFC 3680 5). */
import type { Binding, BindingChange, BindingEvent } from "./registrar.ts";

export const REGINFO_TYPE = "application/reginfo+xml";

export interface Reginfo {
  readonly version: number;
  readonly registrations: readonly Registration[];
}

export interface Registration {
  /** Address-of-record; each identity of an implicit set has a registration of its own. */
  readonly aor: string;
  readonly id: string;
  readonly state: "init" | "active" | "terminated";
  readonly contacts: readonly RegisteredContact[];
}

export interface RegisteredContact {
  readonly binding: Binding;
  readonly state: "active" | "terminated";
  readonly event: BindingEvent;
}

function escapeXml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

function contactElement(
  aor: Registration,
  { binding, state, event }: RegisteredContact,
  now: number,
): string {
  const seconds = (milliseconds: number) => Math.max(0, Math.floor(milliseconds / 1000));
  const expires = state === "active" ? ` expires="${seconds(binding.expiresAt - now)}"` : "";
  const q = binding.contact.q === undefined ? "" : ` q="${binding.contact.q}"`;
  const name = binding.contact.displayName;
  const params = binding.contact.features.map(
    ({ name, value }) => `<unknown-param name="${escapeXml(name)}">${escapeXml(value ?? "")}</unknown-param>`,
  );
  return (
    `<contact id="${aor.id}-${binding.id}" state="${state}" event="${event}" ` +
    `duration-registered="${seconds(now - binding.registeredAt)}"${expires}${q} ` +
    `callid="${escapeXml(binding.callId)}" cseq="${binding.cseq}"><uri>${escapeXml(binding.contact.uri)}</uri>` +
    `${name === undefined ? "" : `<display-name>${escapeXml(name)}</display-name>`}${params.join("")}</contact>`
  );
}

/** The document with the full state; partial ones are never needed (RFC 3680 5.1 leaves the choice). */
export function writeReginfo(reginfo: Reginfo, now: number): string {
  const registrations = reginfo.registrations.map(
    (registration) =>
      `<registration aor="${escapeXml(registration.aor)}" id="${registration.id}" state="${registration.state}">` +
      `${registration.contacts.map((contact) => contactElement(registration, contact, now)).join("")}</registration>`,
  );
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\r\n` +
    `<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="${reginfo.version}" state="full">${registrations.join("")}</reginfo>\r\n`
  );
}

/** The registrations of a user after `changes`: what is bound, and what these changes have ended. */
export function registrationsOf(
  identities: readonly string[],
  bindings: readonly Binding[],
  changes: readonly BindingChange[],
): readonly Registration[] {
  const active = bindings.map((binding): RegisteredContact => {
    const change = changes.find((change) => change.binding.id === binding.id);
    return { binding, state: "active", event: change?.event ?? "registered" };
  });
  const ended = changes
    .filter((change) => !bindings.some((binding) => binding.id === change.binding.id))
    .map(({ binding, event }): RegisteredContact => ({ binding, state: "terminated", event }));
  const state = active.length > 0 ? "active" : ended.length > 0 ? "terminated" : "init";
  return identities.map((aor, index) => ({
    aor,
    id: `r${index + 1}`,
    state,
    contacts: [...active, ...ended],
  }));
}
