/** Validity against the schemas in `schema/`, which are written after the specifications, and well-formedness in front of it. */
import { readdirSync, readFileSync } from "node:fs";
import {
  XmlBufferInputProvider,
  XmlDocument,
  XmlLibError,
  xmlRegisterInputProvider,
  XsdValidator,
} from "libxml2-wasm";
import { withDocument } from "./well-formed.ts";
import type { XmlLimits } from "./well-formed.ts";
import type { XmlViolation } from "./xml-error.ts";

export type XmlKind =
  | "settings"
  | "resource-lists"
  | "imdn"
  | "access-rules"
  | "group"
  | "user-profile"
  | "is-composing"
  | "conference-info"
  | "final-report";

interface Schema {
  readonly file: string;
  readonly root: string;
  /** What a departure is cited against. */
  readonly clause: string;
}

const SCHEMAS: Readonly<Record<XmlKind, Schema>> = {
  settings: { file: "poc-settings.xsd", root: "poc-settings", clause: "RFC 4354 9, OMA-TS-SIMPLE_IM E.3" },
  "resource-lists": {
    file: "resource-lists.xsd",
    root: "resource-lists",
    clause: "RFC 4826 3.2, RFC 5364 5",
  },
  imdn: { file: "imdn.xsd", root: "imdn", clause: "RFC 5438 11.1.9" },
  "is-composing": { file: "im-iscomposing.xsd", root: "isComposing", clause: "RFC 3994 6.1" },
  "access-rules": { file: "common-policy.xsd", root: "ruleset", clause: "RFC 4745 13, XDM extensions" },
  "conference-info": { file: "conference-info.xsd", root: "conference-info", clause: "RFC 4575 6" },
  "final-report": { file: "final-report.xsd", root: "final", clause: "OMA-TS-SIMPLE_IM O.1" },
  "user-profile": {
    file: "user-profile.xsd",
    root: "user-profiles",
    clause: "OMA Shared Profile XDM, 7.2.2.9",
  },
  group: { file: "list-service.xsd", root: "group", clause: "OMA list-service, XDM extensions" },
};

/** Every departure of the document from its schema; empty: it is valid. Never throws on what the document holds. */
export function validateXml(
  kind: XmlKind,
  bytes: Uint8Array,
  limits: XmlLimits = {},
): readonly XmlViolation[] {
  return withDocument(bytes, limits, (document) => {
    const { root, clause } = SCHEMAS[kind];
    if (document.root.name !== root) {
      const message = `the root element is <${document.root.name}>, not <${root}>`;
      return [{ code: "wrong-root", line: document.root.line, column: 0, message, clause }];
    }
    return schemaViolations(kind, document);
  });
}

function schemaViolations(kind: XmlKind, document: XmlDocument): readonly XmlViolation[] {
  try {
    validatorOf(kind).validate(document);
    return [];
  } catch (error) {
    if (!(error instanceof XmlLibError)) throw error;
    return error.details.map(({ message, line, col, xpath }) => ({
      code: "schema",
      line,
      column: col,
      message: message.trim(),
      ...(xpath === undefined ? {} : { path: xpath }),
      clause: SCHEMAS[kind].clause,
    }));
  }
}

/** The schema document is kept with its validator: libxml2 points into it, and it must not be collected before. */
interface Compiled {
  readonly validator: XsdValidator;
  readonly schema: XmlDocument;
}

const compiled = new Map<XmlKind, Compiled>();

/** Schemas are compiled once, at their first use. */
function validatorOf(kind: XmlKind): XsdValidator {
  const known = compiled.get(kind);
  if (known !== undefined) return known.validator;
  const directory = new URL("schema/", import.meta.url);
  if (compiled.size === 0) provideImports(directory);
  const { file } = SCHEMAS[kind];
  const schema = XmlDocument.fromBuffer(readFileSync(new URL(file, directory)), { url: `${IMPORTS}${file}` });
  const validator = XsdValidator.fromDoc(schema);
  compiled.set(kind, { validator, schema });
  return validator;
}

/** Where the schemas find each other; a name that stands for no place outside this process. */
const IMPORTS = "scrim-schema/";

function provideImports(directory: URL): void {
  const files = readdirSync(directory).filter((file) => file.endsWith(".xsd"));
  const contents = files.map(
    (file) => [`${IMPORTS}${file}`, readFileSync(new URL(file, directory))] as const,
  );
  xmlRegisterInputProvider(new XmlBufferInputProvider(Object.fromEntries(contents)));
}
