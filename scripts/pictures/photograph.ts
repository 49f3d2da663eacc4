import { writeFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';

/** What a README carries of each picture, in bytes. */
const mostBytes = 150_000;

/** What is photographed: a page, by its HTML or by where it lies, as wide as a screen; as high as it is, unless `height` says less. */
export interface Subject {
  readonly html?: string;
  readonly url?: string;
  readonly width: number;
  readonly height?: number;
  /** Whether it is only to be looked at, and may be of any size. @default false */
  readonly isLarge?: boolean;
}

/**
 * Writes a PNG of a page. Throws if the page asks for something elsewhere, complains of anything, or makes a picture that is too large
 * to be committed.
 */
export async function photograph(browser: Browser, subject: Subject, path: string): Promise<void> {
  const { html, url, width, height, isLarge = false } = subject;
  const context = await browser.newContext({
    viewport: { width, height: height ?? 200 },
    colorScheme: 'light',
  });
  try {
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('request', (request) => {
      if (request.url() !== url) complaints.push(`it asks for ${request.url()}`);
    });
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    if (url === undefined) await page.setContent(html ?? '');
    else await page.goto(url);
    const picture = await page.screenshot({ fullPage: height === undefined, animations: 'disabled' });
    if (complaints.length > 0)
      throw new Error(`${path}: the page is not as it should be: ${complaints.join('; ')}`);
    writeFileSync(path, picture);
    if (!isLarge && picture.length > mostBytes)
      throw new Error(`${path} has ${picture.length} bytes: a picture of README has at most ${mostBytes}.`);
  } finally {
    await context.close();
  }
}
