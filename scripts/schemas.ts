import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { schemaFiles } from '../packages/duo-cli/schemas';

/** Writes the schemas of what the operator's command prints with `--json` into `docs/json/`. */
for (const [file, text] of schemaFiles()) writeFileSync(join(__dirname, '../docs/json', file), text);
