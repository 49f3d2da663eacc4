import { readFileSync } from 'node:fs';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import * as z from 'zod';

/** A page as a reader has it open, and what it has done meanwhile that it should not. */
export interface Opened {
  readonly page: Page;
  /** What it has asked for, itself left out. */
  readonly requests: readonly string[];
  /** What it has complained of: errors and warnings of the console, among them refusals of its own policy. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/** Opens a page of this machine as it lies there, as from a mail. */
export async function open(browser: Browser, url: string, as: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...as });
  const page = await context.newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => {
    if (request.url() !== url) requests.push(request.url());
  });
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(url);
  return { page, requests, complaints, close: () => context.close() };
}

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const violations = z.array(
  z.object({
    id: z.string(),
    impact: z.string(),
    help: z.string(),
    nodes: z.array(z.object({ html: z.string() })),
  }),
);

/** What axe-core finds in a page, each with where: https://github.com/dequelabs/axe-core */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const found = violations.parse(
    await page.evaluate('axe.run(document, { resultTypes: ["violations"] }).then((all) => all.violations)'),
  );
  return found.map(({ id, impact, help, nodes }) => `${impact}: ${id}: ${help}: ${nodes[0]?.html}`);
}
