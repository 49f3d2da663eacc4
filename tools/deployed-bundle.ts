import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BuildOptions, Plugin } from 'esbuild';
import { parse } from 'yaml';
import * as z from 'zod/mini';

const aService = join(__dirname, '../services/telephony');

const common = z.object({
  esbuild: z.object({
    bundle: z.boolean(),
    minify: z.boolean(),
    target: z.string(),
    mainFields: z.array(z.string()),
    exclude: z.array(z.string()),
    plugins: z.string(),
  }),
});

const pluginList = z.array(
  z.object({ name: z.string(), setup: z.custom<Plugin['setup']>((setup) => typeof setup === 'function') }),
);

/** What a deployment gives esbuild for every function, by `serverless.common.yml`: all but what is bundled, and to where. */
export function deployedBundle(): BuildOptions {
  const { exclude, plugins, ...options } = common.parse(
    parse(readFileSync(join(__dirname, '../serverless.common.yml'), 'utf8')),
  ).esbuild;
  // Its path is taken from the folder of a service.
  return {
    ...options,
    platform: 'node',
    format: 'cjs',
    external: exclude,
    plugins: pluginList.parse(require(join(aService, plugins))),
  };
}
