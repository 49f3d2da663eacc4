import { type FeedBody, gapsIn, sourceOf } from './body';
import type { Deployed } from './deployed';
import type { SecopsLogType } from './secops-log-type';

/** What the operator has to know or to do besides entering the values. */
export function feedNotes(
  body: FeedBody,
  about: {
    readonly secops: SecopsLogType;
    readonly stage: string | undefined;
    readonly deployed: Deployed | undefined;
    readonly forApi: boolean;
    readonly account: string | undefined;
    /** Whether the stage has several accounts. */
    readonly several: boolean;
  },
): string[] {
  const { secops, stage, deployed, forApi, account, several } = about;
  const source = sourceOf(body);
  const [, project, location, instance] =
    /^projects\/(.*)\/locations\/(.*)\/instances\/(.*)\/logTypes\//.exec(body.details.logType) ?? [];
  // The page asks for no resource name.
  const gaps = gapsIn(body).filter((gap) => forApi || ![project, location, instance].includes(gap));
  return [
    ...(gaps.length > 0 ? [`Fill in ${gaps.join(', ')}.`] : []),
    ...parserNote(secops),
    ...(several && account === undefined
      ? ['This feed reads all accounts into one namespace: --account makes one of a single account.']
      : []),
    ...(account !== undefined
      ? [`It reads ${account} alone. Beside a feed of all accounts, SecOps would read these records twice.`]
      : []),
    ...(deployed !== undefined && deployed.readerArn === undefined
      ? [`This stage has no reader: set "reader" in settings/${stage}.yml and deploy (docs/settings.md).`]
      : []),
    ...(deployed !== undefined && deployed.queueArn === undefined
      ? [
          `Google recommends a queue over listing the bucket: set newObjects: true in settings/${stage}.yml and deploy.`,
        ]
      : []),
    ...('queue' in source
      ? ['A queue begins empty: objects stored before the queue existed must be listed (docs/secops.md).']
      : []),
    ...(source.sourceDeletionOption === 'ON_SUCCESS'
      ? [
          `To delete, the reader needs s3:DeleteObject on ${source.s3Uri.replace('s3://', 'arn:aws:s3:::')}*: set "deletes: true" in the stage's "reader" (docs/settings.md).`,
        ]
      : []),
    ...(forApi
      ? [
          `POST it to https://${location}-chronicle.googleapis.com/v1/projects/${project}/locations/${location}/instances/${instance}/feeds`,
        ]
      : []),
  ];
}

function parserNote({ logType, defaultParser }: SecopsLogType): string[] {
  if (defaultParser === true) return [];
  const until = 'only raw log search finds its records, until you add a custom parser';
  if (defaultParser === false) return [`${logType} has no default parser: ${until}.`];
  return [`Check whether ${logType} has a parser in your SecOps: without one, ${until}.`];
}
