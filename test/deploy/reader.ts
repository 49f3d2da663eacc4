import { isDeepStrictEqual } from 'node:util';
import type { FoundLog } from 'duo-simulator';
import type { Attempt, Resource } from './aws';
import { identity } from './deployed';
import { step } from './step';
import { stackOf, stage, type World } from './world';

const user = 'reader: { kind: user }\n';
const role = 'reader: { kind: role, subject: "123456789012345678901" }\n';
const none = 'reader: { kind: none }\n';
const newObjects = 'newObjects: true\n';

/**
 * Shows what the SIEM's reader may do, and that its kind can be changed both ways: at once, and in two steps where queues of new
 * objects name it. `settings` writes those of the stage. There is a user in the end, named by the queue of `log`.
 */
export async function showReader(
  world: World,
  log: FoundLog,
  bucket: string,
  settings: (more: string) => void,
): Promise<void> {
  const { aws, project } = world;
  const collector = log.logType.name;
  const deploy = async (service: string) => {
    await project.run(['sls', `${service}:deploy`, '--stage', stage]);
  };
  const readerArn = async () => (await aws.exports()).get(`duo-storage-${stage}-ReaderArn`);
  const queues = async () => (await aws.resources(stackOf(collector))).filter(isQueue).map(identity);

  /** Throws unless the storage has this reader and no other, and exports it. */
  async function expectReader(kind: 'user' | 'role' | undefined): Promise<string> {
    const resources = await aws.resources(stackOf('storage'));
    const ids = resources.map((one) => one.LogicalResourceId).filter((id) => /^Reader(User|Role)$/.test(id));
    const arn = await readerArn();
    const expected = kind === undefined ? [] : [kind === 'user' ? 'ReaderUser' : 'ReaderRole'];
    const isExported = kind === undefined ? arn === undefined : arn?.includes(`:${kind}/`);
    if (!isDeepStrictEqual(ids, expected) || !isExported)
      throw new Error(`there should be ${kind ?? 'no reader'}: ${ids.join(', ') || 'none'}, ${arn}`);
    return arn ?? '';
  }

  await step("the SIEM's reader, after sls storage:deploy with one in the settings", async () => {
    settings(user);
    await deploy('storage');
    await tryReader(world, log, await expectReader('user'), bucket);
    return [undefined, 'lists and reads logs/, and is refused state/, receipts/ and every write'];
  });

  await step('the same as a role, and as a user again', async () => {
    settings(role);
    await deploy('storage');
    await expectReader('role');
    settings(user);
    await deploy('storage');
    await expectReader('user');
    return [undefined, 'each takes the place of the other at once'];
  });

  const queue = await step(`newObjects: true, of ${collector}`, async () => {
    settings(`${user}${newObjects}`);
    await deploy('storage');
    await deploy(collector);
    const names = await queues();
    if (names.length !== 2) throw new Error(`not a queue and its dead letters: ${names.join(', ')}`);
    return [names, 'the queue names the user'];
  });

  await step('a role instead of the user that a queue names', async () => {
    settings(`${role}${newObjects}`);
    const said = await deploy('storage').then(
      () => 'nothing',
      (error: unknown) => String(error),
    );
    if (!said.includes('in use')) throw new Error(`CloudFormation did not refuse it, but said ${said}`);
    await expectReader('user');
    return [undefined, 'CloudFormation refuses it, and the user stays'];
  });

  for (const [kind, text] of [
    ['role', role],
    ['user', user],
  ] as const) {
    await step(`a ${kind} in two steps, by way of none`, async () => {
      settings(`${none}${newObjects}`);
      // The other way round than `sls deploy` does it: what names the reader lets go of it first.
      await deploy(collector);
      await deploy('storage');
      await expectReader(undefined);
      settings(`${text}${newObjects}`);
      await deploy('storage');
      await deploy(collector);
      const arn = await expectReader(kind);
      if (!isDeepStrictEqual(await queues(), queue)) throw new Error('the queue is another one');
      return [undefined, `${arn.slice(arn.lastIndexOf(':') + 1)}; the queue is the same`];
    });
  }
}

async function tryReader({ aws }: World, log: FoundLog, arn: string, bucket: string): Promise<void> {
  const [object = ''] = await aws.keys(bucket, 'logs/');
  const state = `state/${log.logType.name}.json`;
  const [receipt = ''] = await aws.keys(bucket, 'receipts/');
  const may: Attempt[] = [
    { what: 'list', key: 'logs/' },
    { what: 'get', key: object },
  ];
  const mayNot: Attempt[] = [
    { what: 'list', key: 'state/' },
    { what: 'get', key: state },
    { what: 'get', key: receipt },
    { what: 'put', key: 'logs/x' },
    { what: 'put', key: state },
    { what: 'delete', key: object },
  ];
  const told = await aws.tryAs(arn, bucket, [...may, ...mayNot]);
  const expected = [
    ...may.map(({ what, key }) => `${what} ${key}: allowed`),
    ...mayNot.map(({ what, key }) => `${what} ${key}: AccessDenied`),
  ];
  if (told.join() !== expected.join()) throw new Error(`the reader may do otherwise:\n${told.join('\n')}`);
}

function isQueue({ ResourceType, LogicalResourceId }: Resource): boolean {
  return ResourceType === 'AWS::SQS::Queue' && LogicalResourceId.startsWith('NewObjects');
}
