import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Receipt } from 'duo-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { type ReportJson, states } from '../../packages/duo-cli/src/commands/report/json';
import { marks } from '../../packages/duo-cli/src/commands/report/page/marks';
import { findChromium, quietly } from '../../tools/chromium';
import { createEventful, events } from './eventful';
import { accessibilityProblems, type Opened, open } from './opened';

/*
 * What auditors and managers see, in a real browser: `pnpm test:report`. The pictures of it lie in .local/report.
 */

const folder = join(__dirname, '../../.local/report');
const file = join(folder, 'report.html');
const url = pathToFileURL(file).href;
/** A receipt of this day and log is damaged. */
const damaged = ['administrator', '2026-03-17'] as const;

let browser: Browser;
let report: ReportJson;
let said: { readonly exitCode: number; readonly err: string };
/** Of each log, as they were written. */
const receipts = new Map<string, readonly Receipt[]>();

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: findChromium(process.env), args: quietly });
  mkdirSync(folder, { recursive: true });
  const store = await createEventful();
  for (const name of store.names) receipts.set(name, store.receipts(name));
  writeFileSync(store.receiptFile(...damaged), '{}');
  said = await store.command(`report --check -o ${file}`);
  report = JSON.parse((await store.command('report --check --json')).out);
  await store.close();
}, 240_000);
afterAll(() => browser?.close());

async function opened<T>(
  look: (opened: Opened) => Promise<T>,
  as: Parameters<typeof open>[2] = {},
): Promise<T> {
  const one = await open(browser, url, as);
  try {
    return await look(one);
  } finally {
    await one.close();
  }
}

/** The cells of the row of a day in the table of a log's numbers. */
async function rowOf(page: Page, log: number, day: string): Promise<string[]> {
  const row = page.locator(`#log-${log} tbody tr`, { has: page.locator(`th:text-is("${day}")`) });
  return (await row.locator('td').allTextContents()).map((text) => text.trim());
}

test('the story has happened: a damaged receipt is what fails the check, and nothing else', () => {
  expect(said.exitCode).toBe(1);
  expect(report.check?.findings).toEqual([
    expect.objectContaining({
      logType: damaged[0],
      day: damaged[1],
      problem: expect.stringContaining('damaged'),
    }),
  ]);
  expect(report.check?.receipts).toBeGreaterThan(60);
});

test('every state is there to be seen, by its sign, on the days on which it happened', async () => {
  await opened(async ({ page }) => {
    for (const state of states) {
      const cell = page.locator(`.month td.${state}`).first();
      await cell.scrollIntoViewIfNeeded();
      expect([state, await cell.isVisible(), await cell.textContent()]).toEqual([
        state,
        true,
        marks[state].sign,
      ]);
      const { width = 0, height = 0 } = (await cell.boundingBox()) ?? {};
      expect(Math.min(width, height)).toBeGreaterThan(15);
    }
    const signOf = async (log: string, day: string) => {
      const n = report.logs.findIndex(({ logType }) => logType === log);
      const row = page.locator(`.month[data-month="${day.slice(0, 7)}"] tr[data-log="log-${n}"]`);
      return row
        .locator('td')
        .nth(Number(day.slice(8)) - 1)
        .textContent();
    };
    const { complete, repaired, empty, gap, deleted, differs, unknown } = marks;
    for (const [log, day, { sign }] of [
      ['authentication', events.empty, empty],
      ['telephony', events.skipped, repaired],
      ['authentication', events.late, repaired],
      ['telephony', events.gap, gap],
      ['telephony', events.deleted, deleted],
      ['authentication', events.doubled, differs],
      ['telephony', events.doubled, complete],
      [...damaged, unknown],
    ] as const)
      expect([log, day, await signOf(log, day)]).toEqual([log, day, sign]);
  });
});

test("the numbers are the receipts', day by day, and the sums are theirs", async () => {
  await opened(async ({ page }) => {
    let [looked, late, records] = [0, 0, 0];
    for (const [n, { logType, days }] of report.logs.entries()) {
      for (const { day } of days) {
        const own = receipts.get(logType)?.filter((one) => one.day === day) ?? [];
        const cells = await rowOf(page, n, day);
        records += Number(cells[1]?.replaceAll(',', ''));
        const last = own.at(-1);
        if (last === undefined || (logType === damaged[0] && day === damaged[1])) continue;
        const { stored, shown, changed, doubled, astray, deleted } = last;
        const counts = [stored, shown, changed, doubled, astray, deleted].map((one) =>
          one.toLocaleString('en'),
        );
        expect([logType, day, cells[1], ...cells.slice(4, 9)]).toEqual([logType, day, ...counts]);
        const when = new Date(last.at).toISOString().slice(0, 16).replace('T', ' ');
        expect(cells[2]).toBe(`comparison of ${when}`);
        const brought = own.filter(({ repaired }) => repaired > 0);
        expect(cells[3]).toBe(
          brought
            .map(({ repaired, at }) => `${repaired} on ${new Date(at).toISOString().slice(0, 10)}`)
            .join(', '),
        );
        late += own.reduce((sum, { repaired }) => sum + repaired, 0);
        looked += 1;
      }
    }
    expect(looked).toBeGreaterThan(60);
    expect(late).toBeGreaterThan(20);
    const [stored, brought] = await page.locator('.tiles dd').allTextContents();
    expect([stored, brought]).toEqual([records.toLocaleString('en'), late.toLocaleString('en')]);
    const embedded = (await page.locator('#numbers').textContent()) ?? '';
    expect(JSON.parse(embedded)).toEqual(report);
  });
});

const looks = [
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['narrow', { viewport: { width: 390, height: 800 } }],
] as const;

describe.each(looks)('in a window that is %s', (name, as) => {
  test('it asks for nothing, complains of nothing, and axe finds nothing', async () => {
    await opened(async ({ page, requests, complaints }) => {
      await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
      await page.screenshot({ path: join(folder, `${name}-first.png`) });
      const folded = await page.locator('details:not([open]) > summary').all();
      for (const one of folded.toReversed()) await one.click();
      await page.screenshot({ path: join(folder, `${name}-unfolded.png`), fullPage: true });
      expect(await accessibilityProblems(page)).toEqual([]);
      expect([requests, complaints]).toEqual([[], []]);
      // What is too wide scrolls in a part of its own.
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    }, as);
  });
});

test('the keyboard goes through the days, and the numbers of each are said', async () => {
  await opened(async ({ page, complaints }) => {
    const line = page.locator('#line');
    expect(await line.isVisible()).toBe(false);
    const { length } = await page.locator('.month').all();
    const stops = await page.locator('.month td[tabindex="0"]').count();
    expect(stops).toBe(length);
    await page.keyboard.press('Tab');
    expect(await line.textContent()).toMatch(
      /^administrator, 2026-02-28: … not reconciled yet: the log begins/,
    );
    const press = async (keys: string) => {
      for (const key of keys.split(' ')) await page.keyboard.press(key);
      return (await line.textContent()) ?? '';
    };
    expect(await press('ArrowRight')).toMatch(
      /^administrator, 2026-03-01: ✓ complete · records \d+ · found by comparison of/,
    );
    expect(await press('ArrowDown ArrowRight')).toMatch(/^authentication, 2026-03-02: ✓ complete/);
    expect(await press('End ArrowLeft Home ArrowUp')).toMatch(/^administrator, 2026-03-01/);
    expect(await press('ArrowLeft')).toMatch(/^administrator, 2026-02-28/);
    expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe(
      await line.textContent(),
    );
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(complaints).toEqual([]);
    await page.locator('.month td.deleted').hover();
    expect(await line.textContent()).toMatch(
      /^telephony, 2026-03-11: D deleted · records \d+ .* · deleted \d+ · objects /,
    );
    await page.screenshot({ path: join(folder, 'pointed-at.png') });
  });
});

test('its numbers can be saved as JSON', async () => {
  await opened(async ({ page, complaints }) => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#save').click()]);
    expect(download.suggestedFilename()).toBe('duo-logs-2026-02-28-to-2026-03-22.json');
    expect(JSON.parse(readFileSync(await download.path(), 'utf8'))).toEqual(report);
    expect(complaints).toEqual([]);
  });
});

test('without a script everything is there but what is said of the day that is pointed at', async () => {
  await opened(
    async ({ page, complaints }) => {
      await page.locator('.month td.gap').scrollIntoViewIfNeeded();
      expect(await page.locator('.month td.gap').isVisible()).toBe(true);
      expect(await page.locator('#save').isVisible()).toBe(false);
      await page.locator('summary', { hasText: 'The numbers of telephony' }).click();
      expect(await page.locator('#log-2 tbody tr').first().isVisible()).toBe(true);
      expect(complaints).toEqual([]);
    },
    { javaScriptEnabled: false },
  );
});

test('on paper of A4 nothing is cut off, and what is for a screen is left out', async () => {
  await opened(
    async ({ page, complaints }) => {
      await page.emulateMedia({ media: 'print' });
      await page.screenshot({ path: join(folder, 'print.png'), fullPage: true });
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
      expect(await page.locator('#save').isVisible()).toBe(false);
      expect(await page.locator('.month td.gap').isVisible()).toBe(true);
      await page.pdf({ path: join(folder, 'report.pdf'), preferCSSPageSize: true, printBackground: true });
      expect(statSync(join(folder, 'report.pdf')).size).toBeGreaterThan(10_000);
      expect(complaints).toEqual([]);
    },
    // The width of the paper without its margins, at 96 pixels an inch.
    { viewport: { width: Math.floor((188 / 25.4) * 96), height: 1000 }, colorScheme: 'dark' },
  );
});
