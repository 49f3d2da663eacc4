import type { Check } from './check';

/**
 * What was looked at and what was not, a sentence each: by the checks, and by what no check looks at. Nobody is to take silence for
 * good news.
 */
export function lookedAt(checks: readonly Check[], stage: string | null): string[] {
  const names = (of: readonly Check[]) => [...new Set(of.map(({ check }) => check))];
  const logs = new Set(checks.flatMap(({ logType }) => logType ?? []));
  const unseen = checks.filter(({ state }) => state === 'unknown');
  const seen = names(checks.filter((one) => !unseen.includes(one)));
  const not = [
    ...names(unseen),
    ...(stage === null ? ["a stage's alarms, queues, schedules and functions' logs, and who is told"] : []),
    'objects older than a day except the newest three of a log, and more than 8 MB of a day',
    "the functions' own permissions and network",
  ];
  const of = logs.size === 0 ? '' : ` (of ${[...logs].join(', ')})`;
  return [`Looked at: ${seen.join(', ')}${of}.`, `Not checked: ${not.join('; ')}.`];
}
