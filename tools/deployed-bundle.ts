import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';
import { parse } from 'yaml';
import * as z from 'zod/mini';

const common = z.object({
  esbuild: z.object({
    bundle: z.boolean(),
    minify: z.boolean(),
    target: z.string(),
    mainFields: z.array(z.string()),
    exclude: z.array(z.string()),
  }),
});

/** What a deployment gives esbuild for every function, by `serverless.common.yml`: all but what is bundled, and to where. */
export function deployedBundle(): BuildOptions {
  const { exclude, ...options } = common.parse(
    parse(readFileSync(join(__dirname, '../serverless.common.yml'), 'utf8')),
  ).esbuild;
  return { ...options, platform: 'node', format: 'cjs', external: exclude };
}
