import { mkdirSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { findLogs, inventedAccounts } from 'duo-simulator';
import { chromium } from 'playwright-core';
import { createEventful } from '../../test/report/eventful';
import { findChromium, quietly } from '../../tools/chromium';
import { widgetsOf } from './dashboard/body';
import { dashboardPage, pageHeight, pageWidth } from './dashboard/page';
import { createStory, span } from './dashboard/story';
import { photograph, type Subject } from './photograph';
import { terminalPage, terminalWidth } from './terminal/page';
import { typeInto } from './terminal/session';

const help = `pnpm pictures [--into <folder>]

Makes the pictures of README and docs/ anew, of what the programs really do
against the simulator: the terminal, the dashboard with and without accounts,
and the report. Needs Chromium. Those in docs/pictures are copied there by hand.

--into <folder>  where they go (.local/pictures)`;

const root = join(__dirname, '../..');
const minute = 60_000;
const stage = 'prod';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { help: { type: 'boolean' }, into: { type: 'string' } } });
  if (values.help) return void process.stdout.write(`${help}\n`);
  const into = resolve(values.into ?? join(root, '.local', 'pictures'));
  mkdirSync(into, { recursive: true });
  const browser = await chromium.launch({
    executablePath: findChromium(process.env),
    args: [...quietly, '--disable-lcd-text'],
  });
  const take = async (name: string, subject: Subject) => {
    const path = join(into, `${name}.png`);
    await photograph(browser, subject, path);
    process.stdout.write(`${relative(root, path)}  ${statSync(path).size.toLocaleString('en')} bytes\n`);
  };
  try {
    await ofOneAccount(take);
    await ofAccounts(take);
    await ofReport(take, into);
  } finally {
    await browser.close();
  }
}

type Take = (name: string, subject: Subject) => Promise<void>;

/** The terminal and the dashboard of a stage in which much goes wrong. */
async function ofOneAccount(take: Take): Promise<void> {
  const logs = await findLogs();
  const story = await createStory({ logs, stage });
  try {
    await story.tell(5 * minute);
    const command = `npx pnpm duo status --stage ${stage}`;
    const services = ['storage', ...logs.map(({ logType }) => logType.name)];
    const shown = { stage, folder: story.folder, services, at: span.until };
    const html = await terminalPage(await typeInto(shown, command), command);
    await take('terminal', { html, width: terminalWidth });
    const widgets = await widgetsOf(stage, false, false);
    const page = dashboardPage({ title: `duo-storage-${stage}`, widgets, metrics: story.metrics(), ...span });
    await take('dashboard', { html: page, width: pageWidth + 10, height: pageHeight(24) });
    await take('dashboard-whole', { html: page, width: pageWidth + 10, isLarge: true });
  } finally {
    await story.close();
  }
}

/** The dashboard of a stage with accounts, with the rows that only it has. */
async function ofAccounts(take: Take): Promise<void> {
  const logs = (await findLogs()).slice(0, 3);
  const story = await createStory({ logs, stage, accounts: inventedAccounts(3) });
  try {
    await story.tell(15 * minute);
    const widgets = await widgetsOf(stage, true, false);
    const page = dashboardPage({ title: `duo-storage-${stage}`, widgets, metrics: story.metrics(), ...span });
    await take('dashboard-of-accounts', { html: page, width: pageWidth + 10, height: pageHeight(18) });
    await take('dashboard-of-accounts-whole', { html: page, width: pageWidth + 10, isLarge: true });
  } finally {
    await story.close();
  }
}

/** The report of three weeks with gaps, late records, a deletion and a copy. */
async function ofReport(take: Take, into: string): Promise<void> {
  const eventful = await createEventful();
  try {
    const file = join(into, 'report.html');
    const { exitCode, err } = await eventful.command(`report --from 2026-03-01 -o ${file}`);
    if (exitCode !== 0) throw new Error(err);
    await take('report', { url: pathToFileURL(file).href, width: 1000, height: 955 });
  } finally {
    await eventful.close();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
});
