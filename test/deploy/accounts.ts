import { setTimeout as sleep } from 'node:timers/promises';
import { receiptsIn } from 'duo-contract/receipts';
import { type AccountSetup, type FoundLog, generate, reconcile, simulatorCredentials } from 'duo-simulator';
import * as z from 'zod/mini';
import { type Metric, metricsOf, problemsNotActedOn } from './not-acted-on';
import { step } from './step';
import { stackOf, type World } from './world';

/** A stage of its own: one that has one account cannot be given others. */
const stage = 'many';
const name = 'telephony';
const recordsPerAccount = 200;

/** So that a whole day is closed, and due, as soon as an account is collected. */
const lookbackHours = 72;

const keysOf = (letter: string) => ({
  ikey: `DI${letter.repeat(18)}`,
  skey: `made-up-secret-of-${letter}-no-value-at-all`,
});

const refused = {
  name: 'elsewhere',
  apiHost: 'api-elsewhere.duosecurity.com',
  accountId: 'DAELSEWHERE000000000',
  refuses: 'cross-deployment',
} satisfies AccountSetup;

/** Two accounts with keys of their own, and three children of the simulator's own, of which Duo refuses one. */
export const accounts: readonly AccountSetup[] = [
  { name: 'acme', apiHost: 'api-acme.duosecurity.com', keys: keysOf('A') },
  { name: 'bolt', apiHost: 'api-bolt.duosecurity.com', keys: keysOf('B') },
  { name: 'child-north', apiHost: 'api-north.duosecurity.com', accountId: 'DANORTH0000000000000' },
  { name: 'child-south', apiHost: 'api-south.duosecurity.com', accountId: 'DASOUTH0000000000000' },
  refused,
];
const collected = accounts.filter((account) => account !== refused);

/** A round every 5 s, by `ministack.py`, and each account's turn in one of five. */
const patience = 2 * 60_000;

/** Shows a stage with many accounts: that its starter has the deployed functions collect each, and that one which fails stops none. */
export async function showAccounts(world: World): Promise<void> {
  const { aws, project, simulator, logs, signal } = world;
  const log = logs.find(({ logType }) => logType.name === name);
  if (log === undefined) throw new Error(`there is no log type ${name}`);
  publishInEach(world, log);
  const deploy = (service: string) =>
    project.run(['sls', 'deploy', '--stage', stage], { folder: `services/${service}` });

  await step(
    `sls deploy --stage ${stage}, with accounts: true, of the storage, ${name} and the starter`,
    async () => {
      for (const account of accounts) await putAll(world, `accounts/${account.name}`, parametersOf(account));
      const { apiHost, ...keys } = simulatorCredentials;
      await putAll(world, 'parent', parametersOf({ apiHost, keys }));
      project.write(`settings/${stage}.yml`, `accounts: true\nlookbackHours: ${lookbackHours}\n`);
      await deploy('storage');
      await Promise.all([deploy(name), deploy('accounts')]);
      return [undefined, `${accounts.length} accounts, of which Duo refuses ${refused.name}`];
    },
  );
  const bucket = (await aws.exports()).get(`duo-storage-${stage}-BucketName`) ?? '';

  await step('the starter has each account collected', async () => {
    const giveUp = Date.now() + patience;
    for (let waiting = collected; waiting.length > 0; ) {
      await sleep(1_000, undefined, { signal });
      const counts = await Promise.all(
        waiting.map((account) => aws.records(bucket, `logs/${name}/${account.name}/`)),
      );
      waiting = waiting.filter((_, n) => (counts[n]?.length ?? 0) < recordsPerAccount);
      const names = waiting.map((account) => account.name).join(', ');
      if (names !== '' && Date.now() > giveUp) throw new Error(`nobody has collected ${names}`);
    }
    return [undefined, collected.map((account) => account.name).join(', ')];
  });

  for (const account of collected) {
    await step(`  ${name} of ${account.name}, read back`, async () => {
      const delivered = await aws.records(bucket, `logs/${name}/${account.name}/`);
      const { published, lost, doubled } = reconcile(
        simulator.log(name, account.name).published(),
        delivered,
      );
      const told = `published ${published} delivered ${delivered.length} lost ${lost} doubled ${doubled}`;
      if (lost + doubled > 0 || published === 0) throw new Error(told);
      return [undefined, told];
    });
  }

  await step('the function reconcile, for each account', async () => {
    const store = aws.store(bucket, signal);
    for (const { name: account } of collected) {
      // The starter has it run as well, and may have been first.
      const { failed, result } = await aws.invoke(`${stackOf(name, stage)}-reconcile`, { account });
      const receipts = await receiptsIn(store, { logType: name, account });
      const isWhole = receipts.every(({ shown, stored, repaired }) => shown === stored && repaired === 0);
      if (failed || receipts.length === 0 || !isWhole)
        throw new Error(`${account}: ${JSON.stringify({ result, receipts })}`);
    }
    return [undefined, 'a receipt of each says that Duo shows what is stored'];
  });

  await step(`${refused.name}, whom Duo refuses`, async () => {
    const left = await aws.keys(bucket, `logs/${name}/${refused.name}/`);
    const { failed, result } = await aws.invoke(`${stackOf(name, stage)}-collect`, { account: refused.name });
    const { errorMessage } = z.object({ errorMessage: z._default(z.string(), '') }).parse(result);
    const isNamed = errorMessage.includes(refused.name) && errorMessage.includes('Cross-deployment');
    if (!failed || !isNamed || left.length > 0) throw new Error(JSON.stringify({ left, result }));
    return [undefined, errorMessage];
  });

  await step(
    'a round of the starter, and what ministack takes of its template and does not act on',
    async () => {
      const stack = stackOf('accounts', stage);
      const metrics: Metric[] = [];
      // ministack may show what a run has written a run later.
      for (let runs = 0; runs < 10 && metrics.length === 0; runs += 1) {
        const { failed, result, log: lines } = await aws.invoke(`${stack}-start`);
        const round = z.object({ accounts: z.number(), failures: z.number() }).safeParse(result).data;
        if (failed || round?.accounts !== accounts.length || round.failures > 0)
          throw new Error(`${JSON.stringify(result)}\n${lines}`);
        metrics.push(...metricsOf(lines));
      }
      const problems = problemsNotActedOn(stack, await aws.template(stack), new Set(metrics));
      if (problems.length > 0) throw new Error(problems.join('\n'));
      return [
        undefined,
        `${accounts.length} accounts; retries, dead letters and roles of its schedule, alarms' metrics`,
      ];
    },
  );

  await step("the roles of a log type, in another log's places", async () => {
    const others = ['logs/activity/acme/x', 'state/activity/accounts/acme.json', 'receipts/activity/acme/x'];
    const roles = (await aws.resources(stackOf(name, stage))).filter(({ LogicalResourceId }) =>
      /^(Collect|Reconcile)Role$/.test(LogicalResourceId),
    );
    const own = `logs/${name}/acme/x`;
    for (const { LogicalResourceId: id, PhysicalResourceId: role } of roles) {
      const told = await aws.tryAsRole(
        role,
        bucket,
        [own, ...others].map((key) => ({ what: 'put', key })),
      );
      const expected = [`put ${own}: allowed`, ...others.map((key) => `put ${key}: AccessDenied`)];
      if (told.join() !== expected.join()) throw new Error(`${id} may do otherwise:\n${told.join('\n')}`);
    }
    if (roles.length !== 2) throw new Error(`${roles.length} roles, not 2`);
    return [undefined, `none of ${others.join(', ')}`];
  });

  await step(`sls remove --stage ${stage} of each, when the settings have no accounts any more`, async () => {
    // The starter stays no longer than its setting, and is not forgotten with it.
    project.write(`settings/${stage}.yml`, '');
    const said = await deploy('accounts').then(() => 'nothing', String);
    if (!said.includes('remove it with')) throw new Error(`the starter that is left was not told: ${said}`);
    const remove = (service: string) =>
      project.run(['sls', 'remove', '--stage', stage], { folder: `services/${service}` });
    await Promise.all([remove('accounts'), remove(name)]);
    await remove('storage');
    const left = (await aws.stacks()).filter((stack) => stack.endsWith(`-${stage}`));
    if (left.length > 0) throw new Error(`these stacks are still there: ${left.join(', ')}`);
    return [undefined, 'no stack of it is left'];
  });
}

/** Other records in each account. */
function publishInEach({ simulator }: World, { logType, samples }: FoundLog): void {
  const to = Date.now() - 3 * 60_000;
  const span = { count: recordsPerAccount, from: to - (lookbackHours - 1) * 3_600_000, to };
  for (const [n, account] of accounts.entries())
    simulator
      .log(name, account.name)
      .addAll(generate({ logType, samples, ...span, seed: n, startIndex: n * recordsPerAccount }));
}

/** The parameters of an account, by what follows its name. */
function parametersOf({ apiHost, keys, accountId }: Pick<AccountSetup, 'apiHost' | 'keys' | 'accountId'>) {
  return { ...keys, 'api-host': apiHost, ...(accountId !== undefined && { 'account-id': accountId }) };
}

/** Keys are secrets; an id and a host are not. */
async function putAll({ aws }: World, below: string, parameters: Record<string, string>): Promise<void> {
  for (const [part, value] of Object.entries(parameters))
    await aws.putParameter(`/duo/${stage}/${below}/${part}`, value, /key$/.test(part));
}
