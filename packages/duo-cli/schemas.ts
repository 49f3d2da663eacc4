import * as z from 'zod/mini';
import { jsonOutputs, linesOfJson } from './src/json/outputs';

/** The JSON Schemas (2020-12) of what the commands print with `--json`, by the names of their files in `docs/json/`. */
export function schemaFiles(): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(jsonOutputs).map(([command, output]) => [
      schemaFile(command),
      `${JSON.stringify(schemaOf(command, output), null, 2)}\n`,
    ]),
  );
}

/** The file of a command's schema: `checkpoint-show.schema.json`. */
export function schemaFile(command: string): string {
  return `${command.replaceAll(' ', '-')}.schema.json`;
}

function schemaOf(command: string, output: z.ZodMiniType): object {
  const { $schema, ...schema } = z.toJSONSchema(output, {
    override({ jsonSchema }) {
      // What these say, `format` and `integer` have said.
      if (jsonSchema.format === 'date' || jsonSchema.format === 'date-time') delete jsonSchema.pattern;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  const title = linesOfJson.includes(command) ? `a line of ${command}` : `${command} --json`;
  return { $schema, title, ...schema };
}
