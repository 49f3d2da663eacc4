import { expect, test } from '@jest/globals';
import { importBodies, type UdmEvent } from '../src';

const event = (userid: string): UdmEvent => ({
  metadata: {
    eventTimestamp: '2026-01-15T08:12:09Z',
    eventType: 'GENERIC_EVENT',
    vendorName: 'Duo',
    productName: 'A log',
  },
  principal: { user: { userid } },
});
const body = (...events: UdmEvent[]) =>
  JSON.stringify({ inline_source: { events: events.map((udm) => ({ udm })) } });

test('a few events are one body, on one line', () => {
  const bodies = importBodies();
  expect([bodies.add(event('ada')), bodies.add(event('bob'))]).toEqual([undefined, undefined]);
  expect([bodies.end(), bodies.end()]).toEqual([body(event('ada'), event('bob')), undefined]);
});

test('a body is as large as the limit, in bytes, and no larger', () => {
  const two = Buffer.byteLength(body(event('Équipe'), event('bob'))) + 1;
  for (const [limit, events] of [
    [two, [event('Équipe'), event('bob')]],
    [two - 1, [event('Équipe')]],
  ] as const) {
    const bodies = importBodies(limit);
    const full = ['Équipe', 'bob', 'carol'].flatMap((userid) => bodies.add(event(userid)) ?? []);
    expect(full[0]).toBe(body(...events));
    expect([...full, bodies.end()].join('\n').match(/userid/g)).toHaveLength(3);
  }
});

test('an event larger than a body has one to itself', () => {
  const bodies = importBodies(10);
  expect([bodies.add(event('ada')), bodies.add(event('bob')), bodies.end()]).toEqual([
    undefined,
    body(event('ada')),
    body(event('bob')),
  ]);
});
