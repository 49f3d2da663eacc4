import { join } from 'node:path';
import * as z from 'zod/mini';
import { built } from '../built';
import { serviceName } from './names';

interface Framework {
  resolveVariable(name: string): Promise<string>;
  resolveConfigurationProperty(path: readonly string[]): Promise<string>;
}

const settingsModule = z.object({
  default: z.custom<(framework: Framework) => Promise<unknown>>((value) => typeof value === 'function'),
});
const settings = z.object({
  accounts: z.boolean(),
  reconcile: z.boolean(),
  credentialsKmsKeyArn: z.nullish(z.string()),
  reader: z.object({ subject: z.optional(z.string()) }),
});

/**
 * What the commands want of a stage's settings, read by the file that the services' YAML reads them with; undefined
 * outside of the checkout, where they are not.
 */
export async function stageSettings(stage: string): Promise<z.infer<typeof settings> | undefined> {
  if (built !== undefined) return undefined;
  const file = settingsModule.parse(await import(join(__dirname, '../../../../settings/settings.cjs')));
  const read = await file.default({
    resolveVariable: async () => stage,
    resolveConfigurationProperty: async () => serviceName('storage'),
  });
  return settings.parse(read);
}
