import type * as z from 'zod/mini';
import { backfillJson } from './backfill/json';
import {
  checkpointImportJson,
  checkpointResetJson,
  checkpointSetJson,
  checkpointShowJson,
} from './checkpoint/json';
import { collectJson } from './collect/json';
import { credentialsCheckJson } from './credentials/json';
import { doctorJson } from './doctor/json';
import { feedBody } from './feed/body';
import { receiptsJson } from './receipts/json';
import { statusJson } from './status/json';
import { tailJson } from './tail/json';
import { udmJson } from './udm/json';
import { verifyJson } from './verify/json';

/**
 * What each command that has `--json` prints with it, by the command's name. `docs/json/` has a file of each: `npx pnpm schemas`
 * writes them, and tests hold every output to them.
 */
export const jsonOutputs: Readonly<Record<string, z.ZodMiniType>> = {
  backfill: backfillJson,
  'checkpoint import': checkpointImportJson,
  'checkpoint reset': checkpointResetJson,
  'checkpoint set': checkpointSetJson,
  'checkpoint show': checkpointShowJson,
  collect: collectJson,
  'credentials check': credentialsCheckJson,
  doctor: doctorJson,
  feed: feedBody,
  receipts: receiptsJson,
  status: statusJson,
  tail: tailJson,
  udm: udmJson,
  verify: verifyJson,
};

/** The commands that print a value a line, however many there are; all others print one. */
export const linesOfJson: readonly string[] = ['tail', 'udm'];
