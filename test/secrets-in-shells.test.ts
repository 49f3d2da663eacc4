import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { simulatorCredentials } from 'duo-simulator';

/*
 * Nothing here teaches an operator to type a secret into a command: it would stay in the shell's history, and whoever may list
 * processes reads it. What does it well is `duo credentials put`, `read -rs`, or a file.
 */

const root = join(__dirname, '..');

const secret = '(?:DUO_SKEY|AWS_SECRET_ACCESS_KEY|AWS_SESSION_TOKEN)';

/** How a secret comes into a command line, and a line that does it. */
const ways: readonly (readonly [string, RegExp, string])[] = [
  [
    'a parameter with its value',
    /put-parameter(?:[^\n]|\\\n)*--value/,
    'aws ssm put-parameter --type SecureString \\\n  --name /duo/prod/skey --value …',
  ],
  [
    'a variable that is set to it',
    new RegExp(`(?<![=\\w])(?:export|env|set|declare -x)\\s[^\\n]*\\b${secret}=`),
    'export DUO_IKEY=DI… DUO_SKEY=… DUO_API_HOST=api-….duosecurity.com',
  ],
  [
    'a variable of Windows',
    new RegExp(`(?:\\bsetx?\\s+${secret}\\s+\\S|\\$env:${secret}\\s*=)`, 'i'),
    '$env:DUO_SKEY = "…"',
  ],
  [
    'a variable of one command',
    new RegExp(`\\b${secret}=\\S+[^\\n]*\\s(?:npx|pnpm|aws|node|sls|duo|duo-logs)\\s`),
    'DUO_SKEY=… npx pnpm duo collect telephony --to ./logs',
  ],
  [
    'a text that is piped on',
    /\b(?:echo|printf)\b[^\n|;]*(?:skey|secret)[^\n|;]*\|/i,
    'echo \'{"ikey":"DI…","skey":"…"}\' | npx pnpm duo credentials put --file -',
  ],
  ['an option', /--(?:skey|secret|secret-key|password)[ =](?![^\n]*read -)\S/, 'duo collect --skey …'],
  [
    'a password of curl',
    /\bcurl\b[^\n]*\s(?:-u|--user)\s/,
    'curl -u "$IKEY:…" https://api-x.duosecurity.com/',
  ],
];

/** Whatever people read or paste, or see a command print: documents, workflows, scripts and sources, but no tests. */
const texts = filesBelow('').filter((name) => /\.(md|ts|cjs|ya?ml|sh|py|json)$|^\.ci\/run$/.test(name));

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = join(folder, entry.name);
    if (!entry.isDirectory()) return [name];
    return /^(node_modules|\.git|\.local|\.serverless|\.esbuild.*|dist|test)$/.test(entry.name)
      ? []
      : filesBelow(name);
  });
}

/** The simulator's secret key protects nothing: its page and its output say it to everyone, to be pasted. */
function withoutInvented(text: string): string {
  return text.replaceAll(`DUO_SKEY=${simulatorCredentials.skey}`, '');
}

test('there are documents, messages and workflows to look at', () => {
  for (const name of ['README.md', 'docs/operating/woken-up.md', '.ci/run', '.github/workflows/deploy.yml'])
    expect(texts).toContain(name);
  expect(texts).toContain('packages/duo-core/src/run/credentials/ssm-credentials.ts');
  expect(texts).toContain('packages/duo-cli/src/commands/collect/collect.ts');
});

describe.each(ways)('%s', (_way, pattern, planted) => {
  test('is found where it is taught', () => {
    expect(`Then:\n\n${planted}\n`).toMatch(pattern);
  });

  test('is taught nowhere', () => {
    expect(
      texts.filter((name) => pattern.test(withoutInvented(readFileSync(join(root, name), 'utf8')))),
    ).toEqual([]);
  });
});

test('what asks for it without showing it is no way into a history', () => {
  const asked = "printf 'Secret key: '; read -rs DUO_SKEY; export DUO_SKEY\nnpx pnpm duo credentials put\n";
  expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain('read -rs DUO_SKEY; export DUO_SKEY');
  expect(ways.filter(([, pattern]) => pattern.test(asked))).toEqual([]);
});
