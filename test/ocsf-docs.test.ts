import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { actionKind, classes as selectedClasses } from 'duo-ocsf';
import { findLog } from 'duo-simulator';
import { mapped, mappingOf, recordsOf } from '../packages/duo-ocsf/test/support/mappings';
import { fieldOf, type Leaf, leavesOf, placesOf } from './support/ocsf-places';

/*
 * Holds docs/ocsf.md to what the mappings do: each row, and that no field is without one.
 */

const page = readFileSync(join(__dirname, '../docs/ocsf.md'), 'utf8');
const sections = new Map(
  page
    .split(/^## /m)
    .slice(1)
    .map((section): [string, string] => [
      (section.split('\n')[0] ?? '').toLowerCase().replaceAll(' ', '-'),
      section,
    ]),
);

interface Row {
  readonly field: string;
  readonly places: readonly string[];
}

/** The names in backticks of a cell. */
const named = (cell = ''): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);

function cellsOf(section: string): string[][] {
  return [...section.matchAll(/^\|(.*)\|$/gm)]
    .map(([, row = '']) => row.split('|').map((cell) => cell.trim()))
    .slice(2);
}

function rowsOf(section: string): Row[] {
  return cellsOf(section).map(([field, places]) => ({ field: named(field)[0] ?? '', places: named(places) }));
}

/** Every value in the records of a log, with the record that it stands in. */
function allLeaves(name: string): { record: string; leaf: Leaf }[] {
  return recordsOf(name).flatMap((record) => leavesOf(JSON.parse(record)).map((leaf) => ({ record, leaf })));
}

/** Where the values that a row is about show, with the others that the same field has elsewhere. */
async function shownAt(name: string, isAbout: (field: string) => boolean): Promise<string[]> {
  const toOcsf = await mappingOf(name);
  const all = allLeaves(name).filter(({ leaf }) => isAbout(fieldOf(leaf.path)));
  const places = all.map(({ record, leaf }) => {
    const others = all.filter((one) => fieldOf(one.leaf.path) === fieldOf(leaf.path));
    return placesOf(toOcsf, record, leaf, [...new Set(others.map((one) => one.leaf.value))]);
  });
  return [...new Set(places.flatMap((one) => [...one]))].sort();
}

/** The field of the most exact row about a field: its own, or one that it is part of. */
function rowFor(field: string, rows: readonly Row[]): string | undefined {
  return rows
    .map((row) => row.field)
    .filter((one) => field === one || field.startsWith(`${one}.`))
    .sort((one, other) => other.length - one.length)[0];
}

const described = mapped.filter((name) => sections.has(name));

test('there are sections to look at', () => {
  expect(described.length).toBeGreaterThan(5);
});

describe.each(described)('the section of %s', (name) => {
  const rows = rowsOf(sections.get(name) ?? '');

  test.each(rows)('says where $field shows', async ({ field, places }) => {
    const shown = await shownAt(name, (one) => rowFor(one, rows) === field);
    const groups = places.filter((place) => place.endsWith('.*')).map((place) => place.slice(0, -1));
    const grouped = shown.map((place) => {
      const group = groups.find((one) => place.startsWith(one));
      return group === undefined ? place : `${group}*`;
    });
    expect([...new Set(grouped)].sort()).toEqual([...places].sort());
  });

  test('has each field once, and no field of a record is without a row', () => {
    const fields = rows.map(({ field }) => field);
    expect(fields).toEqual([...new Set(fields)]);
    const records = allLeaves(name).map(({ leaf }) => fieldOf(leaf.path));
    expect([...new Set(records)].filter((field) => rowFor(field, rows) === undefined)).toEqual([]);
  });
});

test('a log without a section maps nothing but its time and its id', async () => {
  for (const name of mapped.filter((one) => !sections.has(one))) {
    const { logType } = await findLog(name);
    const own = [logType.time.field, logType.id];
    const shown = await shownAt(name, (field) => !own.includes(field));
    expect([name, shown.filter((place) => place !== 'unmapped')]).toEqual([name, []]);
  }
});

test('each class that the mappings use has a row that says why', () => {
  const classes = cellsOf(sections.get('classes') ?? '').map(([name]) => /\((\d+)\)/.exec(name ?? '')?.[1]);
  expect(classes.length).toBeGreaterThan(5);
  expect(classes.toSorted()).toEqual(Object.keys(selectedClasses).toSorted());
});

test.each(
  cellsOf(sections.get('actions') ?? '').flatMap(([uid, activity, actions]) =>
    named(actions).map((action) => [action, Number(uid), Number.parseInt(activity ?? '', 10)] as const),
  ),
)('the action %s is of the class %i, with the activity %i', (action, class_uid, activity_id) => {
  expect(actionKind(action)).toEqual({ class_uid, activity_id });
});

test.each(mapped)('an event of %s has what every event has', async (name) => {
  const rows = cellsOf(sections.get('in-every-event') ?? '');
  const constants = rows.flatMap(([places, values]) =>
    /^(`[^`]+`(, )?)+$/.test(values ?? '')
      ? named(places).map((place, index) => [place, named(values)[index]] as const)
      : [],
  );
  expect(constants.length).toBeGreaterThan(2);
  const toOcsf = await mappingOf(name);
  for (const record of recordsOf(name)) {
    const { event } = toOcsf(record, 'north');
    for (const [place, value] of constants) expect(event).toHaveProperty(place, value);
    expect(event.metadata).toMatchObject({ log_name: name, labels: ['account:north'] });
    expect(event.raw_data).toBe(record);
  }
});
