import { classes as shapes } from 'duo-ocsf';
import type { Kind, Shape } from 'duo-ocsf/shape';
import type { readDefinitions } from './schema';

/** A column as services/lake has it written down: see packages/duo-lake/src/columns.ts. */
interface Column {
  readonly name: string;
  readonly type: string;
  readonly columns?: readonly Column[];
  readonly isList?: true;
}

/** The tables of the lake: one for each class that an event of ours can have, with a column for each field of its shape. */
export function tablesOf({ classes }: ReturnType<typeof readDefinitions>) {
  const named = new Map(Object.entries(classes).map(([name, { uid }]) => [uid, name]));
  return Object.entries(shapes).map(([uid, { fields }]) => {
    const name = named.get(Number(uid) === 0 ? 0 : Number(uid));
    if (name === undefined) throw new Error(`OCSF has no class ${uid}`);
    return { name, class_uid: Number(uid), columns: columnsOf(fields) };
  });
}

function columnsOf(fields: Shape['fields']): Column[] {
  return Object.entries(fields).map(([name, { kind, list }]) => ({
    name,
    ...(kind.is === 'object'
      ? { type: 'struct', columns: columnsOf(kind.shape.fields) }
      : { type: typeOf(kind) }),
    ...(list && { isList: list }),
  }));
}

/** Captions' numbers are small, all others may be times in ms. */
function typeOf({ is }: Exclude<Kind, { is: 'object' }>): string {
  return { text: 'string', whole: 'bigint', flag: 'boolean', json: 'json', choice: 'int', constant: 'int' }[
    is
  ];
}
