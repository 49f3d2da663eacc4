import { expect, test } from '@jest/globals';
import { MappingError, udmEvent } from '../src';

const metadata = {
  eventTimestamp: '2026-01-15T08:12:09.466370Z',
  eventType: 'GENERIC_EVENT',
  vendorName: 'Duo',
  productName: 'Telephony',
} as const;
const target = { user: { userid: 'ada' } };

test('fields that are empty are left out, whatever they are empty of', () => {
  const event = udmEvent({
    metadata: { ...metadata, productLogId: '', description: undefined },
    principal: { ip: [undefined], location: { city: undefined }, user: { attribute: { labels: [] } } },
    target: { ...target, ip: ['', '192.0.2.10'] },
    securityResult: [{ detectionFields: [] }],
    additional: {},
  });
  expect(event).toEqual({ metadata, target: { ...target, ip: ['192.0.2.10'] } });
});

test.each([
  ['metadata.eventTimestamp', { metadata: { ...metadata, eventTimestamp: undefined }, target }],
  ['metadata.eventTimestamp', { metadata: { ...metadata, eventTimestamp: '2026-01-15 08:12' }, target }],
  ['metadata.eventType', { metadata: { ...metadata, eventType: undefined }, target }],
  ['metadata.vendorName', { metadata: { ...metadata, vendorName: '' }, target }],
  ['UDM asks for a principal, a target or an about', { metadata }],
  ['UDM asks for a principal, a target or an about', { metadata, principal: { user: { userid: '' } } }],
])('without %s there is no event', (missing, draft) => {
  expect(() => udmEvent(draft)).toThrow(MappingError);
  expect(() => udmEvent(draft)).toThrow(missing);
});
