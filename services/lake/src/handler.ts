import { createLake, readTables } from 'duo-lake';
import tables from '../tables.json';
import { mappingOf } from './mappings';

/** Turns what is stored into Parquet: AWS Lambda calls this every hour. */
export const turn = createLake({ mappingOf: mappingOf(), tables: readTables(tables) });
