import { describe, expect, test } from '@jest/globals';
import { checkAccounts, checkLogType, idsOfSeveralTypes, type Template } from 'duo-contract/templates';
import * as z from 'zod/mini';
import { functionName, stackName } from '../packages/duo-cli/src/stage/names';
import { logTypes } from './support/log-types';
import { type Planted, plant } from './support/plant';
import { plantedIntoStarter } from './support/planted-into-starter';
import { keys, namesOfFunctions, own, packaged, packagedWhole, vpc } from './support/templates';

/*
 * The templates of a stage with many accounts, and the checks of them: each fault is planted into a real template and has to be found.
 */

const stage = 'accounts';
const { files, template: starter } = packagedWhole('accounts', stage);
const logType = packaged('telephony', stage);
const storage = packaged('storage', stage);
const withoutAccounts = packaged('telephony', 'everything');

const starterDeployment = { stage, logTypes, keys, vpc };
const logTypeDeployment = { name: 'telephony', stage, keys, newObjects: true, vpc, accounts: true };

describe('where a stage has many accounts', () => {
  test('the starter is called as the dashboard and the command look for it', () => {
    expect(namesOfFunctions(starter)).toEqual([
      [functionName('accounts', stage, 'start'), stackName('accounts', stage)],
    ]);
  });

  test('the starter is watched, keeps what fails, and may do what it needs and nothing else', () => {
    expect(checkAccounts(starter, starterDeployment)).toEqual([]);
  });

  test('the starter is one small file, and its template leaves nothing to resolve', () => {
    expect(Object.entries(files).map(([file, { length }]) => [file, length <= 600_000])).toEqual([
      ['src/handler.js', true],
    ]);
    expect(JSON.stringify(starter)).not.toMatch(/\$\{(self|file|env|sls|opt)/);
  });

  test('a log type has no schedule, its alarms are on what concerns all accounts, and its roles may read the credentials of accounts', () => {
    expect(checkLogType(logType, logTypeDeployment)).toEqual([]);
    expect(alarms(logType)).toEqual([
      'astray',
      'deleted',
      'doubled',
      'new-objects-failing',
      'new-objects-unread',
      'reconcile-failing',
      'unreconciled',
    ]);
    expect(JSON.stringify(logType)).not.toContain('scheduler');
  });

  test('the roles of a log type may do in S3 what they may without', () => {
    for (const role of ['CollectRole', 'ReconcileRole']) {
      const rights = inS3(logType, role, stage);
      expect(rights.length).toBeGreaterThan(1);
      expect(rights).toEqual(inS3(withoutAccounts, role, 'everything'));
    }
  });

  test('no resource is of another type than without', () => {
    expect(idsOfSeveralTypes([logType, withoutAccounts])).toEqual([]);
  });

  test('a permissions boundary is on the roles of the starter', () => {
    const roles = Object.values(starter.Resources).filter(({ Type }) => Type === 'AWS::IAM::Role');
    expect(roles).toHaveLength(2);
    for (const { Properties } of roles)
      expect(Properties.PermissionsBoundary).toBe('arn:aws:iam::123456789012:policy/boundary');
  });

  test('the dashboard draws how all accounts stand, and those of each log, without naming one', () => {
    const graphs = expressions(storage);
    for (const metric of ['WorstBehindSeconds', 'AccountsBehind', 'AccountsFailing']) {
      const drawn = graphs.filter((one) => one.includes(`MetricName="${metric}"`));
      expect(drawn).toEqual([
        expect.stringContaining('{DuoLogs,service} '),
        expect.stringContaining('{DuoLogs,"log_type",service} '),
      ]);
    }
    expect(graphs.join()).toContain('MetricName="BehindSeconds"');
  });
});

const { Schedule, ScheduleRole, ScheduleDeadLetters, BehindAlarm } = withoutAccounts.Resources;

const plantedIntoLogType: Planted[] = [
  ['a schedule', 'Schedule', Schedule, '1 schedules that run, not 0'],
  ['the role of a schedule', 'ScheduleRole', ScheduleRole, 'ScheduleRole: of a schedule that is not wanted'],
  ['dead letters of a schedule', 'ScheduleDeadLetters', ScheduleDeadLetters, 'that is not wanted'],
  ['an alarm on how far behind one log is', 'BehindAlarm', BehindAlarm, '8 alarms, not 7'],
  ['no alarm on doubled records', 'DoubledAlarm', undefined, 'no alarm on doubled records'],
  ['no alarm on failing reconciliations', 'ReconcileFailingAlarm', undefined, 'no alarm on errors of reconc'],
  [
    'an alarm on the reconciliations of one account that fail',
    'ReconcileFailingAlarm.Properties.Statistic',
    'Sum',
    'no alarm on errors of reconciliations',
  ],
  ['no alarm on unreconciled days', 'UnreconciledAlarm', undefined, 'no alarm on unreconciled days'],
  [
    'the account with the fewest unreconciled days',
    'UnreconciledAlarm.Properties.Statistic',
    'Minimum',
    'no alarm on unreconciled days',
  ],
  [
    "another stage's accounts",
    'AccountsPolicy.Properties.PolicyDocument.Statement.0.Resource',
    { 'Fn::Sub': own('ssm', 'parameter/duo/x/accounts/*') },
    'AccountsPolicy: ssm:GetParameters on',
  ],
  [
    'listing accounts',
    'AccountsPolicy.Properties.PolicyDocument.Statement.0.Action',
    'ssm:GetParametersByPath',
    'does not need',
  ],
  ...['Collect', 'Reconcile'].map(
    (name): Planted => [
      'a function that is started before new objects are announced',
      `${name}LambdaFunction.DependsOn`,
      [`${name}LogGroup`],
      `${name}LambdaFunction: a run before there is a subscription`,
    ],
  ),
];

describe('the checks find', () => {
  test.each(plantedIntoStarter(stage))('in the starter: %s (%s)', (_, path, value, expected) => {
    expect(checkAccounts(plant(starter, path, value), starterDeployment).join('\n')).toContain(expected);
  });

  test.each(plantedIntoLogType)('in a log type: %s (%s)', (_, path, value, expected) => {
    expect(checkLogType(plant(logType, path, value), logTypeDeployment).join('\n')).toContain(expected);
  });

  test('accounts that the settings do not want', () => {
    const faults = checkLogType(logType, { ...logTypeDeployment, accounts: false }).join('\n');
    expect(faults).toContain('no schedule of CollectLambdaFunction');
    expect(faults).toContain('AccountsPolicy: ssm:GetParameters on');
  });
});

/** What the alarms of a template are called, without the service and the stage. */
function alarms({ Resources }: Template): string[] {
  return Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
    .map(({ Properties }) => String(Properties.AlarmName).replace(/^duo-telephony-accounts-/, ''))
    .sort();
}

/** What a role may do in S3 by any policy of the template, with the name of the stage left out. */
function inS3({ Resources }: Template, role: string, of: string): unknown[] {
  const statements = z.array(z.looseObject({ Action: z.union([z.string(), z.array(z.string())]) }));
  const document = z.object({ PolicyDocument: z.object({ Statement: statements }) });
  const { Policies } = z.object({ Policies: z.array(document) }).parse(Resources[role]?.Properties);
  const beside = Object.values(Resources).flatMap(({ Type, Properties }) =>
    Type === 'AWS::IAM::Policy' && JSON.stringify(Properties.Roles).includes(`"${role}"`)
      ? [document.parse(Properties)]
      : [],
  );
  return [...Policies, ...beside]
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .filter(({ Action }) => [Action].flat().some((one) => one.startsWith('s3:')))
    .map((one) => JSON.parse(JSON.stringify(one).replaceAll(`-${of}-`, '-')));
}

/** The expressions of a dashboard. */
function expressions({ Resources }: Template): string[] {
  const { DashboardBody } = z
    .object({ DashboardBody: z.object({ 'Fn::Sub': z.string() }) })
    .parse(Resources.Dashboard?.Properties);
  const expression = z.array(z.object({ expression: z.string() }));
  const properties = z.object({ metrics: z._default(z.array(expression), []) });
  return z
    .object({ widgets: z.array(z.object({ properties })) })
    .parse(JSON.parse(DashboardBody['Fn::Sub']))
    .widgets.flatMap((widget) => widget.properties.metrics.flat().map((one) => one.expression));
}
