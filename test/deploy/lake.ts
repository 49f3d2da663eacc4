import { mkdirSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { duckDbFolder, openDuckDb } from '../../packages/duo-cli/src/commands/query/duckdb';
import tables from '../../services/lake/tables.json';
import { lateRecords } from './late-records';
import { type Metric, metricsOf, problemsNotActedOn } from './not-acted-on';
import { step } from './step';
import { stackOf, stage, type World } from './world';

/** Has the deployed function turn what is stored, before its schedule does: the metrics that it wrote. */
export async function turnFirst({ aws }: World): Promise<ReadonlySet<Metric>> {
  const metrics = new Set<Metric>();
  // ministack may show what a run has written a run later.
  for (let runs = 0; runs < 10 && metrics.size === 0; runs += 1) {
    const { failed, result, log } = await aws.invoke(`${stackOf('lake')}-turn`);
    if (failed) throw new Error(`${JSON.stringify(result)}\n${log}`);
    for (const metric of metricsOf(log)) metrics.add(metric);
  }
  return metrics;
}

/**
 * Shows the lake of a stage in which everything is collected: that its deployed function turns each record once, that its tables are
 * there, that `duo query` counts what the simulator has published, in the records and in the lake, and who may read it. `metrics` are those
 * that the function has written.
 */
export async function showLake(world: World, bucket: string, metrics: ReadonlySet<Metric>): Promise<void> {
  const { aws, project, simulator, logs, administrator } = world;
  const stack = stackOf('lake');

  await step('the tables of the lake in Glue', async () => {
    const there = await aws.glueTables(`duo_${stage}`);
    const expected = tables.map(({ name }) => [name, `s3://${bucket}/lake/${name}/`] as const).sort();
    if (!isDeepStrictEqual(there.map(({ name, location }) => [name, location] as const).sort(), expected))
      throw new Error(JSON.stringify(there));
    const [one] = there;
    const template = `s3://${bucket}/lake/${one?.name}/region=\${region}/accountId=\${accountid}/eventDay=\${eventday}/`;
    if (one?.parameters['storage.location.template'] !== template)
      throw new Error(`not ${template}, but ${JSON.stringify(one?.parameters)}`);
    return [undefined, there.map(({ name }) => name).join(', ')];
  });

  await step(
    'its deployed function, and what ministack takes of its template and does not act on',
    async () => {
      const { failed, result, log } = await aws.invoke(`${stack}-turn`);
      if (failed) throw new Error(`${JSON.stringify(result)}\n${log}`);
      const problems = problemsNotActedOn(stack, await aws.template(stack), metrics);
      if (problems.length > 0) throw new Error(problems.join('\n'));
      const files = await aws.keys(bucket, 'lake/');
      return [
        undefined,
        `${files.length} files; partitions of the tables, retries, dead letters and roles, alarms' metrics`,
      ];
    },
  );

  // As it is installed in this checkout, once for all runs of this test.
  const duckDb = duckDbFolder({});
  (await openDuckDb(duckDb, process.env, () => {})).close();
  mkdirSync(join(project.folder, '.local'), { recursive: true });
  symlinkSync(duckDb, join(project.folder, '.local', basename(duckDb)));

  async function query(sql: string, ...flags: string[]): Promise<unknown> {
    const printed = await project.run(
      ['tsx', 'packages/duo-cli/src/main.ts', 'query', sql, '--stage', stage, '--json', ...flags],
      { env: administrator },
    );
    const rows = printed.split('\n').filter((line) => line.startsWith('{'));
    return JSON.parse(rows[0] ?? 'null');
  }

  // The events of a log lie in the tables of their classes.
  const having = new Set((await aws.keys(bucket, 'lake/')).map((key) => key.split('/')[1] ?? ''));
  const events = [...having].map((table) => `select metadata from lake.${table}`).join(' union all ');
  for (const { logType } of logs) {
    const name = logType.name.replaceAll('-', '_');
    await step(`duo query, of all that there is of ${logType.name}`, async () => {
      const published = simulator.log(logType.name).published().length;
      const counts = await query(
        `select (select count(*) from ${name}) as records,
         (select count(*) from (${events}) where metadata.log_name = '${logType.name}') as events`,
        '--from',
        '10d',
      );
      if (!isDeepStrictEqual(counts, { records: published, events: published }))
        throw new Error(`published ${published}, and it counts ${JSON.stringify(counts)}`);
      return [undefined, `published ${published}, as many records, as many events in the lake`];
    });
  }

  await step(`duo query "select count(*) as n from telephony" --stage ${stage}`, async () => {
    // By itself it looks at seven days; the late records are older.
    const published = simulator.log('telephony').published().length - lateRecords;
    const counted = await query('select count(*) as n from telephony');
    if (!isDeepStrictEqual(counted, { n: published }))
      throw new Error(`published ${published}, and it counts ${JSON.stringify(counted)}`);
    return [undefined, `published ${published} in the last seven days, as many records`];
  });

  await step('whoever may read the lake alone', async () => {
    const policy = (await aws.exports()).get(`duo-storage-${stage}-LakeReaderPolicyArn`) ?? '';
    const user = 'lake-reader';
    const { arn } = await aws.createUser(user, policy);
    const [file = ''] = await aws.keys(bucket, 'lake/');
    const [object = ''] = await aws.keys(bucket, 'logs/');
    const told = await aws.tryAs(arn, bucket, [
      { what: 'list', key: 'lake/' },
      { what: 'get', key: file },
      { what: 'list', key: 'logs/' },
      { what: 'get', key: object },
      { what: 'put', key: file },
      { what: 'delete', key: file },
    ]);
    // AWS removes no policy that somebody has.
    await aws.detachPolicy(user, policy);
    const expected = ['allowed', 'allowed', 'AccessDenied', 'AccessDenied', 'AccessDenied', 'AccessDenied'];
    if (told.some((line, n) => !line.endsWith(`: ${expected[n]}`)))
      throw new Error(`may do otherwise:\n${told.join('\n')}`);
    return [undefined, 'lists and reads lake/, and is refused logs/ and every write'];
  });
}
