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

export type XmlKind = "settings" | "resource-lists" | "imdn" | "access-rules" | "group";

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
  "access-rules": { file: "common-policy.xsd", root: "ruleset", clause: "RFC 4745 13, XDM extensions" },
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

const validators = new Map<XmlKind, XsdValidator>();

/** Schemas are compiled once, at their first use. */
function validatorOf(kind: XmlKind): XsdValidator {
  const known = validators.get(kind);
  if (known !== undefined) return known;
  const directory = new URL("schema/", import.meta.url);
  if (validators.size === 0) provideImports(directory);
  const { file } = SCHEMAS[kind];
  const schema = XmlDocument.fromBuffer(readFileSync(new URL(file, directory)), { url: `${IMPORTS}${file}` });
  const validator = XsdValidator.fromDoc(schema);
  validators.set(kind, validator);
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
