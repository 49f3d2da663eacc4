import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';
import { services } from './src/logs/service-modules';

/** What esbuild makes `duo-logs` with, the command as one file that needs Node.js and nothing else. */
export function commandBundle(): BuildOptions {
  return {
    absWorkingDir: __dirname,
    entryPoints: [join(__dirname, 'src/main.ts')],
    outfile: join(__dirname, 'dist/duo-logs.js'),
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    mainFields: ['module', 'main'],
    // Names stay, so that --debug tells something.
    minifySyntax: true,
    minifyWhitespace: true,
    banner: { js: '#!/usr/bin/env node' },
    define: { BUILT: JSON.stringify({ command: 'duo-logs', services: services() }) },
    logLevel: 'warning',
  };
}
