import { join } from 'node:path';
import * as z from 'zod/mini';
import { built } from '../built';
import { text } from '../json/fields';
import { UsageError } from '../operator/usage-error';

const value = z
  .nullable(z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]))
  .check(z.describe('null where there is none: the note says what holds then'));

/** Each setting of a stage, and where it comes from. */
export const explained = z.strictObject({
  stage: text('the stage'),
  stageFile: text("the stage's own file: from the checkout, or absolute outside of it"),
  found: z.boolean().check(z.describe('whether that file is there')),
  defaultFile: text('the file that every stage starts from'),
  settings: z
    .array(
      z.strictObject({
        name: text('the setting; a setting inside another one has a name like reader.kind'),
        value,
        from: text('where it comes from: one of the two files, built-in, or derived'),
        note: z.optional(text('what holds without a value, or what it is derived from')),
      }),
    )
    .check(z.describe('each setting, by where it comes from')),
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

const filesModule = z.object({
  default: z.object({
    nearFile: z.custom<(stage: string) => unknown>((value) => typeof value === 'function'),
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

/** The file of another stage that may have been meant by this one's name; undefined if the stage has a file, or no name is near. */
export async function fileMeant(stage: string): Promise<string | undefined> {
  if ((await explainedSettings(stage)).found) return undefined;
  const file = filesModule.parse(await importSettings('files'));
  return z.optional(z.string()).parse(file.default.nearFile(stage));
}

async function importSettings(name: 'explain' | 'notice' | 'files'): Promise<unknown> {
  if (built === undefined) return import(join(__dirname, `../../../../settings/${name}.cjs`));
  throw new UsageError(
    'The settings are in the checkout that the stage is deployed from: use npx pnpm duo settings there.',
  );
}
