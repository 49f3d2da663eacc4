import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageService } from 'duo-contract/package-service';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { deployedBundle } from '../../tools/deployed-bundle';

const root = join(__dirname, '../..');

/** The bundles that are compared, as files. */
export interface Bundles {
  /** What is deployed. */
  readonly ours: string;
  /** The same handler, bundled by someone who has configured nothing. */
  readonly byDefault: string;
  /** A handler that does nothing. */
  readonly empty: string;
  /** The bare loop of `floor.ts`, bundled as ours is. */
  readonly floor: string;
}

/** Makes them below `folder`. */
export async function makeBundles(logType: string, folder: string): Promise<Bundles> {
  mkdirSync(folder, { recursive: true });
  const service = join(root, 'services', logType);
  const path = (name: string) => join(folder, `${name}.js`);
  const bundles = {
    ours: path('ours'),
    byDefault: path('default'),
    empty: path('empty'),
    floor: path('floor'),
  };
  writeFileSync(bundles.ours, packageService(service).files['src/handler.js'] ?? '');
  writeFileSync(bundles.empty, 'module.exports.collect = async () => ({});\n');
  const handler = join(service, 'src/handler.ts');
  await build({ ...defaults, entryPoints: [handler], outfile: bundles.byDefault, plugins: [wholeZod] });
  await build({ ...deployedBundle(), entryPoints: [join(__dirname, 'floor.ts')], outfile: bundles.floor });
  return bundles;
}

/** What serverless-esbuild gives esbuild if it is told nothing, for nodejs24.x (its README, *Default Esbuild Options*). */
const defaults: BuildOptions = { bundle: true, platform: 'node', target: 'node24', external: ['aws-sdk'] };

/** `import * as z from 'zod'` in the place of `zod/mini`; some things have another name there. */
const wholeZod: Plugin = {
  name: 'whole zod',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^zod\/mini$/ }, ({ resolveDir }) => ({
      path: 'zod',
      namespace: 'whole-zod',
      pluginData: resolveDir,
    }));
    onLoad({ filter: /.*/, namespace: 'whole-zod' }, ({ pluginData }) => ({
      contents: `import * as z from 'zod';
        export * from 'zod';
        export const minimum = z.gte, maximum = z.lte, ZodMiniType = z.ZodType;`,
      resolveDir: pluginData,
    }));
  },
};
