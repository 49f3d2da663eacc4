import { expect, test } from '@jest/globals';
import { toOcsf } from '../src/ocsf';

const v2 = {
  context: 'enrollment',
  credits: 1,
  phone: '+15555550100',
  telephony_id: '0e3a4b52-6b1c-4a57-9d15-3f1f4a5c0001',
  ts: '2026-01-15T08:12:09.466370+00:00',
  txid: '7c1d2f70-53f4-4f0e-8b7a-1d2c3b4a0001',
  type: 'sms',
};

test('a record is a base event that names the call, and can be found by its number', () => {
  expect(toOcsf(JSON.stringify(v2))).toEqual({
    problems: [],
    event: {
      activity_id: 99,
      activity_name: 'sms',
      category_name: 'Uncategorized',
      category_uid: 0,
      class_name: 'Base Event',
      class_uid: 0,
      metadata: {
        correlation_uid: '7c1d2f70-53f4-4f0e-8b7a-1d2c3b4a0001',
        event_code: 'enrollment',
        log_name: 'telephony',
        original_time: '2026-01-15T08:12:09.466370+00:00',
        product: { feature: { name: 'Telephony' }, name: 'Duo', vendor_name: 'Cisco' },
        uid: '0e3a4b52-6b1c-4a57-9d15-3f1f4a5c0001',
        version: '1.1.0',
      },
      observables: [{ name: 'unmapped.phone', type: 'Phone Number', type_id: 99, value: '+15555550100' }],
      raw_data: JSON.stringify(v2),
      severity: 'Informational',
      severity_id: 1,
      time: Date.parse('2026-01-15T08:12:09.466Z'),
      type_name: 'Base Event: Other',
      type_uid: 99,
      unmapped: { credits: 1, phone: '+15555550100' },
    },
  });
});

test("a v1 record's time is its timestamp; that it is no v2 record is said", () => {
  const { ts: _, telephony_id: __, ...common } = v2;
  const { event, problems } = toOcsf(JSON.stringify({ ...common, timestamp: 1_768_464_729 }));
  expect([event.time, event.metadata.original_time]).toEqual([1_768_464_729_000, '1768464729']);
  expect(problems).toEqual(['telephony_id is not what Duo documents']);
});

test('a phone in another form, and one that is longer than a text may be, stay in unmapped', () => {
  for (const phone of [{ number: '+15555550100' }, '5'.repeat(70_000)]) {
    const { event } = toOcsf(JSON.stringify({ ...v2, phone }));
    expect(event.unmapped).toMatchObject({ phone });
    expect(event.observables).toBeUndefined();
  }
});
