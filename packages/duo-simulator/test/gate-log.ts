import { defineLogType, fields } from 'duo-core';

/** Another log that Duo does not have: seconds, no ids, and nothing but the records in an answer. Its pages are small. */
export const gateLog = defineLogType({
  name: 'gate',
  path: '/admin/v1/logs/gate',
  paging: { style: 'time', limit: 3 },
  time: { field: 'opened', unit: 's' },
  schema: fields({}),
});

/** A record of the log: `opened` in seconds. */
export const gate = (who: string, opened: number) => `{"opened": ${opened}, "who": "${who}"}`;
