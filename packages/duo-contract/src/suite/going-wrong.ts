import { describe, expect, test } from '@jest/globals';
import type { Fault } from 'duo-simulator';
import { pages, type Subject } from './subject';

/** The tests that nothing is lost or doubled whatever Duo and the way to it do, and that what cannot be mended is said. */
export function goingWrongTests({ logType, account, records, world, again, expectEachOnce }: Subject): void {
  describe('whatever goes wrong', () => {
    const throttles: Fault[] = ['throttle', { retryAfter: '5' }, { retryAfter: '3600' }];
    const faults: Fault[] = [...throttles, 'error', 'bad-gateway', 'not-json', 'reset', 'truncate'];
    test.each(faults)('with any one request (%j), nothing is lost or doubled', async (fault) => {
      for (let after = 0; after <= pages; after++) {
        const { log, simulator, runUntilCaughtUp } = await again();
        log.addAll(records(10 * pages + 5));
        simulator.fail(fault, { after });
        await runUntilCaughtUp();
        expect(simulator.requests.filter((request) => request.fault === fault)).toHaveLength(1);
        expectEachOnce(10 * pages + 5);
      }
    });

    const { records: property } = logType;
    const odd: unknown[] = [null, 'none', 7, property === undefined ? { items: [] } : [], {}];
    if (property !== undefined)
      odd.push({ [property]: {}, metadata: {} }, { [property]: [] }, { metadata: {} });
    test.each(odd)('an answer that is not the documented one (%j) moves nothing', async (response) => {
      const { files, log, run, runUntilCaughtUp, simulator } = world();
      log.addAll(records(25));
      await run({ MAX_PAGES: '1' });
      const before = files();
      simulator.fail({ status: 200, body: { stat: 'OK', response } });
      await expect(run()).rejects.toThrow(`${logType.path}: the answer is not as documented: `);
      expect(files()).toEqual(before);
      await runUntilCaughtUp();
      expectEachOnce(25);
    });

    test.each([
      [400, 40002, 'Invalid request parameters'],
      [
        401,
        40102,
        account === null
          ? 'compare DUO_IKEY, DUO_SKEY and DUO_API_HOST with'
          : `compare DUO_ACCOUNTS, its ${account.name} with`,
      ],
      [403, 40301, 'check its allowed networks and that your Duo edition includes this log'],
      [404, 40401, 'Duo does not serve this log'],
      [410, 41001, 'Duo does not serve this log'],
    ])('an answer of %d fails the run, moves nothing and says what to do', async (status, code, advice) => {
      const { files, log, run, simulator } = world();
      log.addAll(records(25));
      simulator.fail(
        { status, body: { stat: 'FAIL', code, message: 'Invalid request parameters' } },
        { times: 2 },
      );
      await expect(run()).rejects.toThrow(advice);
      expect(files()).toEqual({});
    });
  });
}
