import type { Figure } from '../figures';
import type { Hour } from './outcome';

const part = 'accounts';

/** What the healthy accounts were like, and whether that is the same without the bad ones; bounds first. */
export function figuresOfHours(all: Hour, without: Hour): Figure[] {
  const worst = worstOf(all);
  const alone = worstOf(without);
  const records = new Map(without.logs.map((log) => [`${log.logType}/${log.account}`, log.records]));
  const sorted = [...worst.values()].sort((one, other) => one - other);
  const at = (share: number) => (sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN) / 1000;
  const sum = (of: (log: Hour['logs'][number]) => number) => all.logs.reduce((one, log) => one + of(log), 0);
  const count = (what: string, value: number, bound: number): Figure => ({
    part,
    what,
    value,
    unit: '',
    most: bound,
  });
  return [
    { part, what: 'behind at worst, the worst healthy account', value: at(1), unit: 's', most: 480 },
    count(
      'records of theirs that are lost or doubled',
      sum(({ lost, doubled }) => lost + doubled),
      0,
    ),
    {
      part,
      what: 'further behind than without the bad ones, at most',
      value: Math.max(...[...worst].map(([name, behind]) => behind - (alone.get(name) ?? Number.NaN))) / 1000,
      unit: 's',
      most: 1,
    },
    count(
      'logs with other records than without them',
      all.logs.filter((log) => records.get(`${log.logType}/${log.account}`) !== log.records).length,
      0,
    ),
    count('runs of the bad ones that ended well', all.wellOfBad, 0),
    count('runs that Lambda gave up', all.dropped, 0),
    count('runs for which Lambda had no place at once', all.waited, 0),
    { part, what: 'behind at worst, the median account', value: at(0.5), unit: 's' },
    { part, what: 'behind at worst, 99 of 100', value: at(0.99), unit: 's' },
    { part, what: 'runs at one moment, at most', value: all.atOnce, unit: '' },
    { part, what: 'runs of collect in the hour', value: all.usage.collect.runs, unit: '' },
    { part, what: 'records', value: sum((log) => log.records), unit: '' },
    { part, what: "to Duo by the parent's keys, the busiest minute", value: all.parentsAMinute, unit: '' },
    { part, what: 'credentials asked of SSM, the busiest second', value: all.parametersASecond, unit: '' },
  ];
}

/** How far each account was behind at the worst moment of its worst log, in ms. */
function worstOf({ logs }: Hour): Map<string, number> {
  const worst = new Map<string, number>();
  for (const { account, behind } of logs) worst.set(account, Math.max(behind, worst.get(account) ?? 0));
  return worst;
}
