import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';
import { commandBundle } from '../../packages/duo-cli/bundle';
import { deployedBundle } from '../deployed-bundle';

const root = join(__dirname, '../..');

/** What leaves this checkout as bundles, by name: the functions, each as it is deployed, and the command. Nothing is written. */
export function bundles(): Readonly<Record<'functions' | 'duo-logs', BuildOptions>> {
  return {
    functions: {
      ...deployedBundle(),
      absWorkingDir: root,
      entryPoints: handlers(),
      outdir: 'dist',
      outbase: '.',
      write: false,
    },
    'duo-logs': { ...commandBundle(), write: false },
  };
}

/** The entry point of every service that has functions, from the root. */
function handlers(): string[] {
  return readdirSync(join(root, 'services'))
    .map((service) => `services/${service}/src/handler.ts`)
    .filter((path) => existsSync(join(root, path)));
}
