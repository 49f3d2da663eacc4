import { join } from 'node:path';
import * as z from 'zod/mini';
import { built } from '../built';
import { UsageError } from '../operator/usage-error';

const explained = z.object({
  /** From the checkout, or absolute outside of it; `found` says whether it is there. */
  stageFile: z.string(),
  found: z.boolean(),
  defaultFile: z.string(),
  settings: z.array(
    z.object({
      name: z.string(),
      value: z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()]),
      /** One of the two files, `built-in` or `derived`. */
      from: z.string(),
      /** What there is where there is no value, or what a value is derived from. */
      note: z.optional(z.string()),
    }),
  ),
});

const explainModule = z.object({
  default: z.object({
    explainedSettings: z.custom<(stage: string) => unknown>((value) => typeof value === 'function'),
  }),
});

const noticeModule = z.object({
  default: z.object({
    notice: z.custom<(stage: string) => unknown>((value) => typeof value === 'function'),
  }),
});

/**
 * Each setting of a stage and where it comes from, by the files that a deployment reads. Throws what is wrong with the stage or a
 * file, and outside of the checkout, where there are no settings, a UsageError.
 */
export async function explainedSettings(stage: string): Promise<z.infer<typeof explained>> {
  const file = explainModule.parse(await importSettings('explain'));
  return explained.parse(file.default.explainedSettings(stage));
}

/** What whoever deploys is told of a stage's settings, in sentences. Throws as `explainedSettings` does. */
export async function settingsNotice(stage: string): Promise<string[]> {
  const file = noticeModule.parse(await importSettings('notice'));
  return z.array(z.string()).parse(file.default.notice(stage));
}

async function importSettings(name: 'explain' | 'notice'): Promise<unknown> {
  if (built === undefined) return import(join(__dirname, `../../../../settings/${name}.cjs`));
  throw new UsageError(
    'The settings are in the checkout that the stage is deployed from: use npx pnpm duo settings there.',
  );
}
