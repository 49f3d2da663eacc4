import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { contractSuite } from 'duo-contract';
import { telephony } from '../src/log-type';

contractSuite(telephony, join(__dirname, '..'));

test("the record of Duo's documentation fits, and one without a transaction does as well", () => {
  // https://duo.com/docs/adminapi#telephony-logs, with an invented phone number
  const documented = {
    context: 'administrator login',
    credits: 0,
    phone: '+15555550142',
    telephony_id: '5bf1a860-fe39-49e3-be29-217659663a74',
    ts: '2022-10-25T16:07:45.304526+00:00',
    txid: 'fb0c129b-f994-4d3d-953b-c3e764272eb7',
    type: 'sms',
  };
  const { txid: _, ...without } = documented;
  expect(telephony.schema.safeParse(documented).success).toBe(true);
  expect(telephony.schema.safeParse(without).success).toBe(true);
  expect(telephony.schema.safeParse({ ...documented, telephony_id: undefined }).success).toBe(false);
});
