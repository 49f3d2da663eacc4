import { join } from 'node:path';
import * as z from 'zod/mini';

interface Framework {
  resolveVariable(name: string): Promise<string>;
  resolveConfigurationProperty(path: readonly string[]): Promise<string>;
}

const settingsModule = z.object({
  default: z.custom<(framework: Framework) => Promise<unknown>>((value) => typeof value === 'function'),
});
const settings = z.object({ credentialsKmsKeyArn: z.nullish(z.string()) });

/**
 * The KMS key that a stage's settings name for its credentials, if any: SSM would go back to its own key where none is
 * named. Read by the file that the services' YAML reads them with.
 */
export async function credentialsKey(stage: string): Promise<string | undefined> {
  const file = settingsModule.parse(await import(join(__dirname, '../../../settings/settings.cjs')));
  const read = await file.default({
    resolveVariable: async () => stage,
    resolveConfigurationProperty: async () => 'duo-storage',
  });
  return settings.parse(read).credentialsKmsKeyArn ?? undefined;
}
