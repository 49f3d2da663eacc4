import { type Command, Option } from '@commander-js/extra-typings';
import { logFolder } from 'duo-core';
import { findLog, logTypeArgument } from '../../logs/find-log';
import { command } from '../../operator/command';
import { inputName, readInput } from '../../operator/input';
import { UsageError } from '../../operator/usage-error';
import type { World } from '../../operator/world';
import { stageSettings } from '../../stage/settings';
import { readStage } from '../../stage/stage';
import { refuseUnknown } from '../../state/one-account';
import { accountOption } from '../../store/target';
import { type FeedBody, feedBody } from './body';
import { type Deployed, readDeployed } from './deployed';
import { feedNotes } from './notes';
import { matching, readBucket, readDays, readLabel, readSecopsType } from './options';
import { feedPage } from './page';
import { type SecopsLogType, secopsLogType } from './secops-log-type';

const resourceId = matching(/^[\w.:-]+$/, 'an id of letters, digits and . : _ -');

/** `feed`: says what to set up in Google SecOps, so that it reads a log. Changes nothing, here or there. */
export function addFeed(program: Command, world: World): void {
  program
    .command('feed')
    .description("Shows what to enter on Google SecOps' feed page to read a log. Changes nothing.")
    .addArgument(logTypeArgument)
    .option('--stage <stage>', 'as it is deployed: the name given to sls deploy --stage', readStage)
    .addOption(accountOption)
    .option('--bucket <bucket>', 'instead, without asking AWS: a bucket, or s3://bucket/prefix', readBucket)
    .option('--json', 'print the body of feeds.create instead, for the API')
    .option(
      '--queue-arn <arn>',
      'the SQS queue that is told of new objects',
      matching(/^arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[\w-]{1,80}$/, "a standard queue's ARN, arn:aws:sqs:…"),
    )
    .addOption(new Option('--no-queue', 'list the bucket, even if there is a queue').conflicts('queueArn'))
    .option(
      '--role-arn <arn>',
      'the role that SecOps takes on to read',
      matching(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/, "a role's ARN, arn:aws:iam::…:role/…"),
    )
    .option(
      '--subject <id>',
      "the id of SecOps' service account, which that role trusts",
      matching(/^[\w.:/@|-]+$/, 'the subject that the settings name'),
    )
    .addOption(
      new Option('--access-key-id <id>', 'instead of a role: the access key of a user')
        .argParser(matching(/^[A-Za-z0-9]{20}$/, 'an access key id, 20 letters and digits'))
        .conflicts(['roleArn', 'subject']),
    )
    .option('--secret-file <file>', 'print its secret as well, from a file or standard input (-)')
    .option('--project <id>', "SecOps' Google Cloud project", resourceId)
    .option('--location <location>', 'where SecOps runs: us, eu, …', resourceId)
    .option('--instance <id>', 'the SecOps instance (customer id)', resourceId)
    .option('--name <name>', "the feed's name (duo-<log-type>, with the stage)", matching(/\S/, 'a name'))
    .option(
      '--secops-type <label>',
      "SecOps' name for the log, if this command knows none or another",
      readSecopsType,
    )
    .option('--namespace <namespace>', 'the asset namespace')
    .option('--label <key=value>', 'an ingestion label; may be repeated', readLabel)
    .option('--max-lookback-days <days>', 'how old an object may be when it is read', readDays, 180)
    .option('--delete-after-transfer', 'SecOps deletes from the bucket what it has read')
    .addHelpText('after', help)
    .action(async (name, options) => {
      const { stage, bucket, account, json, queue, secretFile } = options;
      await findLog(name);
      const secops = await secopsType(name, options.secopsType);
      if ((stage === undefined) === (bucket === undefined)) {
        throw new UsageError('Give either --stage or --bucket.');
      }
      if (stage !== undefined && account !== undefined) await refuseUnknown(world, stage, account);
      const deployed = stage === undefined ? undefined : await readDeployed(stage, name, world.env);
      const settings = stage === undefined ? undefined : await stageSettings(stage);
      // The role's trust is made of the settings, and no output repeats it.
      const reader = readerOf(options, deployed, settings?.reader.subject);
      if (secretFile !== undefined && reader.kind !== 'user') {
        throw new UsageError('--secret-file goes with --access-key-id: a role has no secret.');
      }
      const secret = secretFile === undefined ? undefined : await readSecret(secretFile, world);
      const body = feedBodyOf({
        displayName:
          options.name ?? ['duo', name, stage, account].filter((part) => part !== undefined).join('-'),
        logType: `projects/${options.project ?? '<project>'}/locations/${options.location ?? '<location>'}/instances/${options.instance ?? '<instance>'}/logTypes/${secops.logType}`,
        assetNamespace: options.namespace ?? account,
        labels: options.label,
        // The log's own queue is told of the objects of all accounts.
        queueArn: queue
          ? (options.queueArn ?? (account === undefined ? deployed?.queueArn : undefined))
          : undefined,
        s3Uri: `${bucket ?? `s3://${deployed?.bucket}/`}${logFolder({ logType: name, account })}`,
        sourceDeletionOption: options.deleteAfterTransfer ? 'ON_SUCCESS' : 'NEVER',
        maxLookbackDays: options.maxLookbackDays,
        reader,
        secret,
      });
      const accounts = { account, several: settings?.accounts === true };
      const notes = feedNotes(body, { secops, stage, deployed, forApi: json === true, ...accounts });
      world.print(json ? `${JSON.stringify(body, null, 2)}\n` : feedPage(body, secops));
      if (notes.length === 0) return;
      // Standard output is the body and nothing else, to be piped on.
      const say = json ? world.complain : world.print;
      say(`${json ? '' : '\n'}${notes.map((note) => `- ${note}\n`).join('')}`);
    });
}

/** By what SecOps may read: a role that it takes on, or the access key of a user. */
type Reader =
  | { readonly kind: 'role'; readonly arn: string; readonly subject: string }
  | { readonly kind: 'user'; readonly accessKeyId: string };

function readerOf(
  options: {
    readonly accessKeyId?: string | undefined;
    readonly roleArn?: string | undefined;
    readonly subject?: string | undefined;
  },
  deployed: Deployed | undefined,
  settingsSubject: string | undefined,
): Reader {
  const deployedArn = deployed?.readerArn;
  const isUser = deployedArn?.includes(':user/') === true && options.roleArn === undefined;
  if (options.accessKeyId !== undefined || isUser) {
    return { kind: 'user', accessKeyId: options.accessKeyId ?? '<access key id>' };
  }
  return {
    kind: 'role',
    arn: options.roleArn ?? deployedArn ?? '<role ARN>',
    subject: options.subject ?? settingsSubject ?? '<subject id>',
  };
}

async function secopsType(name: string, given: string | undefined): Promise<SecopsLogType> {
  const said = (await secopsLogType(name)) ?? { advice: '' };
  if ('logType' in said && (given === undefined || given === said.logType)) return said;
  if (given !== undefined) return { logType: given };
  throw new UsageError(
    [
      `Google SecOps has no log type for ${name}.`,
      ...('advice' in said && said.advice !== '' ? [said.advice] : []),
      'Or create a custom log type and a parser there, and name it with --secops-type (docs/secops.md).',
    ].join(' '),
  );
}

/** The file's text is never repeated, whatever is wrong with it. */
async function readSecret(file: string, world: World): Promise<string> {
  const secret = (await readInput(file, world)).trim();
  if (/^\S{40}$/.test(secret)) return secret;
  throw new UsageError(`${inputName(file)} must hold a secret access key and nothing else: 40 characters.`);
}

interface Feed {
  readonly displayName: string;
  readonly logType: string;
  readonly assetNamespace: string | undefined;
  readonly labels: Record<string, string> | undefined;
  readonly queueArn: string | undefined;
  readonly s3Uri: string;
  readonly sourceDeletionOption: 'NEVER' | 'ON_SUCCESS';
  readonly maxLookbackDays: number;
  readonly reader: Reader;
  readonly secret: string | undefined;
}

function feedBodyOf({
  displayName,
  logType,
  assetNamespace,
  labels,
  queueArn,
  reader,
  ...feed
}: Feed): FeedBody {
  const { s3Uri, sourceDeletionOption, maxLookbackDays, secret } = feed;
  const details = { logType, ...(assetNamespace && { assetNamespace }), ...(labels && { labels }) };
  const source = { s3Uri, sourceDeletionOption, maxLookbackDays };
  const role = reader.kind === 'role' && {
    awsIamRoleAuth: { awsIamRoleArn: reader.arn, subjectId: reader.subject },
  };
  const key = reader.kind === 'user' && {
    accessKeyId: reader.accessKeyId,
    secretAccessKey: secret ?? '<secret access key>',
  };
  return feedBody.parse({
    displayName,
    details:
      queueArn === undefined
        ? {
            feedSourceType: 'AMAZON_S3_V2',
            ...details,
            amazonS3V2Settings: { ...source, authentication: role || { accessKeySecretAuth: key } },
          }
        : {
            feedSourceType: 'AMAZON_SQS_V2',
            ...details,
            amazonSqsV2Settings: {
              queue: queueArn,
              ...source,
              authentication: role || { sqsV2AccessKeySecretAuth: key },
            },
          },
  });
}

const help = `
With --stage it reads the outputs of the deployed stacks (this needs
cloudformation:DescribeStacks) and the settings of the stage. These are in the
checkout: elsewhere, give the subject with --subject. With --bucket it does not
ask AWS. The output has <...> for everything that it does not know.

It uses a role unless the stage's reader is a user or you give an access key.
With a queue the feed is of the type Amazon SQS V2, otherwise Amazon S3 V2.
It prints the secret of an access key only with --secret-file.

Where a stage has several accounts, a feed without --account reads all of them,
with --account one, into a namespace of its own: its name, or --namespace. Such
a feed lists the bucket, for the log's queue is told of all accounts. --account
with --stage takes ssm:GetParameters on /duo/<stage>/accounts/<account>.

  ${command} feed telephony --stage prod
  ${command} feed telephony --stage prod --json \\
    --project my-project --location eu \\
    --instance 00000000-0000-4000-8000-000000000000 > feed.json
  ${command} feed telephony --stage prod --account acme
  ${command} feed telephony --bucket my-logs --json

Step by step: docs/secops.md`;
