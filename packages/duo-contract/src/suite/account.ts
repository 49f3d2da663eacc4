import { describe, expect, test } from '@jest/globals';
import type { Subject } from './subject';

/** The tests that what is stored of an account lies in places of its own, and that a stage has one kind of account. */
export function accountTests({ logType, short, account, records, world }: Subject): void {
  const name = account?.name ?? '';

  describe('an account', () => {
    test('has objects, a checkpoint, days and receipts of its own, and every result names it', async () => {
      const { clock, log, run, reconcile, files } = world();
      log.addAll(records(25));
      expect(await run()).toMatchObject({ logType: logType.name, account: name, records: 25 });
      clock.advance(9 * 86_400_000);
      await run();
      expect(await reconcile()).toMatchObject({ account: name, deleted: 0 });
      const places = Object.keys(files()).map((file) => /[^/]*\/[^/]*\/[^/]*(?:\/[^/]*)?$/.exec(file)?.[0]);
      expect(places.length).toBeGreaterThan(3);
      const own = [`logs/${logType.name}/${name}/`, `receipts/${logType.name}/${name}/`];
      own.push(`state/${logType.name}/accounts/${name}.json`, `state/${logType.name}/accounts/${name}/`);
      expect(Object.keys(files()).filter((file) => !own.some((place) => file.includes(`/${place}`)))).toEqual(
        [],
      );
    });

    test('is refused where the stage has collected its own account, and nothing is written', async () => {
      const { coldStart, coldReconcile, files } = world();
      await coldStart(short)({});
      const before = files();
      const refused = `this stage has collected ${logType.name} of its own account`;
      await expect(coldStart(short)({ account: name })).rejects.toThrow(refused);
      await expect(coldReconcile(short)({ account: name })).resolves.toMatchObject({ days: 0 });
      expect(files()).toEqual(before);
    });

    test('is the only kind from then on: the stage’s own account is refused', async () => {
      const { coldStart, files, run } = world();
      await run();
      const before = files();
      await expect(coldStart(short)({})).rejects.toThrow('this stage has accounts with names');
      expect(files()).toEqual(before);
    });

    test('that the stage does not know is refused by name', async () => {
      const { coldStart, files } = world();
      await expect(coldStart(short)({ account: 'nobody' })).rejects.toThrow('there is no account nobody');
      expect(files()).toEqual({});
    });
  });
}
