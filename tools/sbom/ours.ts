import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';

const root = join(__dirname, '../..');
const named = z.object({ name: z.string() });

/** The names of this project's own packages. */
export function ourPackages(): ReadonlySet<string> {
  const folders = ['packages', 'services'].flatMap((kind) =>
    readdirSync(join(root, kind)).map((name) => join(root, kind, name)),
  );
  return new Set(
    folders.map((folder) => named.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).name),
  );
}

/** This project's own licence, the Apache License 2.0. */
export function ourLicence(): string {
  return readFileSync(join(root, 'LICENSE'), 'utf8');
}
