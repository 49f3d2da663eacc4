import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { type LogJson, type ReportJson, reportJson, states } from '../../src/commands/report/json';
import { marks } from '../../src/commands/report/page/marks';
import { pageOf } from '../../src/commands/report/page/page';
import { daysOf } from '../../src/operator/day-span';

const at = '2026-03-01T12:00:00Z';

/** A log with a day of each state, one after the other. */
function logOf(logType: string, days: readonly string[], account?: string): LogJson {
  return {
    ...(account !== undefined && { account }),
    logType,
    since: '2025-01-01T00:00:00Z',
    watermark: at,
    gaps: [],
    problems: [],
    days: days.map((day, n) => ({
      day,
      state: states[n % states.length] ?? 'complete',
      records: 48_000 + n,
      by: 'receipt',
      compared: at,
      shown: 48_000 + n,
      objects: 288,
      bytes: 1_234_567,
    })),
  };
}

function reportOf(logs: LogJson[], days: readonly string[]): ReportJson {
  const [from = '', to = ''] = [days[0], days.at(-1)];
  return reportJson.parse({
    store: 's3://logs',
    stage: 'prod',
    at,
    from,
    to,
    logs,
    without: [],
    check: null,
  });
}

const week = daysOf({ first: '2026-02-20', last: '2026-02-28' });

test('each element of a page ends, so that whoever adds no ends reads the same', () => {
  const page = pageOf({ ...reportOf([logOf('visits', week, 'acme')], week), without: ['silent'] });
  const [, body = ''] = /<body>(.*)<script type/s.exec(page) ?? [];
  const open: string[] = [];
  for (const [, end, name = '', itself] of body.matchAll(/<(\/?)([a-z]\w*)[^>]*?(\/?)>/g)) {
    if (itself !== '' || name === 'col') continue;
    if (end === '') open.push(name);
    else expect(open.pop()).toBe(name);
  }
  expect(open).toEqual([]);
});

describe('a page', () => {
  const page = pageOf(reportOf([logOf('visits', week)], week));

  test('allows its own style and script by their hashes, and nothing else', () => {
    const [, policy = ''] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
    const hashOf = (tag: string) => {
      const [, text = ''] = new RegExp(`<${tag}>(.*?)</${tag}>`, 's').exec(page) ?? [];
      expect(text.length).toBeGreaterThan(500);
      return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    };
    expect(policy).toBe(
      `default-src 'none'; style-src ${hashOf('style')}; script-src ${hashOf('script')}; base-uri 'none'; form-action 'none'`,
    );
  });

  test('names no address, and has no style or handler where the policy would not let it be', () => {
    expect(page.replace(/xmlns="[^"]*"/g, '')).not.toMatch(/https?:|\bsrc=|\bstyle=|\son\w+=|@import|<link/);
  });

  test('shows each state by a sign, and says what it means', () => {
    for (const state of states) {
      expect(page).toContain(`<td class=${state}>${marks[state].sign}</td>`);
      expect(page).toContain(`${marks[state].meaning}.`);
    }
    expect(new Set(Object.values(marks).map(({ sign }) => sign)).size).toBe(states.length);
  });

  test('says first whether something is to be looked at', () => {
    expect(page).toMatch(/<p class="verdict look"><b>4 days<\/b> of 1 log: all that Duo showed was stored\./);
    const [one] = logOf('visits', week).days;
    const good = { ...logOf('visits', []), days: one === undefined ? [] : [one] };
    expect(pageOf(reportOf([good], week))).toMatch(/<p class="verdict well"><b>1 day<\/b> of 1 log/);
    expect(pageOf({ ...reportOf([good], week), without: ['silent'] })).toMatch(/verdict look/);
  });
});

test.each([
  ['a store', (report: ReportJson, text: string) => ({ ...report, store: text })],
  ['an account', (report: ReportJson, text: string) => ({ ...report, without: [text] })],
  [
    'a log and its problems',
    (report: ReportJson, text: string) => ({
      ...report,
      logs: report.logs.map((log) => ({ ...log, account: text, logType: text, problems: [text] })),
    }),
  ],
  [
    'a finding',
    (report: ReportJson, text: string) => ({
      ...report,
      check: {
        objects: 1,
        bytes: 1,
        receipts: 1,
        ledgers: 1,
        findings: [{ account: text, logType: text, day: null, key: text, problem: text }],
      },
    }),
  ],
])('what somebody has written does nothing in a page: the name of %s', (_what, change) => {
  const text = '"\'></script><!--<img src=x onerror=alert(1)>\u001b]0;x\u0007\u202e&amp;';
  const page = pageOf(change(reportOf([logOf('visits', week)], week), text));
  expect(page).not.toMatch(/<img|<\/script><!--|(?!\n)[\p{Cc}\p{Bidi_Control}]/u);
  expect(page).toContain('&#60;img src=x onerror=alert(1)&#62;\\u001b]0;x\\u0007\\u202e&#38;amp;');
  const [, json = ''] = /id="numbers">(.*?)<\/script>/s.exec(page) ?? [];
  expect(JSON.stringify(JSON.parse(json))).toContain(JSON.stringify(text).slice(1, -1));
});

test('of eight logs of three accounts in 500 days, a page has less than 6 MB; of one account, less than 2', () => {
  const days = daysOf({ first: '2025-01-01', last: '2026-05-15' });
  expect(days).toHaveLength(500);
  const logsOf = (account?: string) =>
    Array.from({ length: 8 }, (_, n) => logOf(`offline-enrollment-${n}`, days, account));
  expect(pageOf(reportOf(logsOf(), days)).length).toBeLessThan(2_000_000);
  const three = ['acme', 'north', 'south'].flatMap((account) => logsOf(account));
  expect(pageOf(reportOf(three, days)).length).toBeLessThan(6_000_000);
});
