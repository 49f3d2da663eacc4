import { describe, expect, test } from '@jest/globals';
import { count } from '../scripts/compare/count';
import { readOptions } from '../scripts/compare/options';
import { tableOf } from '../scripts/compare/table';
import { added, usageOf, usagesTold } from '../scripts/compare/usage';

const published = new Map([
  ['a', { at: 0, isLate: false }],
  ['b', { at: 60_000, isLate: false }],
  ['c', { at: 120_000, isLate: true }],
]);

describe('the comparison', () => {
  test('counts a record that never came, one that came late and was lost, and one that came twice', () => {
    const delivered = [
      { id: 'a', at: 180_000 },
      { id: 'a', at: 999_000 },
    ];
    expect(count(published, delivered)).toEqual({
      published: 3,
      delivered: 2,
      lost: 1,
      lostLate: 1,
      doubled: 1,
      delay: 180_000,
    });
  });

  test('has no delay where nothing was delivered', () => {
    expect(count(published, [])).toMatchObject({ delivered: 0, lost: 2, lostLate: 1, delay: null });
  });

  test('refuses what was never published: it would count something else', () => {
    expect(() => count(published, [{ id: 'x', at: 0 }])).toThrow('delivered, and never published: x');
  });

  test('has a row for each, also for one that cannot be run, in 80 columns', () => {
    const counted = { published: 88_888, delivered: 99_999, lost: 88_888, lostLate: 888, doubled: 88_888 };
    const row = { ...counted, delay: 3_600_000, usage: { cpu: 99_900, peak: 999 }, requests: 9999 };
    const table = tableOf([
      { name: "loop, Duo's client", ...row, note: 'every 5 minutes' },
      { name: "Duo's log sync", missing: 'LOG_SYNC names no folder' },
    ]);
    expect(table).toMatch(/loop, Duo's client +99999 +88888 +888 +88888 +60 +9999 +99\.9 +999\n/);
    expect(table).toMatch(/Duo's log sync +not run\n/);
    expect(table).toContain("Duo's log sync: LOG_SYNC names no folder");
    expect(Math.max(...table.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('reads what processes took, of this one and of those that have told it', () => {
    const own = usageOf(process.pid);
    expect(own?.cpu).toBeGreaterThan(0);
    expect(own?.peak).toBeGreaterThan(10);
    expect(usageOf(undefined)).toBeNull();
    expect(added(usagesTold('1500.5 2048\n20 1024\n'))).toEqual({ cpu: 1520.5, peak: 2 });
  });

  test('says which option it cannot understand, and what there is', () => {
    expect(() => readOptions(['--ending', 'none'])).toThrow('--ending cannot be understood\n\npnpm compare');
    expect(readOptions(['--help'])).toBeNull();
    expect(readOptions(['--hours', '1', '--ending', 'null'])).toMatchObject({ hours: 1, ending: 'null' });
  });
});
