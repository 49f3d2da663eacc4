import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import * as z from 'zod';
import { devDependencies } from '../package.json';

/*
 * What the workflows of GitHub may do. Whoever brings code of theirs into one must not come to a role at AWS by it.
 * https://docs.github.com/actions/security-for-github-actions/security-guides/security-hardening-for-github-actions
 */

const permissions = z.record(z.string(), z.string());
const step = z.object({
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).default({}),
});
const job = z.object({
  needs: z.string().optional(),
  environment: z.string().optional(),
  permissions: permissions.optional(),
  steps: z.array(step),
});
const workflow = z.object({
  on: z.record(z.string(), z.unknown()),
  permissions: permissions.optional(),
  jobs: z.record(z.string(), job),
});
type Job = z.infer<typeof job>;

const pinned = /^\s*-? ?uses: [\w-]+\/[\w-]+@[\da-f]{40} # v\d+\.\d+\.\d+$/;
const install = `npx --yes pnpm@${devDependencies.pnpm} install --frozen-lockfile`;
const deployment = [
  'actions/checkout',
  'actions/setup-node',
  install,
  'aws-actions/configure-aws-credentials',
  'npx pnpm sls deploy --stage "$STAGE"',
];

/** What is wrong with a workflow, one sentence each. */
function problemsOf(text: string): string[] {
  const { on, permissions = { all: 'that GitHub gives' }, jobs } = workflow.parse(parse(text));
  const unpinned = text.split('\n').filter((line) => /\buses:/.test(line) && !pinned.test(line));
  return [
    ...Object.keys(on)
      .filter((event) => !['push', 'pull_request', 'workflow_dispatch'].includes(event))
      .map((event) => `${event} starts it`),
    ...Object.keys(permissions).map((what) => `${what} is granted to every job`),
    ...unpinned.map((line) => `${line.trim()} is pinned by no commit, or says no version`),
    ...Object.entries(jobs).flatMap(([name, job]) => problemsOfJob(job).map((one) => `${name}: ${one}`)),
  ];
}

function problemsOfJob({ needs, environment, permissions, steps }: Job): string[] {
  const problems: string[] = [];
  const granted = Object.entries(permissions ?? {}).map(([what, how]) => `${what}: ${how}`);
  const mayAssume = granted.includes('id-token: write');
  const others = granted.filter((one) => one !== 'contents: read' && one !== 'id-token: write');
  if (permissions === undefined) problems.push('it does not say what it needs');
  problems.push(...others.map((one) => `it is granted ${one}`));
  for (const { uses = '', run = '', with: inputs } of steps) {
    if (uses.startsWith('actions/checkout@') && inputs['persist-credentials'] !== false)
      problems.push('what it runs finds the token in .git/config');
    if (uses.startsWith('actions/setup-node@') && inputs['package-manager-cache'] !== false)
      problems.push('another job may have put packages into its cache');
    if (run.includes('${{')) problems.push(`what somebody else has written is pasted into ${run}`);
    if (/\bnpx\b.*\bpnpm@/.test(run) && run !== install) problems.push(`${run} is not ${install}`);
  }
  const done = steps.map(({ uses, run }) => run ?? uses?.replace(/@.*/, ''));
  const first = done.findIndex((one) => one !== 'actions/checkout' && one !== 'actions/setup-node');
  if (done[first] !== install) problems.push('it does not begin with what the lockfile has');
  if (!mayAssume) return problems;
  if (needs !== 'check' || environment === undefined)
    problems.push('nothing and nobody is asked before it gets a role');
  const extra = done.filter((one) => one === undefined || !deployment.includes(one));
  return [...problems, ...extra.map((one) => `${one} runs where a role can be asked for`)];
}

const folder = join(__dirname, '../.github/workflows');
const named = new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
const deploy = named.get('deploy.yml') ?? '';
/** As YAML has it, where a script would be given it as text. */
const input = ['$', '{{ inputs.stage }}'].join('');

test('there are workflows to look at', () => {
  expect([...named.keys()]).toEqual(['ci.yml', 'deploy.yml']);
});

test.each([...named])('%s gives no more than it has to', (_name, text) => {
  expect(problemsOf(text)).toEqual([]);
});

test('the role at AWS is for one job, which deploys and does nothing else', () => {
  const { jobs } = workflow.parse(parse(deploy));
  const holders = Object.entries(jobs).filter(([, { permissions }]) => permissions?.['id-token'] === 'write');
  expect(holders.map(([name]) => name)).toEqual(['deploy']);
  expect(holders[0]?.[1].steps.map(({ uses, run }) => run ?? uses?.replace(/@.*/, ''))).toEqual(deployment);
});

describe('it is found that', () => {
  test.each([
    [
      'an action is pinned by a tag',
      '@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1',
      '@v7',
      'pinned by no commit',
    ],
    ['a pinned action says no version', ' # v6.2.3', '', 'or says no version'],
    ['the token stays in the checkout', 'persist-credentials: false', 'fetch-depth: 1', 'finds the token'],
    ['a cache is shared', 'package-manager-cache: false', 'cache: pnpm', 'into its cache'],
    ['pnpm is any of a major', `pnpm@${devDependencies.pnpm}`, 'pnpm@12', 'is not npx --yes pnpm@'],
    ['the lockfile does not count', ' --frozen-lockfile', '', 'does not begin with what the lockfile has'],
    ['every job may ask for a role', 'permissions: {}', 'permissions: { id-token: write }', 'to every job'],
    ['nothing is said of permissions', 'permissions: {}', '', 'all is granted to every job'],
    ['a job may write', 'id-token: write', 'packages: write', 'it is granted packages: write'],
    [
      'tests run beside the role',
      'npx pnpm sls deploy',
      'npx pnpm check && npx pnpm sls deploy',
      'can be asked for',
    ],
    ['nothing was checked before', 'needs: check', '', 'is asked before it gets a role'],
    ['nobody is asked', 'environment:', 'env:', 'is asked before it gets a role'],
    ['an input is pasted into a script', '"$STAGE"', input, 'is pasted into'],
    [
      "a fork's code runs with this repository's rights",
      'workflow_dispatch:',
      'pull_request_target:',
      'starts it',
    ],
  ])('%s', (_fault, from, to, problem) => {
    expect(deploy).toContain(from);
    expect(problemsOf(deploy.replaceAll(from, to)).join('\n')).toContain(problem);
  });
});
