import { createHash } from 'node:crypto';
import {
  type AccountLog,
  CheckpointError,
  dayLength,
  midnightOf,
  type Patience,
  putOutbox,
  recordsIn,
  type Saved,
  type Store,
  utcDay,
} from 'duo-core';
import type { Row } from './conform';
import type { LakeEvent } from './events';
import { type LakeState, loadLakeState, type Output, saveLakeState } from './lake-state';
import { parquetOf } from './parquet';
import type { Tables } from './tables';

/** An object cannot be read as one of a collector's. Its folder waits; an operator is alerted. */
export class DamagedObjectError extends Error {
  override readonly name = 'DamagedObjectError';
}

/** A folder of `logs/`: the objects of a log of a UTC day (`YYYY-MM-DD`), in the order of their keys. */
export interface Folder {
  readonly log: AccountLog;
  readonly day: string;
  readonly keys: readonly string[];
}

/** What turning needs. Moments in ms. */
export interface Turning extends Patience {
  readonly store: Store;
  /** What the record of a line of a log becomes. Never throws, whatever the line is. */
  readonly eventOf: (text: string, log: AccountLog) => LakeEvent;
  readonly tables: Tables;
  /** Where the lake lies, as Security Lake names it: `{ region: 'eu-west-1', accountId: '123456789012' }`. */
  readonly place: { readonly region: string; readonly accountId: string };
  /** Which run this is. */
  readonly run: string;
  /** How much text (in characters) a turn reads, and up to an object more; see `mostTurned`. */
  readonly mostText: number;
  /** After this nothing more is decided. */
  readonly deadline: number;
  readonly report: LakeReport;
}

/**
 * What a run has done: folders that had something new, objects read, records in the lake, Parquet files put; `problems`: records with
 * which something was wrong; `stopped`: folders that wait because of what is stored, not because the store failed.
 */
export interface LakeReport {
  folders: number;
  objects: number;
  records: number;
  files: number;
  problems: number;
  stopped: number;
}

/** A report of nothing yet. */
export function emptyLakeReport(): LakeReport {
  return { folders: 0, objects: 0, records: 0, files: 0, problems: 0, stopped: 0 };
}

/** How the turn of a folder ended. `superseded`: another run turns it. `more`: time was used up. */
export type TurnOutcome = 'turned' | 'superseded' | 'more';

/**
 * Turns the objects of a folder that its state does not have yet: each record becomes a row of one Parquet file, exactly once,
 * wherever a run is ended and however many there are at once. A save decides which objects were read and what comes of them, to the
 * byte; only then is it put. Throws for an object that cannot be read, when all before it are done.
 */
export async function turnFolder(folder: Folder, turning: Turning): Promise<TurnOutcome> {
  const { store, run, report } = turning;
  let saved = await loadLakeState(store, folder.log, folder.day);
  if (saved.state.day !== folder.day)
    throw new CheckpointError(
      `${store.url}: the lake's state of ${folder.day} is that of ${saved.state.day}. Nothing was changed. Put its earlier version back`,
    );
  // Deleted since they were listed. They are not noted as turned: who puts an earlier version back has them turned then.
  const gone = new Set<string>();
  for (let save = 1; ; save++) {
    const { state } = saved;
    for (const output of state.outbox?.outputs ?? []) await putOutbox(store, output, turning);
    const turned = [...state.turned, ...(state.outbox?.inputs ?? [])];
    const known = new Set(turned);
    const open = folder.keys.filter((key) => !known.has(key) && !gone.has(key));
    const isLate = turning.clock.now() > turning.deadline;
    if (open.length === 0 && state.outbox === null) return 'turned';
    if (isLate && state.outbox === null) return 'more';
    const next = open.length === 0 || isLate ? null : await decide(open, folder, turning, gone);
    const problem = next instanceof Error ? next : null;
    const made = next instanceof Error || next?.inputs.length === 0 ? null : next;
    const outbox = made && { inputs: made.inputs, outputs: made.outputs };
    if (problem !== null && state.outbox === null) throw problem;
    if (made === null && state.outbox === null) return 'turned';
    const decided: Saved<LakeState> | 'superseded' = await saveLakeState(
      store,
      { ...state, by: `${run}/${save}`, turned, outbox },
      saved.etag,
      turning,
    );
    if (decided === 'superseded') return 'superseded';
    if (save === 1) report.folders += 1;
    saved = decided;
    if (problem !== null) throw problem;
    if (made === null) return isLate && open.length > 0 ? 'more' : 'turned';
    report.objects += made.inputs.length;
    report.files += made.outputs.length;
    report.records += made.records;
    report.problems += made.problems;
  }
}

/** What a turn decides to put, and how many records it is of, and of how many of those something was wrong. */
interface Made extends NonNullable<LakeState['outbox']> {
  readonly records: number;
  readonly problems: number;
}

/**
 * Reads as many of the objects as a turn may hold, and makes Parquet of their records. The error of the first one that cannot be
 * read, where there is none before it.
 */
async function decide(
  keys: readonly string[],
  { log, day }: Folder,
  turning: Turning,
  gone: Set<string>,
): Promise<Made | DamagedObjectError> {
  const inputs: string[] = [];
  const texts: string[] = [];
  let size = 0;
  for (const key of keys) {
    if (size >= turning.mostText) break;
    const lines = await linesOf(key, turning.store);
    if (lines === undefined) {
      gone.add(key);
      continue;
    }
    if (lines instanceof Error) {
      if (inputs.length === 0) return lines;
      break;
    }
    inputs.push(key);
    for (const line of lines) {
      texts.push(line);
      size += line.length;
    }
  }
  const events = texts.map((text) => turning.eventOf(text, log));
  const problems = events.filter(({ isProblem }) => isProblem).length;
  return { inputs, outputs: outputsOf(inputs, events, day, turning), records: texts.length, problems };
}

/** The lines of an object; undefined of one that was deleted since it was listed. */
async function linesOf(key: string, store: Store): Promise<string[] | DamagedObjectError | undefined> {
  const object = await store.get(key);
  if (object === undefined) return undefined;
  try {
    return recordsIn(object.body);
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    return new DamagedObjectError(
      `${store.url}/${key}: ${what}. Nothing of it is in the lake, and what comes after it in its folder waits. Put its earlier version back, or remove it`,
    );
  }
}

/** A file for each table and day of events, its rows in the order of their times. */
function outputsOf(
  inputs: readonly string[],
  events: readonly LakeEvent[],
  day: string,
  { tables, place, clock }: Turning,
): Output[] {
  const now = clock.now();
  const files = new Map<string, { readonly table: string; readonly rows: { time: number; row: Row }[] }>();
  for (const { table, time, row } of events) {
    const at = time !== null && isPlausible(time, now) ? time : midnightOf(day);
    const eventDay = utcDay(at).replaceAll('-', '');
    const folder = `lake/${table}/region=${place.region}/accountId=${place.accountId}/eventDay=${eventDay}`;
    const file = files.get(folder) ?? { table, rows: [] };
    file.rows.push({ time: at, row });
    files.set(folder, file);
  }
  return [...files].map(([folder, { table, rows }]) => {
    const columns = tables.find(({ name }) => name === table)?.columns;
    if (columns === undefined) throw new Error(`no table ${table}`);
    // Stable: what happened at one time stays in Duo's order.
    rows.sort((one, other) => one.time - other.time);
    const body = parquetOf(
      rows.map(({ row }) => row),
      columns,
    );
    // Of what was read as well: the same record can be stored twice, and then it is in the lake twice.
    const hash = createHash('sha256')
      .update(`${inputs.join('\n')}\n`)
      .update(body)
      .digest('hex')
      .slice(0, 32);
    return { key: `${folder}/${hash}.parquet`, body: Buffer.from(body).toString('base64') };
  });
}

/** The first event day (`YYYY-MM-DD`) of the lake: the tables name no earlier one. */
export const firstEventDay = '2020-01-01';

/** Whether an event lies where the tables look. What a record says of another time stays in its row; it is filed under its folder's day. */
function isPlausible(time: number, now: number): boolean {
  return time >= midnightOf(firstEventDay) && time <= now + dayLength;
}

/**
 * How much text a turn of a function reads. A record becomes its own text and its fields again, which snappy does not make larger: so
 * a state stays below 16 MB in base64, except where one object alone is larger.
 */
export const mostTurned = 4_000_000;
