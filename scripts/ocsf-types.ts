import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDefinitions } from '../tools/ocsf/schema';
import { selection } from '../tools/ocsf/selection';
import { tablesOf } from '../tools/ocsf/tables';
import { typesText } from '../tools/ocsf/types-text';

/** Writes the types of the selected part of OCSF into `packages/duo-ocsf`, or, called so, the tables of the lake that follow from them. */
const [what] = process.argv.slice(2);
const definitions = readDefinitions();
if (what === 'tables')
  writeFileSync(join(__dirname, '../services/lake/tables.json'), JSON.stringify(tablesOf(definitions)));
else writeFileSync(join(__dirname, '../packages/duo-ocsf/src/schema.ts'), typesText(definitions, selection));
