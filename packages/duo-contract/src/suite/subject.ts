import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from '@jest/globals';
import { defineLogType, type LogType } from 'duo-core';
import { type AccountSetup, generate, noon, type PageForm } from 'duo-simulator';
import { type ContractWorld, createContractWorld } from '../contract-world';

const minute = 60_000;

/** What the suite tries, and where it does. */
export interface Subject {
  readonly logType: LogType;
  /** The account that the tests collect, or null: the simulator's own. */
  readonly account: AccountSetup | null;
  /** The same one with pages so short that few records make many. */
  readonly short: LogType;
  /** Of the service, absolute. */
  readonly folder: string;
  readonly samples: readonly string[];
  /** The text of a file of the folder. */
  read(file: string): string;
  /** Records of the last 20 hours, the same ones each time. */
  records(
    count: number,
    more?: { from?: number; to?: number; burst?: number; startIndex?: number },
  ): string[];
  /** That of the test that runs, of `short`. */
  world(): ContractWorld;
  /** Begins the test's world anew: with other pages, or with a log type as it is. */
  again(form?: PageForm, of?: LogType): Promise<ContractWorld>;
  expectEachOnce(published: number): void;
}

/** How many full pages of `world()` the records of most tests are. */
export const pages = 4;

/**
 * Prepares a world for each test of the `describe` in which it is called. Where it is of an account, the simulator's own has records
 * as well, which nobody may see.
 */
export function createSubject(
  logType: LogType,
  folder: string,
  account: AccountSetup | null = null,
): Subject {
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');
  const samples = read('samples/records.ndjson').split('\n').slice(0, -1);
  const short = defineLogType({ ...logType, paging: { ...logType.paging, limit: 10 } });
  let world: ContractWorld;
  const records: Subject['records'] = (count, more = {}) =>
    generate({
      logType,
      samples,
      count,
      from: noon - 20 * 60 * minute,
      to: noon - 10 * minute,
      seed: 7,
      ...more,
    });
  const open = async (form?: PageForm, of = short) => {
    world = await createContractWorld(of, form, account ?? undefined);
    if (account !== null) world.simulator.log(of.name).addAll(records(20, { startIndex: 100_000 }));
    return world;
  };
  beforeEach(async () => void (await open()));
  afterEach(() => world.close());
  return {
    logType,
    account,
    short,
    folder,
    samples,
    read,
    records,
    world: () => world,
    async again(form, of) {
      await world.close();
      return open(form, of);
    },
    expectEachOnce: (published) =>
      expect(world.reconciled()).toEqual({ published, delivered: published, lost: 0, doubled: 0 }),
  };
}
