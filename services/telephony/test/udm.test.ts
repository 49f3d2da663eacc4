import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { brokenRules } from 'duo-udm';
import { toUdm } from '../src/udm';

const v2 = {
  context: 'enrollment',
  credits: 1,
  phone: '+15555550100',
  telephony_id: '0e3a4b52-6b1c-4a57-9d15-3f1f4a5c0001',
  ts: '2026-01-15T08:12:09.466370+00:00',
  txid: '7c1d2f70-53f4-4f0e-8b7a-1d2c3b4a0001',
  type: 'sms',
};
/** As older clients wrote it: `host` and `eventtype` are theirs. */
const { ts: _, telephony_id: __, txid: ___, ...common } = v2;
const v1 = { ...common, timestamp: 1768464729, host: 'api-example.example.com', eventtype: 'telephony' };

describe('Each row of the table of DUO_TELEPHONY', () => {
  test.each<[string, object, string, unknown]>([
    ['context', v2, 'metadata.productEventType', 'enrollment'],
    ['credits', v2, 'securityResult.0.detectionFields', [{ key: 'credits', value: '1' }]],
    ['credits', { ...v2, credits: 0 }, 'securityResult.0.detectionFields', [{ key: 'credits', value: '0' }]],
    [
      'eventtype',
      v1,
      'securityResult.0.detectionFields',
      [
        { key: 'credits', value: '1' },
        { key: 'eventtype', value: 'telephony' },
      ],
    ],
    ['host', v1, 'principal.hostname', 'api-example.example.com'],
    ['host, an IPv4 address', { ...v1, host: '192.0.2.10' }, 'principal.hostname', undefined],
    ['host, an IPv6 address', { ...v1, host: '2001:db8::1' }, 'principal.hostname', undefined],
    ['ALLOW', v2, 'securityResult.0.action', ['ALLOW']],
    ['MECHANISM_UNSPECIFIED', v2, 'extensions.auth.mechanism', ['MECHANISM_UNSPECIFIED']],
    ['context and host', v1, 'metadata.eventType', 'USER_UNCATEGORIZED'],
    ['host, no context', { ...v1, context: undefined }, 'metadata.eventType', 'STATUS_UPDATE'],
    ['context, no host', v2, 'metadata.eventType', 'GENERIC_EVENT'],
    ['neither', { ...v2, context: null }, 'metadata.eventType', 'GENERIC_EVENT'],
    ['log_type', v2, 'metadata.logType', 'DUO_TELEPHONY'],
    ['Telephony', v2, 'metadata.productName', 'Telephony'],
    ['Duo', v2, 'metadata.vendorName', 'Duo'],
    ['phone', v2, 'principal.user.phoneNumbers', ['+15555550100']],
    ['phone', v2, 'principal.user.userid', '+15555550100'],
    ['INFORMATIONAL', v2, 'securityResult.0.severity', 'INFORMATIONAL'],
    ['type', v2, 'securityResult.0.summary', 'sms'],
    ['Duo Telephony, without a type', { ...v2, type: '' }, 'securityResult.0.summary', 'Duo Telephony'],
    ['ts', v2, 'metadata.eventTimestamp', '2026-01-15T08:12:09.466370Z'],
    [
      'ts, elsewhere',
      { ...v2, ts: '2026-01-15T09:12:09.5+01:00' },
      'metadata.eventTimestamp',
      '2026-01-15T08:12:09.5Z',
    ],
    ['timestamp', v1, 'metadata.eventTimestamp', '2026-01-15T08:12:09Z'],
  ])('%s', (_, record, path, expected) => {
    const event = toUdm(record);
    if (expected === undefined) expect(event).not.toHaveProperty(path);
    else expect(event).toHaveProperty(path, expected);
  });
});

test('a v2 record is this event, and its ids are in none of the fields', () => {
  expect(toUdm(v2)).toEqual({
    metadata: {
      eventTimestamp: '2026-01-15T08:12:09.466370Z',
      eventType: 'GENERIC_EVENT',
      vendorName: 'Duo',
      productName: 'Telephony',
      productEventType: 'enrollment',
      logType: 'DUO_TELEPHONY',
    },
    principal: { user: { userid: '+15555550100', phoneNumbers: ['+15555550100'] } },
    securityResult: [
      {
        action: ['ALLOW'],
        severity: 'INFORMATIONAL',
        summary: 'sms',
        detectionFields: [{ key: 'credits', value: '1' }],
      },
    ],
    extensions: { auth: { mechanism: ['MECHANISM_UNSPECIFIED'] } },
  });
});

test('what the samples become breaks no rule of UDM', () => {
  const samples = readFileSync(join(__dirname, '../samples/records.ndjson'), 'utf8').trim().split('\n');
  expect(samples.flatMap((line) => brokenRules(toUdm(JSON.parse(line))))).toEqual([]);
});

test.each([
  ['a v1 record, whose target is nobody', v1, ['USER_UNCATEGORIZED needs target.user']],
  [
    'a host that is an address',
    { ...v1, context: null, host: '192.0.2.10' },
    ['STATUS_UPDATE needs a machine as principal'],
  ],
])('the parser deviates from the rules of UDM with %s', (_, record, broken) => {
  expect(brokenRules(toUdm(record))).toEqual(broken);
});

test.each([
  ['no object', '+15555550100', 'it is not a JSON object'],
  ['a list', [v2], 'it is not a JSON object'],
  ['no time', { ...v2, ts: undefined }, 'timestamp is missing, or not a time in s since 1970'],
  ['a time without a zone', { ...v2, ts: '2026-01-15T08:12:09' }, 'ts is missing, or not an ISO 8601 time'],
  ['a phone in another form', { ...v2, phone: { number: '+15555550100' } }, 'phone is not a text'],
  ['no phone', { ...v2, phone: null }, 'it names nobody and nothing'],
])('%s cannot be mapped, and the reason does not repeat it', (_, record, reason) => {
  expect(() => toUdm(record)).toThrow(reason);
  expect(() => toUdm(record)).not.toThrow(/5555/);
});
