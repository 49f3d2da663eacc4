import { expect, test } from '@jest/globals';
import { defineLogType, type LogType } from '../src/log-type';
import { alarms, badges, visits } from './support/test-log';

test.each([visits, alarms, badges])('the descriptor of $name is taken as it is', (logType) => {
  expect(defineLogType(logType)).toBe(logType);
});

const { id: _id, ...withoutId } = visits;
const { records: _records, ...withoutRecords } = alarms;

test.each<[string, LogType]>([
  ['a name must be lower-case words joined by hyphens', { ...visits, name: 'Visits' }],
  ['a name must be lower-case words joined by hyphens', { ...visits, name: 'visits/2' }],
  [
    'path "/auth/v2/logs/visits" is not below /admin/, where Duo\'s logs are',
    { ...visits, path: '/auth/v2/logs/visits' },
  ],
  ['is not below /admin/', { ...visits, path: '/admin/../auth' }],
  [
    'the paging style "cusror" must be one of cursor, offset, time',
    // What does not come through TypeScript.
    { ...visits, paging: JSON.parse('{"style":"cusror","limit":10}') },
  ],
  ['limit 0 is not a number of records', { ...visits, paging: { style: 'cursor', limit: 0 } }],
  ['overlapSeconds -1 is not a number of seconds', { ...visits, overlapSeconds: -1 }],
  ['records and id must be given for the paging style "cursor"', withoutId],
  ['records and id must be given for the paging style "offset"', withoutRecords],
  [
    'records cannot be given for the paging style "time": its whole answer is their array',
    { ...badges, records: 'items' },
  ],
  [
    'the unit "min" of its time must be iso, s or ms',
    { ...visits, time: JSON.parse('{"field":"ts","unit":"min"}') },
  ],
  [
    'its retirement on "soon" must be a day, YYYY-MM-DD',
    { ...visits, retirement: { on: 'soon', source: 'a test', note: '' } },
  ],
  [
    'overlapSeconds must be at least 3600 for the paging style "offset"',
    { ...alarms, overlapSeconds: 3_599 },
  ],
])('a mistake in a descriptor is named when it is loaded: %s', (problem, logType) => {
  expect(() => defineLogType(logType)).toThrow(TypeError);
  expect(() => defineLogType(logType)).toThrow(problem);
});
