import { createHash } from 'node:crypto';
import {
  type AccountLog,
  CheckpointError,
  midnightOf,
  type Patience,
  putOutbox,
  recordsIn,
  type Saved,
  type Store,
  StoreError,
  utcDay,
} from 'duo-core';
import type { Column } from './columns';
import type { LakeEvent } from './events';
import { type LakeState, loadLakeState, type Output, saveLakeState } from './lake-state';
import { parquetOf } from './parquet';

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
  /** The columns of each table. */
  readonly tables: ReadonlyMap<string, readonly Column[]>;
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

/** What a run has done: folders that had something new, objects read, records in the lake, Parquet files put. */
export interface LakeReport {
  folders: number;
  objects: number;
  records: number;
  files: number;
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
  for (let save = 1; ; save++) {
    const { state } = saved;
    for (const output of state.outbox?.outputs ?? []) await putOutbox(store, output, turning);
    const turned = [...state.turned, ...(state.outbox?.inputs ?? [])];
    const known = new Set(turned);
    const open = folder.keys.filter((key) => !known.has(key));
    const isLate = turning.clock.now() > turning.deadline;
    if (open.length === 0 && state.outbox === null) return 'turned';
    if (isLate && state.outbox === null) return 'more';
    const next = open.length === 0 || isLate ? null : await decide(open, folder, turning);
    const problem = next instanceof Error ? next : null;
    const outbox = next instanceof Error ? null : next;
    if (problem !== null && state.outbox === null) throw problem;
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
    if (outbox === null) return open.length === 0 ? 'turned' : 'more';
    report.objects += outbox.inputs.length;
    report.files += outbox.outputs.length;
  }
}

/**
 * Reads as many of the objects as a turn may hold, and makes Parquet of their records. The error of the first one that cannot be
 * read, where there is none before it.
 */
async function decide(
  keys: readonly string[],
  { log, day }: Folder,
  turning: Turning,
): Promise<LakeState['outbox'] | Error> {
  const inputs: string[] = [];
  const texts: string[] = [];
  let size = 0;
  for (const key of keys) {
    if (size >= turning.mostText) break;
    const lines = await linesOf(key, turning.store);
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
  turning.report.records += texts.length;
  return { inputs, outputs: outputsOf(inputs, texts, log, day, turning) };
}

/** The lines of an object; none of one that was deleted since it was listed. */
async function linesOf(key: string, store: Store): Promise<string[] | Error> {
  const object = await store.get(key);
  if (object === undefined) return [];
  try {
    return recordsIn(object.body);
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    return new StoreError(
      `${store.url}/${key}: ${what}. Nothing of it is in the lake, and what comes after it in its folder waits. Put its earlier version back, or remove it`,
    );
  }
}

/** A file for each table and day of events, its rows in the order of their times. */
function outputsOf(
  inputs: readonly string[],
  texts: readonly string[],
  log: AccountLog,
  day: string,
  turning: Turning,
): Output[] {
  const files = new Map<string, { readonly table: string; readonly events: LakeEvent[] }>();
  for (const text of texts) {
    const event = turning.eventOf(text, log);
    const eventDay = event.time === null ? day : utcDay(event.time);
    const { region, accountId } = turning.place;
    const folder = `lake/${event.table}/region=${region}/accountId=${accountId}/eventDay=${eventDay.replaceAll('-', '')}`;
    const file = files.get(folder) ?? { table: event.table, events: [] };
    file.events.push(event);
    files.set(folder, file);
  }
  const begin = midnightOf(day);
  return [...files].map(([folder, { table, events }]) => {
    const columns = turning.tables.get(table);
    if (columns === undefined) throw new Error(`no table ${table}`);
    // Stable: what happened at one time stays in Duo's order.
    events.sort((one, other) => (one.time ?? begin) - (other.time ?? begin));
    const body = parquetOf(
      events.map(({ event }) => event),
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

/**
 * How much text a turn of a function reads. A record becomes its own text and its fields again, which snappy does not make larger: so
 * a state stays below 16 MB in base64, except where one object alone is larger.
 */
export const mostTurned = 4_000_000;
