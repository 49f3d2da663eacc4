import * as z from 'zod/mini';
import { alarmsMissing, deadLetters, type PromisedAlarm } from './alarms';
import { checkTemplate } from './check';
import { functionFaults } from './functions';
import { networkFaults } from './network';
import { arnText } from './rights/arn-text';
import { bucketArn, type Deployment, type Grants, grantsOfAny, scheduleGrants } from './rights/grants';
import { scheduleFaults } from './schedule';
import { ofType, type Properties, record, type Template, unless } from './template';

/** The lake, services/lake, as a stage deploys it. */
export interface LakeDeployment extends Pick<Deployment, 'stage' | 'keys' | 'bucketAccount' | 'vpc'> {
  /** The log types whose objects it turns. */
  readonly logTypes: readonly string[];
  /** The names of its tables, and the columns of each. */
  readonly tables: ReadonlyMap<string, readonly string[]>;
  /** The first day that an event is filed under: `YYYYMMDD`. */
  readonly firstEventDay: string;
}

/** What is wrong with the template of services/lake: it may do too much, or its function, schedule, a table or an alarm is not as promised. */
export function checkLake(template: Template, deployment: LakeDeployment): string[] {
  const { stage, bucketAccount } = deployment;
  const lake = { ...deployment, name: 'lake' };
  return [
    ...checkTemplate(template, lakeGrants(deployment), bucketAccount),
    ...functionFaults(template, ['Turn']),
    ...networkFaults(template, lake, ['Turn']),
    ...scheduleFaults(template, ['Turn']),
    ...turnFaults(template, deployment),
    ...databaseFaults(template, deployment),
    ...tableFaults(template, deployment),
    ...alarmsMissing(template, stage, promised(`"duo-lake-${stage}"`)),
  ];
}

/** It writes the lake and its own state, and reads the logs besides; nothing tells it of Duo. */
function lakeGrants(deployment: LakeDeployment): Record<string, Grants> {
  const { stage, logTypes, keys = {} } = deployment;
  const states = logTypes.flatMap((name) =>
    ['lake', 'accounts/*/lake'].map((folder) => bucketArn(stage, `/state/${name}/${folder}/*`)),
  );
  const key = keys.bucket === undefined ? [] : [keys.bucket];
  return {
    TurnRole: {
      ...grantsOfAny({ ...deployment, name: 'lake' }, 'turn', 'FailedRuns'),
      's3:GetObject': [bucketArn(stage, '/logs/*'), ...states],
      's3:PutObject': [bucketArn(stage, '/lake/*'), ...states],
      'kms:GenerateDataKey': key,
      'kms:Decrypt': key,
    },
    ScheduleRole: scheduleGrants('TurnLambdaFunction', 'ScheduleDeadLetters'),
  };
}

/** What is wrong with when a run comes, with what it is told, and with how long it may take. */
function turnFaults({ Resources }: Template, { stage, logTypes, keys }: LakeDeployment): string[] {
  const { ScheduleExpression, Target } = record(Resources.Schedule?.Properties);
  const { Timeout, MemorySize, Environment } = record(Resources.TurnLambdaFunction?.Properties);
  const told = Object.fromEntries(
    Object.entries(record(record(Environment).Variables)).map(([name, value]) => [name, arnText(value)]),
  );
  const { STORE_URL, STORE_KMS_KEY_ARN, LOG_TYPES, LAKE_REGION, LAKE_ACCOUNT } = told;
  return [
    ...unless(ScheduleExpression === 'rate(1 hour)', 'Schedule: runs that do not come every hour'),
    ...unless(
      record(Target).Input === '{"at":"<aws.scheduler.scheduled-time>"}',
      'Schedule: a run that does not know its hour',
    ),
    ...unless(
      typeof Timeout === 'number' && Timeout >= 120 && Timeout <= 900,
      'TurnLambdaFunction: a run without the minute that it keeps for its end',
    ),
    ...unless(
      typeof MemorySize === 'number' && MemorySize >= 1024,
      'TurnLambdaFunction: too little memory for several folders at a time',
    ),
    ...unless(
      STORE_URL === `s3://{import duo-storage-${stage}-BucketName}` && STORE_KMS_KEY_ARN === keys?.bucket,
      'TurnLambdaFunction: another bucket or key than those of the stage',
    ),
    ...unless(
      LOG_TYPES === logTypes.toSorted().join(',') &&
        LAKE_REGION === '{AWS::Region}' &&
        LAKE_ACCOUNT === '{AWS::AccountId}',
      'TurnLambdaFunction: it does not know where the lake lies, or which log types there are',
    ),
    ...unless(
      !Object.keys(told).some((name) => name.startsWith('DUO_')),
      'TurnLambdaFunction: it is told of Duo, which it never asks',
    ),
  ];
}

function databaseFaults(template: Template, { stage }: LakeDeployment): string[] {
  const names = ofType(template, 'AWS::Glue::Database').map(
    ({ DatabaseInput }) => record(DatabaseInput).Name,
  );
  const wanted = `duo_${stage.replaceAll('-', '_')}`;
  return unless(names.join() === wanted, `the databases ${names.join() || 'none'}, not ${wanted} alone`);
}

const columnsOf = z.array(z.object({ Name: z.string(), Type: z.string() }));

/** What is wrong with the tables: each that is promised and no other, of Parquet, where the lake lies, by days that are projected. */
function tableFaults(template: Template, { stage, tables, firstEventDay }: LakeDeployment): string[] {
  const found = ofType(template, 'AWS::Glue::Table');
  const inputs = found.map(({ TableInput }) => record(TableInput));
  const missing = [...tables.keys()].filter((name) => !inputs.some(({ Name }) => Name === name));
  return [
    ...missing.map((name) => `no table ${name}`),
    ...unless(found.length === tables.size, `${found.length} tables, not ${tables.size}`),
    ...found.flatMap((one) => faultsOfTable(one, stage, tables, firstEventDay)),
  ];
}

function faultsOfTable(
  { DatabaseName, CatalogId, TableInput }: Properties,
  stage: string,
  tables: LakeDeployment['tables'],
  firstEventDay: string,
): string[] {
  const { Name, TableType, PartitionKeys, Parameters, StorageDescriptor } = record(TableInput);
  const { Columns, Location, SerdeInfo, InputFormat, OutputFormat } = record(StorageDescriptor);
  const says = record(Parameters);
  const name = String(Name);
  const place = `s3://{import duo-storage-${stage}-BucketName}/lake/${name}/`;
  const columns = columnsOf.safeParse(Columns).data ?? [];
  const keys = columnsOf.safeParse(PartitionKeys).data ?? [];
  const template = `${place}region=\${region}/accountId=\${accountid}/eventDay=\${eventday}/`;
  const projected = {
    'projection.enabled': 'true',
    'projection.region.type': 'enum',
    'projection.region.values': '{AWS::Region}',
    'projection.accountid.type': 'enum',
    'projection.accountid.values': '{AWS::AccountId}',
    'projection.eventday.type': 'date',
    'projection.eventday.format': 'yyyyMMdd',
    'projection.eventday.range': `${firstEventDay},NOW`,
    'projection.eventday.interval': '1',
    'projection.eventday.interval.unit': 'DAYS',
  };
  const parquet = [InputFormat, OutputFormat, record(SerdeInfo).SerializationLibrary].join(' ');
  return [
    ...unless(
      arnText(DatabaseName) === '{LakeDatabase}' && arnText(CatalogId) === '{AWS::AccountId}',
      'a table of another database',
    ),
    ...unless(
      TableType === 'EXTERNAL_TABLE' && says.EXTERNAL === 'TRUE',
      'a table whose objects would go with it',
    ),
    ...unless(
      parquet ===
        'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' &&
        says.classification === 'parquet',
      'a table that is not read as Parquet',
    ),
    ...unless(arnText(Location) === place, 'a table that lies elsewhere'),
    ...unless(
      keys.map(({ Name, Type }) => `${Name} ${Type}`).join() ===
        'region string,accountid string,eventday string',
      'a table by other partitions',
    ),
    ...Object.entries(projected)
      .filter(([key, value]) => arnText(says[key]) !== value)
      .map(([key]) => `a table whose ${key} is not as promised`),
    ...unless(
      arnText(says['storage.location.template']) === template,
      'a table whose partitions lie elsewhere',
    ),
    ...unless(
      columns.map(({ Name, Type }) => `${Name} ${Type}`).join() === tables.get(name)?.join(),
      'a table with other columns',
    ),
  ].map((fault) => `${name}: ${fault}`);
}

function promised(service: string): PromisedAlarm[] {
  const turn = '"Ref":"TurnLambdaFunction"';
  return [
    { on: 'errors', metric: 'Errors', dimension: turn, statistic: 'Sum' },
    { on: 'folders that wait', metric: 'LakeStopped', dimension: service, statistic: 'Sum' },
    {
      on: 'silence',
      metric: 'Invocations',
      dimension: turn,
      statistic: 'SampleCount',
      missingData: 'breaching',
    },
    { on: 'dead letters', ...deadLetters('"ScheduleDeadLetters"') },
  ];
}
