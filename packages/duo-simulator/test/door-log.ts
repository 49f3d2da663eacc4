import { defineLogType, fields } from 'duo-core';

/** A log that Duo does not have, so that no test leans on one that it has. Its pages are small. */
export const doorLog = defineLogType({
  name: 'door',
  path: '/admin/v2/logs/door',
  paging: { style: 'cursor', limit: 5 },
  records: 'doors',
  time: { field: 'opened', unit: 'ms' },
  id: 'door_id',
  schema: fields({}),
});

/** A record of the log: `id` and `opened` (ms). */
export const door = (id: string, opened: number) => `{"door_id": "${id}", "opened": ${opened}}`;
