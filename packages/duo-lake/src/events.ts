import type { AccountLog } from 'duo-core';
import { baseEvent } from './base-event';
import { type Row, row } from './conform';
import type { ToOcsf } from './mapping';
import type { Tables } from './tables';

/** What the record of a line becomes in the lake. */
export interface LakeEvent {
  /** The name of its table: `base_event`. */
  readonly table: string;
  /** When it happened, in ms; null where the record does not say. */
  readonly time: number | null;
  /** Its fields, as the columns of its table have them. */
  readonly row: Row;
  /** Whether something was wrong with the record, which its `status_detail` says. */
  readonly isProblem: boolean;
}

/**
 * What the record of a line of a log becomes, by the log's mapping. An event that its table cannot hold becomes a base event with
 * the whole text, so that no fault of a mapping keeps others waiting. Throws only for a log without a mapping.
 */
export function lakeEvents(
  mappings: ReadonlyMap<string, ToOcsf>,
  tables: Tables,
): (text: string, log: AccountLog) => LakeEvent {
  return (text, { logType, account }) => {
    const mapped = mappings.get(logType);
    if (mapped === undefined) throw new Error(`${logType} has no mapping`);
    const { event, problems } = mapped(text, account);
    const time = Number.isSafeInteger(event.time) && event.time > 0 ? event.time : null;
    try {
      const { name: table, columns } = tableOf(tables, event.class_uid);
      return { table, time, row: row(event, columns), isProblem: problems.length > 0 };
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      const { name: table, columns } = tableOf(tables, 0);
      const base = baseEvent(text, logType, account, time ?? 0, [
        ...problems,
        `its event has no place: ${problem}`,
      ]);
      return { table, time, row: row(base, columns), isProblem: true };
    }
  };
}

function tableOf(tables: Tables, classUid: number) {
  const table = tables.find(({ class_uid }) => class_uid === classUid);
  if (table === undefined) throw new Error(`there is no table of the class ${classUid}`);
  return table;
}
