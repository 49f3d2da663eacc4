import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { packageService } from 'duo-contract/package-service';
import {
  checkLake,
  checkTemplate,
  idsOfSeveralTypes,
  type LakeDeployment,
  parseTemplate,
  type Template,
} from 'duo-contract/templates';
import { leftOutMetrics, longestLookback } from 'duo-core';
import { firstEventDay, readTables } from 'duo-lake';
import { hiveTypes } from './support/hive-types';
import { logTypes } from './support/log-types';
import { type Planted, plant } from './support/plant';
import { plantedIntoLake } from './support/planted-into-lake';
import { bucketAccount, keys, packaged, packagedWhole, storageGrants, vpc } from './support/templates';

const settings = join(__dirname, 'settings');
const folders: string[] = [];

/*
 * The templates of a stage with a lake, and the checks of them: each fault is planted into a real template and has to be found.
 */

const stage = 'lake';
const { files, template: lake } = packagedWhole('lake', stage);
const storage = packaged('storage', stage);
const inOwnBucket = packaged('lake', 'lake-own-bucket');
const storageInOwnBucket = packaged('storage', 'lake-own-bucket');

const tables = readTables(require('../services/lake/tables.json'));
const common = {
  logTypes,
  tables: new Map(tables.map(({ name, columns }) => [name, hiveTypes(columns)])),
  firstEventDay: firstEventDay.replaceAll('-', ''),
};
const deployment: LakeDeployment = { ...common, stage, keys, vpc };

/** What a reader of the lake may do besides, in the storage. */
function grants(bucket = '{Bucket.Arn}') {
  const reader = {
    's3:ListBucket': [bucket],
    's3:GetObject': [`${bucket}/lake/*`],
    'kms:Decrypt': [keys.bucket],
  };
  return { ...storageGrants({ bucket }), LakeReaderPolicy: reader };
}

describe('where a stage has a lake', () => {
  test('it is watched, keeps what fails, and may do what it needs and nothing else', () => {
    expect(checkLake(lake, deployment)).toEqual([]);
  });

  test('so it is in a bucket of another account, and with no key and no network', () => {
    const other = { ...common, stage: 'lake-own-bucket', bucketAccount };
    expect(checkLake(inOwnBucket, other)).toEqual([]);
    expect(JSON.stringify(inOwnBucket)).not.toMatch(/kms|ec2:|Boundary/i);
    expect(Object.keys(inOwnBucket.Resources)).toContain('LakeDatabase');
    expect(JSON.stringify(inOwnBucket.Resources.LakeDatabase)).toContain('"duo_lake_own_bucket"');
  });

  test('it is one small file, and its template leaves nothing to resolve', () => {
    expect(Object.entries(files).map(([file, { length }]) => [file, length <= 600_000])).toEqual([
      ['src/handler.js', true],
    ]);
    expect(JSON.stringify(lake)).not.toMatch(/\$\{(self|file|env|sls|opt)/);
  });

  test('a permissions boundary is on its roles', () => {
    const roles = Object.values(lake.Resources).filter(({ Type }) => Type === 'AWS::IAM::Role');
    expect(roles).toHaveLength(2);
    for (const { Properties } of roles)
      expect(Properties.PermissionsBoundary).toBe('arn:aws:iam::123456789012:policy/boundary');
  });

  test('the storage is private, allows no more than is needed, and names the policy of a reader of the lake', () => {
    expect(checkTemplate(storage, grants())).toEqual([]);
    expect(storage.Outputs).toMatchObject({
      LakeReaderPolicyArn: {
        Value: { Ref: 'LakeReaderPolicy' },
        Export: { Name: 'duo-storage-lake-LakeReaderPolicyArn' },
      },
    });
    const bucket = `arn:\${AWS::Partition}:s3:::example-logs`;
    expect(checkTemplate(storageInOwnBucket, grants(bucket), bucketAccount)).toEqual([]);
    expect(JSON.stringify(storageInOwnBucket)).not.toContain('kms:Decrypt');
  });

  test('a reader of the lake lists nothing else', () => {
    expect(storage.Resources.LakeReaderPolicy?.Properties.PolicyDocument).toMatchObject({
      Statement: [
        { Action: 's3:ListBucket', Condition: { StringLike: { 's3:prefix': 'lake/*' } } },
        { Action: 's3:GetObject' },
        { Action: 'kms:Decrypt', Resource: keys.bucket },
      ],
    });
  });

  test('the lake is kept as long as the logs, and receipts for longer than a day can be due', () => {
    expect(storage.Resources.Bucket?.Properties.LifecycleConfiguration).toMatchObject({
      Rules: [
        { Id: 'old-versions' },
        { Prefix: 'logs/', ExpirationInDays: 365 },
        { Prefix: 'lake/', ExpirationInDays: 365, Status: 'Enabled' },
        { Prefix: 'receipts/', ExpirationInDays: 400, Status: 'Enabled' },
      ],
    });
    expect(400).toBeGreaterThan(longestLookback / 86_400_000 + 7);
    expect(JSON.stringify(storage)).not.toContain('"Prefix":"state/');
  });

  test('the dashboard draws what the lake does, what a run leaves out as 0', () => {
    const body = JSON.stringify(storage.Resources.Dashboard);
    const ofLake = leftOutMetrics.filter((metric) => metric.startsWith('Lake'));
    expect(ofLake).toHaveLength(4);
    for (const metric of ofLake) expect(body).toMatch(new RegExp(`FILL\\(SEARCH\\([^)]*${metric}`));
    expect(body).toContain('FunctionName=turn');
  });
});

describe('without lake: true', () => {
  const before = { storage: textOf('storage', withoutLake()), telephony: textOf('telephony', withoutLake()) };

  test('the template of a log type is the same to the byte', () => {
    expect(textOf('telephony', settings)).toBe(before.telephony);
  });

  test('the template of the storage is the same but for what is of the lake', () => {
    const { LakeReaderPolicy, ...same } = storage.Resources;
    const other = parseTemplate(before.storage);
    const { Dashboard, Bucket } = other.Resources;
    const Outputs = { ...Object(other.Outputs), ...Object(storage.Outputs) };
    delete Outputs.LakeReaderPolicyArn;
    expect({ ...storage, Outputs, Resources: { ...same, Dashboard, Bucket } }).toEqual(other);
    expect(LakeReaderPolicy).toBeDefined();
    const withoutRules = JSON.stringify(same.Bucket).replace(/,\{"Id":"lake".*?"receipts\/".*?\}/, '');
    expect(withoutRules).toBe(JSON.stringify(Bucket));
    expect(idsOfSeveralTypes([storage, other, storageInOwnBucket])).toEqual([]);
  });
});

const projected: Planted[] = Object.keys(parametersOf(lake))
  .filter((key) => /^(projection|storage)\./.test(key))
  .map((key): Planted => [key, key, 'x', 'base_event: a table whose ']);

describe('the checks find', () => {
  test.each(plantedIntoLake(stage))('in the lake: %s (%s)', (_, path, value, expected) => {
    expect(checkLake(plant(lake, path, value), deployment).join('\n')).toContain(expected);
  });

  test.each(projected)('in a table: another %s', (_, key, value, expected) => {
    for (const instead of [value, undefined]) {
      const copy = structuredClone(lake);
      Reflect.set(parametersOf(copy), key, instead);
      expect(checkLake(copy, deployment).join('\n')).toContain(expected);
    }
  });

  test.each([
    ['reads logs', 'LakeReaderPolicy.Properties.PolicyDocument.Statement.1.Resource', '/logs/*'],
    ['reads all', 'LakeReaderPolicy.Properties.PolicyDocument.Statement.1.Resource', '/*'],
  ])('in the storage: a reader of the lake that %s', (_, path, place) => {
    const resource = { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Bucket', 'Arn'] }, place]] };
    expect(checkTemplate(plant(storage, path, resource), grants()).join('\n')).toContain('s3:GetObject on');
  });
});

/** What a template says of its table of base events. */
function parametersOf({ Resources }: Template): object {
  const input: unknown = Resources.BaseEventTable?.Properties.TableInput;
  const { Parameters } = input as { Parameters: object };
  return Parameters;
}

/** A folder with the same settings, but for the lake. */
function withoutLake(): string {
  const folder = mkdtempSync(join(tmpdir(), 'duo-without-lake-'));
  folders.push(folder);
  const text = readFileSync(join(settings, `${stage}.yml`), 'utf8');
  writeFileSync(join(folder, `${stage}.yml`), text.replace(/^lake: true$/m, ''));
  return folder;
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** The template of a service, with when it was packaged left out. */
function textOf(service: string, folder: string): string {
  const { template } = packageService(join(__dirname, '..', 'services', service), {
    stage,
    settings: folder,
  });
  return template.replace(/\/\d+-[\dTZ:.-]+\//g, '/now/');
}
