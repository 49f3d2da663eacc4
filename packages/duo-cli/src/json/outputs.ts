import type * as z from 'zod/mini';
import { accountsDiscoverJson, accountsListJson } from '../commands/accounts/json';
import { backfillJson } from '../commands/backfill/json';
import {
  checkpointImportJson,
  checkpointResetJson,
  checkpointSetJson,
  checkpointShowJson,
} from '../commands/checkpoint/json';
import { collectJson } from '../commands/collect/json';
import { credentialsCheckJson } from '../commands/credentials/json';
import { doctorJson } from '../commands/doctor/json';
import { feedBody } from '../commands/feed/body';
import { logsJson } from '../commands/logs/json';
import { ocsfJson } from '../commands/ocsf/json';
import { queryJson } from '../commands/query/json';
import { receiptsJson } from '../commands/receipts/json';
import { reportJson } from '../commands/report/json';
import { statusJson } from '../commands/status/json';
import { tailJson } from '../commands/tail/json';
import { udmJson } from '../commands/udm/json';
import { verifyJson } from '../commands/verify/json';
import { explained } from '../stage/explained-settings';

/**
 * What each command that has `--json` prints with it, by the command's name. `docs/json/` has a file of each: `npx pnpm schemas`
 * writes them, and tests hold every output to them.
 */
export const jsonOutputs: Readonly<Record<string, z.ZodMiniType>> = {
  'accounts discover': accountsDiscoverJson,
  'accounts list': accountsListJson,
  backfill: backfillJson,
  'checkpoint import': checkpointImportJson,
  'checkpoint reset': checkpointResetJson,
  'checkpoint set': checkpointSetJson,
  'checkpoint show': checkpointShowJson,
  collect: collectJson,
  'credentials check': credentialsCheckJson,
  doctor: doctorJson,
  feed: feedBody,
  logs: logsJson,
  ocsf: ocsfJson,
  query: queryJson,
  receipts: receiptsJson,
  report: reportJson,
  'settings show': explained,
  status: statusJson,
  tail: tailJson,
  udm: udmJson,
  verify: verifyJson,
};

/** The commands that print a value a line, however many there are; all others print one. */
export const linesOfJson: readonly string[] = ['logs', 'ocsf', 'query', 'tail', 'udm'];
