import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from '@jest/globals';

/*
 * A reader who is woken up follows links: each one within the project leads to a file, and to a heading in it.
 */
const root = join(__dirname, '..');
const pages = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((name) => name !== '' && existsSync(join(root, name)));

describe.each(pages)('%s', (page) => {
  test('has no link that leads nowhere', () => {
    expect(linksOf(page).filter((link) => !leads(page, link))).toEqual([]);
  });
});

test('a link that leads nowhere is found, and a heading that is not there', () => {
  expect(leads('README.md', 'docs/nowhere.md')).toBe(false);
  expect(leads('README.md', 'docs/format.md#no-such-heading')).toBe(false);
  expect(leads('README.md', 'docs/format.md#an-object')).toBe(true);
});

test('every page of docs/ is reached from README', () => {
  const reached = new Set<string>();
  const next = ['README.md'];
  for (let page = next.pop(); page !== undefined; page = next.pop()) {
    if (reached.has(page) || !page.endsWith('.md')) continue;
    reached.add(page);
    next.push(...linksOf(page).map((link) => target(page, link)));
  }
  const decision = /^docs\/decisions\//;
  const docs = pages.filter((page) => page.startsWith('docs/') && !decision.test(page));
  expect(docs.length).toBeGreaterThan(15);
  expect(docs.filter((page) => !reached.has(page))).toEqual([]);
});

/** The links within the project that a page has, outside of its code. */
function linksOf(page: string): string[] {
  const text = readFileSync(join(root, page), 'utf8').replace(/^```.*?^```/gms, '');
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  return links.filter((link) => !/^[a-z]+:/.test(link));
}

/** The file that a link leads to, from the root. */
function target(page: string, link: string): string {
  const [file = ''] = link.split('#');
  return file === '' ? page : relative(root, join(root, dirname(page), file));
}

function leads(page: string, link: string): boolean {
  const file = join(root, target(page, link));
  if (!existsSync(file)) return false;
  const [, heading] = link.split('#');
  return heading === undefined || !file.endsWith('.md') || headings(file).includes(heading);
}

/** As GitHub names them. */
function headings(file: string): string[] {
  const lines =
    readFileSync(file, 'utf8')
      .replace(/^```.*?^```/gms, '')
      .match(/^#+ .*$/gm) ?? [];
  return lines.map((line) =>
    line
      .replace(/^#+ /, '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );
}
