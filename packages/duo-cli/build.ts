import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { services } from './src/logs/service-modules';

/** Builds `duo-logs`, the command as one file that needs Node.js and nothing else: `pnpm pack` calls it. */
const folder = __dirname;
buildSync({
  entryPoints: [join(folder, 'src/main.ts')],
  outfile: join(folder, 'dist/duo-logs.js'),
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
});
