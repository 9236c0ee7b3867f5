/** What RFC 4975 8, RFC 6135 4 and RFC 5547 7 ask of the MSRP media of one description. */
import { sameMsrpHost } from "../msrp/uri.ts";
import type { SdpDescription, SdpSection } from "./description.ts";
import { readOrSdpError, SdpParseError, sdpReadable } from "./error.ts";
import { attributesNamed, linesOf, mediaLineOf } from "./lines.ts";
import type { SdpAttribute } from "./lines.ts";
import { isMessageMedia, messageMediaOf } from "./message-media.ts";
import type { MessageMedia } from "./message-media.ts";
import type { SdpViolation, SdpViolationCode } from "./violation.ts";

export interface MessageMediaRules {
  /** Hold the description to RFC 6135, which asks for a=setup and forbids a=connection. */
  readonly comedia?: "offer" | "answer";
}

/** Medium by medium; empty for a conforming description. Media that are not MSRP are not looked at, nor are rejected ones. */
export function messageMediaViolations(
  description: SdpDescription,
  rules: MessageMediaRules = {},
): SdpViolation[] {
  return description.media.flatMap((section, index) => {
    const line = sdpReadable(() => mediaLineOf(section));
    if (line === undefined || line.port === 0 || !isMessageMedia(section)) return [];
    const alone = { ...description, media: [section] };
    const read = readOrSdpError(() => messageMediaOf(alone));
    const found = read instanceof SdpParseError ? syntax(section, read) : pathRules(read);
    return [...attributeRules(section), ...found, ...comediaRules(section, rules)].map((one) => ({
      ...one,
      media: index,
    }));
  });
}

type Found = Omit<SdpViolation, "media">;

function mediaOffset(section: SdpSection): number {
  return linesOf(section, "m")[0]?.offset ?? -1;
}

/** Empty also where some attribute cannot be read. */
function named(section: SdpSection, name: string): SdpAttribute[] {
  return sdpReadable(() => attributesNamed(section, name)) ?? [];
}

function syntax(section: SdpSection, error: SdpParseError): Found[] {
  const message = `expected ${error.expected}, got ${error.actual}`;
  return [{ code: "attribute-syntax", offset: mediaOffset(section), message, clause: error.clause }];
}

/** Attributes of which a medium has one at most. */
const ONCE: readonly string[] = [
  "path",
  "accept-types",
  "accept-wrapped-types",
  "max-size",
  "setup",
  "file-selector",
];
const MANDATORY: readonly (readonly [string, string])[] = [
  ["path", "RFC 4975 8.2"],
  ["accept-types", "RFC 4975 8.6"],
];

function attributeRules(section: SdpSection): Found[] {
  const offset = mediaOffset(section);
  const offsets = (name: string): number[] => named(section, name).map((one) => one.offset);
  const missing = MANDATORY.filter(([name]) => offsets(name).length === 0).map(([name, clause]): Found => {
    return { code: "attribute-missing", offset, message: `expected a=${name}, got none`, clause };
  });
  const repeated = ONCE.flatMap((name) =>
    offsets(name)
      .slice(1)
      .map((at): Found => {
        const message = `expected a=${name} once, got another`;
        return { code: "attribute-repeated", offset: at, message, clause: "RFC 4975 8" };
      }),
  );
  const { formats } = mediaLineOf(section);
  const star = formats.length === 1 && formats[0] === "*";
  const message = `expected * as format list, got ${formats.join(" ")}`;
  const list: Found[] = star ? [] : [{ code: "format-list", offset, message, clause: "RFC 4975 8.1" }];
  return [...missing, ...repeated, ...list];
}

/** RFC 4975 8.1 and 8.2: port and address are copied from the URI of the endpoint, its scheme goes with the protocol. */
function pathRules([media]: readonly MessageMedia[]): Found[] {
  const own = media?.path.at(-1);
  if (media === undefined || own === undefined) return [];
  const [attribute] = named(media.section, "path");
  const found: Found[] = [];
  const report = (code: SdpViolationCode, clause: string, message: string): void => {
    found.push({ code, offset: attribute?.offset ?? -1, message, clause });
  };
  const portless = media.path.filter(({ port }) => port === undefined);
  if (portless.length > 0)
    report("path-port", "RFC 4975 8.2", `expected an explicit port, got ${portless[0]?.host ?? ""} alone`);
  else if (own.port !== media.port)
    report("path-port", "RFC 4975 8.1", `expected port ${media.port} as in m=, got ${own.port}`);
  const address = media.connection?.address.split("/")[0] ?? own.host;
  if (!sameMsrpHost(address.includes(":") && !address.startsWith("[") ? `[${address}]` : address, own.host))
    report("path-host", "RFC 4975 8.1", `expected ${address} as in c=, got ${own.host}`);
  const wanted = media.protocol === "TCP/TLS/MSRP" ? "msrps" : "msrp";
  if (own.scheme !== wanted)
    report("path-scheme", "RFC 4975 6, 8.1", `expected ${wanted} for ${media.protocol}, got ${own.scheme}`);
  return found;
}

function comediaRules(section: SdpSection, { comedia }: MessageMediaRules): Found[] {
  if (comedia === undefined) return [];
  const [setup] = named(section, "setup");
  const found: Found[] = named(section, "connection").map(({ offset }) => {
    return {
      code: "attribute-forbidden",
      offset,
      message: "expected no a=connection, got one",
      clause: "RFC 6135 4.4",
    };
  });
  if (setup === undefined) {
    const message = "expected a=setup, got none";
    return [
      ...found,
      { code: "attribute-missing", offset: mediaOffset(section), message, clause: "RFC 6135 4.2.1" },
    ];
  }
  const allowed = comedia === "offer" ? ["actpass", "active"] : ["active", "passive"];
  if (allowed.includes(setup.value ?? "")) return found;
  const message = `expected a=setup:${allowed.join(" or ")} in an ${comedia}, got ${setup.value ?? "nothing"}`;
  return [...found, { code: "setup-value", offset: setup.offset, message, clause: "RFC 6135 4.2.2" }];
}
