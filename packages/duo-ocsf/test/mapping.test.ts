import { describe, expect, test } from '@jest/globals';
import { defineLogType, fields } from 'duo-core';
import * as z from 'zod/mini';
import { type EventDraft, mapping, type RawRecord } from '../src';

const log = defineLogType({
  name: 'door-event',
  path: '/admin/v2/logs/doors',
  paging: { style: 'cursor', limit: 1000 },
  records: 'items',
  time: { field: 'ts', unit: 'iso' },
  id: 'door_id',
  schema: fields({ door_id: z.string(), kind: z.optional(z.nullable(z.string())) }),
});
const logon = (raw: RawRecord): EventDraft => ({
  class_uid: 3002,
  activity_id: 1,
  status_detail: raw.text('reason'),
  metadata: { event_code: raw.text('kind') },
  device: { ip: raw.text('ip'), hostname: raw.text('host'), type_id: 0 },
  service: { name: 'Door' },
  user: {
    name: raw.text('who'),
    email_addr: raw.text('mail'),
    groups: raw.texts('groups')?.map((names) => names.map((name) => ({ name }))),
    uid: raw.json('details').text('key'),
  },
});
const toOcsf = mapping(log, logon);
const record = {
  door_id: 'd-1',
  ts: '2026-01-15T09:12:09.466999+01:00',
  kind: 'open',
  who: 'ada',
  mail: 'ada@example.com',
  ip: '192.0.2.10',
  host: 'door-1',
  reason: 'badge',
  details: '{"key": "U-1", "colour": "blue", "gone": null}',
  extra: { list: [1, '', { a: null }], none: [] },
};
const of = (changes: object) => toOcsf(JSON.stringify({ ...record, ...changes }));

test('a record is this event: what the mapping says, what every event has, and the rest', () => {
  const text = JSON.stringify(record);
  expect(toOcsf(text, 'north')).toEqual({
    problems: [],
    event: {
      activity_id: 1,
      activity_name: 'Logon',
      category_name: 'Identity & Access Management',
      category_uid: 3,
      class_name: 'Authentication',
      class_uid: 3002,
      device: { hostname: 'door-1', ip: '192.0.2.10', type: 'Unknown', type_id: 0 },
      metadata: {
        event_code: 'open',
        labels: ['account:north'],
        log_name: 'door-event',
        original_time: '2026-01-15T09:12:09.466999+01:00',
        product: { feature: { name: 'Door event' }, name: 'Duo', vendor_name: 'Cisco' },
        profiles: ['host'],
        uid: 'd-1',
        version: '1.1.0',
      },
      observables: [
        { name: 'device.hostname', type: 'Hostname', type_id: 1, value: 'door-1' },
        { name: 'device.ip', type: 'IP Address', type_id: 2, value: '192.0.2.10' },
        { name: 'user.email_addr', type: 'Email Address', type_id: 5, value: 'ada@example.com' },
        { name: 'user.name', type: 'User Name', type_id: 4, value: 'ada' },
      ],
      raw_data: text,
      service: { name: 'Door' },
      severity: 'Informational',
      severity_id: 1,
      status_detail: 'badge',
      time: Date.parse('2026-01-15T08:12:09.466Z'),
      type_name: 'Authentication: Logon',
      type_uid: 300_201,
      unmapped: { details: { colour: 'blue' }, extra: { list: [1] } },
      user: { email_addr: 'ada@example.com', name: 'ada', uid: 'U-1' },
    },
  });
});

describe('what OCSF does not take where it belongs stays in unmapped:', () => {
  test.each([
    ['an address that is none', { ip: 'somewhere' }],
    ['an address of mail that is none', { mail: 'ada at home' }],
    ['a host that is none', { host: 'Ada’s door' }],
    ['another kind of value', { who: { first: 'Ada' }, mail: 'ada@example.com', details: { key: 'U-1' } }],
    ['a text that is too long', { reason: 'x'.repeat(65_536) }],
    ['half a character', { who: '\ud800' }],
    ['a list of which one item does not fit', { groups: ['A', '\ud800'] }],
    ['prose where JSON was', { details: 'by hand' }],
    ['a field that nobody knows', { colour: 'red' }],
    ['a field whose name looks like a path that is mapped', { 'details.key': 'U-2' }],
  ])('%s', (_, changes) => {
    const { event, problems } = of(changes);
    const [[name, value] = ['', undefined]] = Object.entries(changes);
    expect([event.class_uid, problems]).toEqual([3002, []]);
    expect(event.unmapped?.[name]).toEqual(value);
  });

  test('a whole part, if it lacks what OCSF wants of it', () => {
    const draft = (raw: RawRecord): EventDraft => ({
      class_uid: 3002,
      activity_id: 1,
      user: { name: raw.text('who') },
      device: { os: { name: raw.text('host'), type_id: 0 }, type_id: 0 },
      service: { name: 'Door' },
    });
    const { event } = mapping(log, draft)(JSON.stringify(record));
    expect(event).not.toHaveProperty('device');
    expect(event.unmapped).toMatchObject({ host: 'door-1' });
  });
});

describe('something is wrong with a record', () => {
  test.each<[string, string, number, string]>([
    ['that is no JSON', '{"door_id": "+15555550199"', 0, 'the record is not JSON'],
    ['that is a text', '"+15555550199"', 0, 'the record is not a JSON object'],
    ['that is a list', '[{}]', 0, 'the record is not a JSON object'],
    ['that is null', 'null', 0, 'the record is not a JSON object'],
    ['that is nothing', '', 0, 'the record is not JSON'],
    ['that is nested too deep', `{"a":${'['.repeat(200)}${']'.repeat(200)}}`, 0, 'the record is not JSON'],
  ])('%s', (_, text, class_uid, problem) => {
    const { event, problems } = toOcsf(text);
    expect(problems).toEqual([problem]);
    expect(event).toMatchObject({
      class_uid,
      raw_data: text,
      status_detail: problem,
      time: 0,
      activity_id: 0,
    });
    expect(event).not.toHaveProperty('unmapped');
  });

  const noTime = 'ts is missing, or not an ISO 8601 time with a zone';
  test.each<[string, object, number, string[]]>([
    ['without a time', { ts: undefined }, 3002, [noTime]],
    ['whose time has no zone', { ts: '2026-01-15T08:12:09' }, 3002, [noTime]],
    ['whose time is no day', { ts: '2026-13-15T08:12:09Z' }, 3002, [noTime]],
    ['whose time is a number', { ts: 1_768_464_729 }, 3002, [noTime]],
    ['that Duo does not document', { kind: 7 }, 3002, ['kind is not what Duo documents']],
    [
      'that lacks what its class needs',
      { who: null, mail: null, details: null },
      0,
      ['it has no user, which the class 3002 needs'],
    ],
    [
      'in several ways',
      { ts: null, who: null, details: null, door_id: 7 },
      0,
      [noTime, 'door_id is not what Duo documents', 'it has no user, which the class 3002 needs'],
    ],
  ])('%s', (_, changes, class_uid, expected) => {
    const { event, problems } = of(changes);
    expect([event.class_uid, problems]).toEqual([class_uid, expected]);
    expect(event.status_detail).toBe(expected.join('; '));
    expect(event.unmapped).toMatchObject({ reason: 'badge' });
    if ('ts' in changes) expect(event.time).toBe(0);
  });

  test('with more digits in a number than can be kept: it is a text of all of them', () => {
    const text = JSON.stringify(record).replace('"badge"', '18446744073709551617');
    const { event, problems } = toOcsf(text);
    expect(problems).toEqual(['a number has more digits than can be kept, and is a text']);
    expect(event).toMatchObject({ raw_data: text, unmapped: { reason: '18446744073709551617' } });
  });
});

test('a base event for want of a user keeps what every class has', () => {
  const { event } = of({ who: null, mail: null, details: null });
  expect(event).toMatchObject({
    activity_id: 99,
    activity_name: 'open',
    class_name: 'Base Event',
    metadata: { event_code: 'open', uid: 'd-1' },
    type_uid: 99,
    unmapped: { host: 'door-1', ip: '192.0.2.10' },
  });
});

test('another time stands in where the field of the log has none, and so does its text', () => {
  const draft = (raw: RawRecord): EventDraft => ({
    class_uid: 0,
    activity_id: 0,
    time: raw.time('seconds', 's'),
  });
  const { event, problems } = mapping(log, draft)('{"door_id": "d-1", "seconds": 1768464729}');
  expect([problems, event.time, event.metadata.original_time]).toEqual([[], 1_768_464_729_000, '1768464729']);
});

test('a record that the log does not have at all says so', () => {
  const none = { ...log, schema: z.never() };
  const { event, problems } = mapping(none, logon)(JSON.stringify(record));
  expect([event.class_uid, problems]).toEqual([3002, ['the record is not what Duo documents']]);
});

test.each([
  ['characters', 'x'],
  ['pairs, of which none is cut', '😀'],
  ['pairs, one character further', 'x😀'],
])('a text of more than 65,535 %s goes on in unmapped', (_, [first = '', ...pair]) => {
  const text = JSON.stringify({ ...record, extra: first + (pair.join('') || first).repeat(100_000) });
  const { event } = toOcsf(text);
  const rest = event.unmapped?.raw_data_rest;
  expect(`${event.raw_data}${rest}`).toBe(text);
  expect(event.raw_data?.length).toBeLessThanOrEqual(65_535);
  expect(/\p{Surrogate}/u.test(`${event.raw_data}`)).toBe(false);
});
