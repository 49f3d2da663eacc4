import { describe, expect, test } from '@jest/globals';
import { brokenRules, type EventType, importable, type UdmEvent } from '../src';

const machine = { ip: ['192.0.2.10'] };
const person = { user: { userid: 'ada' } };
const event = (eventType: EventType, nouns: Partial<UdmEvent>): UdmEvent => ({
  metadata: {
    eventTimestamp: '2026-01-15T08:12:09Z',
    eventType,
    vendorName: 'Duo',
    productName: 'A log',
    productEventType: 'something',
  },
  ...nouns,
});
const nothing = { principal: { application: 'Example Intranet' } };
const principalRule = 'principal needs a machine or a user';

const rows: [EventType, string[], Partial<UdmEvent>, Partial<UdmEvent>][] = [
  [
    'EMAIL_TRANSACTION',
    ['a principal', 'a target'],
    { about: [person] },
    { principal: person, target: person },
  ],
  ['STATUS_UPDATE', ['a machine as principal'], { principal: person }, { principal: { hostname: 'host' } }],
  [
    'USER_LOGIN',
    ['target.user', 'a machine as principal or target'],
    { target: { application: 'a' } },
    { target: { ...person, ...machine } },
  ],
  [
    'USER_UNCATEGORIZED',
    ['a machine as principal', 'target.user'],
    { principal: person },
    { principal: machine, target: person },
  ],
  ['USER_COMMUNICATION', ['principal.user'], { principal: machine }, { principal: person }],
];
for (const type of ['USER_CREATION', 'USER_CHANGE_PASSWORD', 'USER_CHANGE_PERMISSIONS'] as const) {
  rows.push([type, ['target.user'], { principal: person }, { target: person }]);
}
for (const type of [
  'GROUP_CREATION',
  'GROUP_DELETION',
  'GROUP_MODIFICATION',
  'GROUP_UNCATEGORIZED',
] as const) {
  const named = { principal: person, target: { group: { groupDisplayName: 'All' } } };
  rows.push([type, ['a principal', 'the name of target.group'], { about: [person] }, named]);
}
const resourceTypes = [
  'RESOURCE_CREATION',
  'RESOURCE_DELETION',
  'RESOURCE_PERMISSIONS_CHANGE',
  'RESOURCE_READ',
] as const;
for (const type of [...resourceTypes, 'RESOURCE_WRITTEN', 'USER_RESOURCE_DELETION'] as const) {
  const named = { principal: person, target: { resource: { productObjectId: 'DP1' } } };
  rows.push([type, ['a principal', 'the name or id of target.resource'], { about: [person] }, named]);
}

describe('the nouns that UDM asks for', () => {
  test.each(rows)('%s needs %s', (type, needs, without, enough) => {
    expect(brokenRules(event(type, without))).toEqual(needs.map((need) => `${type} needs ${need}`));
    expect(brokenRules(event(type, enough))).toEqual([]);
  });

  test.each(['GENERIC_EVENT', 'DEVICE_CONFIG_UPDATE', 'DEVICE_PROGRAM_DOWNLOAD'] as const)(
    '%s needs no particular one',
    (type) => {
      expect(brokenRules(event(type, { about: [person] }))).toEqual([]);
    },
  );

  test('a principal is a machine or a user, in every event', () => {
    expect(brokenRules(event('GENERIC_EVENT', nothing))).toEqual([principalRule]);
    for (const principal of [machine, person, { asset: { productObjectId: 'DA1' } }]) {
      expect(brokenRules(event('GENERIC_EVENT', { principal }))).toEqual([]);
    }
  });
});

describe('an event that is to be imported', () => {
  test('stays as it is where it breaks no rule', () => {
    const login = event('USER_LOGIN', { principal: machine, target: person });
    expect(importable(login)).toBe(login);
  });

  test('is a GENERIC_EVENT where its type asks for more', () => {
    const login = event('USER_LOGIN', { principal: machine });
    expect(importable(login)).toEqual(event('GENERIC_EVENT', { principal: machine }));
  });

  test('has a principal that is nobody under about, and keeps its type where that suffices', () => {
    const creation = event('USER_CREATION', { ...nothing, target: person, about: [machine] });
    expect(importable(creation)).toEqual(
      event('USER_CREATION', { target: person, about: [nothing.principal, machine] }),
    );
  });

  test.each(rows)('breaks no rule, whatever a %s lacks', (type, _, without) => {
    for (const nouns of [without, { ...without, ...nothing }]) {
      expect(brokenRules(importable(event(type, nouns)))).toEqual([]);
    }
  });
});
