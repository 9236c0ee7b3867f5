/** The JSON Schemas that are published in `docs/`: written by `write-schemas.ts`, held current by a test. */
import { z } from "zod";
import { actionAnswerSchema, clientActionSchema, serverActionSchema } from "./actions-schema.ts";
import { ACTIONS_VERSION } from "./actions.ts";
import { sutFileSchema } from "./sut-file-schema.ts";

export interface PublishedSchema {
  /** Within the project. */
  readonly path: string;
  readonly schema: Readonly<Record<string, unknown>>;
}

const DRAFT = "https://json-schema.org/draft/2020-12/schema";

export function publishedSchemas(): readonly PublishedSchema[] {
  return [
    { path: "docs/sut-file.schema.json", schema: sutFileJsonSchema() },
    { path: "docs/actions.schema.json", schema: actionsJsonSchema() },
  ];
}

function sutFileJsonSchema(): Readonly<Record<string, unknown>> {
  return {
    $schema: DRAFT,
    title: "SUT file of Scrim, format 1",
    description: "What Scrim must know of a system under test: identification, ICS and IXIT",
    ...bare(sutFileSchema),
  };
}

function actionsJsonSchema(): Readonly<Record<string, unknown>> {
  return {
    $schema: DRAFT,
    title: `Action vocabulary of Scrim, version ${ACTIONS_VERSION}`,
    description:
      "One JSON object an action, one an answer. A client knows ClientAction, the control hook of a server ServerAction.",
    anyOf: ["ClientAction", "ServerAction", "ActionAnswer"].map((name) => ({ $ref: `#/$defs/${name}` })),
    $defs: {
      ClientAction: bare(clientActionSchema),
      ServerAction: bare(serverActionSchema),
      ActionAnswer: bare(actionAnswerSchema),
    },
  };
}

function bare(schema: z.ZodType): Readonly<Record<string, unknown>> {
  const published = z.toJSONSchema(schema, {
    io: "input",
    reused: "inline",
    // Of a JSON text it would mean something else than that TypeScript keeps its hands off.
    override: ({ jsonSchema }) => delete jsonSchema.readOnly,
  });
  const { $schema: _, "~standard": __, ...rest } = published;
  return rest;
}
