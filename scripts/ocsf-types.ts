import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDefinitions } from '../tools/ocsf/schema';
import { selection } from '../tools/ocsf/selection';
import { typesText } from '../tools/ocsf/types-text';

/** Writes the types of the selected part of OCSF into `packages/duo-ocsf`. */
writeFileSync(join(__dirname, '../packages/duo-ocsf/src/schema.ts'), typesText(readDefinitions(), selection));
