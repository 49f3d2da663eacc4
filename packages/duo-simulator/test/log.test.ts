import { expect, test } from '@jest/globals';
import type { LogType } from 'duo-core';
import { noon } from '../src';
import { createLog } from '../src/records/log';
import { door, doorLog } from './door-log';
import { gate, gateLog } from './gate-log';

const iso: LogType = { ...doorLog, time: { field: 'opened', unit: 'iso' } };
const seconds: LogType = { ...doorLog, time: { field: 'opened', unit: 's' } };

function logAt(start: number, logType = doorLog) {
  const clock = { now: start };
  return { log: createLog(logType, () => clock.now), clock };
}

test('a record becomes visible two minutes after its time, to the millisecond', () => {
  const { log, clock } = logAt(noon + 119_999);
  log.add(door('a', noon));
  expect(log.published()).toEqual([]);
  clock.now += 1;
  expect(log.published()).toEqual([door('a', noon)]);
});

test('a late record becomes visible when it is published, in its place', () => {
  const { log, clock } = logAt(noon + 200_000);
  log.add(door('late', noon), { publishedAt: noon + 300_000 });
  log.add(door('prompt', noon + 1));
  expect(log.published()).toEqual([door('prompt', noon + 1)]);
  clock.now = noon + 300_000;
  expect(log.published()).toEqual([door('late', noon), door('prompt', noon + 1)]);
});

test('what is visible follows a clock that is set back, and records added meanwhile', () => {
  const { log, clock } = logAt(noon + 120_000);
  log.addAll([door('a', noon), door('b', noon + 10)]);
  expect(log.published()).toEqual([door('a', noon)]);
  clock.now -= 1;
  expect(log.published()).toEqual([]);
  clock.now += 11;
  expect(log.published()).toEqual([door('a', noon), door('b', noon + 10)]);
  log.add(door('c', noon + 5));
  expect(log.published()).toEqual([door('a', noon), door('c', noon + 5), door('b', noon + 10)]);
});

test('no record is published before the two minutes are over', () => {
  const { log } = logAt(noon + 119_999);
  log.add(door('a', noon), { publishedAt: noon });
  expect(log.published()).toEqual([]);
});

test('records are ordered by their time and then by their id, however they were added', () => {
  const { log } = logAt(noon + 200_000);
  log.addAll([door('b', noon + 1), door('a', noon + 1), door('z', noon), door('a', noon + 1)]);
  expect(log.visible().map((one) => one.id)).toEqual(['z', 'a', 'a', 'b']);
});

test.each([
  ['microseconds are cut off', iso, '"2026-03-01T12:00:00.999999+00:00"', noon + 999],
  ['a zone is heeded', iso, '"2026-03-01T14:00:00+02:00"', noon],
  ['seconds', seconds, String(noon / 1000), noon],
  ['milliseconds', doorLog, String(noon), noon],
])('a record’s time: %s', (_, logType, time, ms) => {
  const { log } = logAt(noon + 200_000, logType);
  log.add(`{"door_id": "a", "opened": ${time}}`);
  expect(log.visible()).toMatchObject([{ ms, id: 'a' }]);
});

test('a record in whole seconds becomes visible two minutes after the end of its second', () => {
  const { log, clock } = logAt(noon + 120_998, gateLog);
  log.add(gate('a', noon / 1000));
  expect(log.published()).toEqual([]);
  clock.now += 1;
  expect(log.published()).toEqual([gate('a', noon / 1000)]);
});

test('without ids, records of one time stay in the order in which they were added, equal ones too', () => {
  const { log } = logAt(noon + 200_000, gateLog);
  const records = ['c', 'a', 'a', 'b'].map((who) => gate(who, noon / 1000));
  log.addAll(records);
  expect(log.published()).toEqual(records);
});

test('a changed record is shown in place of the old one, from now on', () => {
  const { log } = logAt(noon + 200_000);
  log.addAll([door('a', noon), door('b', noon)]);
  expect(log.published()).toHaveLength(2);
  log.replace(door('a', noon), { door_id: 'a', opened: noon, state: 'closed' });
  const changed = `{"door_id":"a","opened":${noon},"state":"closed"}`;
  expect(log.published()).toEqual([changed, door('b', noon)]);
  log.replace(changed, door('a', noon));
  expect(log.published()).toEqual([door('a', noon), door('b', noon)]);
});

test('of equal records one is changed, in its place', () => {
  const { log } = logAt(noon + 200_000, gateLog);
  const same = gate('a', noon / 1000);
  log.addAll([same, same, gate('b', noon / 1000)]);
  log.replace(same, gate('c', noon / 1000));
  expect(log.published()).toEqual([gate('c', noon / 1000), same, gate('b', noon / 1000)]);
});

test('a record that is changed before it is published is published when the old one would have been', () => {
  const { log, clock } = logAt(noon);
  log.add(door('a', noon), { publishedAt: noon + 300_000 });
  log.replace(door('a', noon), door('a', noon + 1));
  clock.now = noon + 299_999;
  expect(log.published()).toEqual([]);
  clock.now += 1;
  expect(log.published()).toEqual([door('a', noon + 1)]);
});

test('only a record that is there can be changed, and only into a record', () => {
  const { log } = logAt(noon + 200_000);
  log.add(door('a', noon));
  expect(() => log.replace(door('b', noon), door('b', noon))).toThrow(
    'the door log has no record with this text',
  );
  expect(() => log.replace(door('a', noon), '{}')).toThrow('its "door_id" is not a text');
  expect(log.published()).toEqual([door('a', noon)]);
});

test('an object is kept as JSON', () => {
  const { log } = logAt(noon + 200_000);
  log.add({ door_id: 'a', opened: noon });
  expect(log.published()).toEqual([`{"door_id":"a","opened":${noon}}`]);
});

test.each([
  ['no JSON', '{', doorLog, 'it is not a JSON object'],
  ['no object', '[]', doorLog, 'it is not a JSON object'],
  ['no id', `{"opened": ${noon}}`, doorLog, 'its "door_id" is not a text'],
  ['no time', '{"door_id": "a"}', doorLog, 'its "opened" is not a time (ms)'],
  ['a time without zone', '{"door_id": "a", "opened": "2026-03-01T12:00:00"}', iso, 'is not a time (iso)'],
  [
    'a time that is not ISO 8601',
    '{"door_id": "a", "opened": "1 March 2026 12:00Z"}',
    iso,
    'not a time (iso)',
  ],
  ['an empty id', `{"door_id": "", "opened": ${noon}}`, doorLog, 'its "door_id" is not a text'],
  ['a null id', `{"door_id": null, "opened": ${noon}}`, doorLog, 'its "door_id" is not a text'],
  ['a time that is none', '{"door_id": "a", "opened": "nooNZ"}', iso, 'is not a time (iso)'],
])('%s is no record', (_, text, logType, complaint) => {
  const { log } = logAt(noon, logType);
  expect(() => log.add(text)).toThrow(complaint);
});
