import { arnText } from './rights/arn-text';
import type { FunctionId } from './rights/grants';
import { ofType, type Properties, record, type Template, unless } from './template';

/** What is missing of a service's functions: that they are there and no others, each with a role, a log and a queue of failed runs of its own. */
export function functionFaults(template: Template, ids: readonly FunctionId[]): string[] {
  const functions = ofType(template, 'AWS::Lambda::Function');
  const groups = ofType(template, 'AWS::Logs::LogGroup');
  const destinations = ofType(template, 'AWS::Lambda::EventInvokeConfig');
  return [
    ...unless(functions.length === ids.length, `${functions.length} functions, not ${ids.length}`),
    ...unless(groups.length === ids.length, `${groups.length} log groups, not ${ids.length}`),
    ...ids.flatMap((id) => faultsOf(id, template, groups, destinations)),
  ];
}

function faultsOf(
  name: FunctionId,
  { Resources }: Template,
  groups: readonly Properties[],
  destinations: readonly Properties[],
): string[] {
  const id = `${name}LambdaFunction`;
  const failedRuns = `{${name === 'Reconcile' ? name : ''}FailedRuns.Arn}`;
  const one = Resources[id]?.Properties;
  if (one === undefined) return [`no ${id}`];
  const keepsItsLog = groups.some(
    ({ LogGroupName, RetentionInDays }) =>
      LogGroupName === `/aws/lambda/${one.FunctionName}` && typeof RetentionInDays === 'number',
  );
  const destination = destinations.find(({ FunctionName }) => arnText(FunctionName) === `{${id}}`) ?? {};
  const failed = arnText(record(record(destination.DestinationConfig).OnFailure).Destination);
  return [
    ...unless(one.Handler === `src/handler.${name.toLowerCase()}`, 'a function that runs something else'),
    ...unless(arnText(one.Role) === `{${name}Role.Arn}`, 'a function without a role of its own'),
    ...unless(JSON.stringify(one.Architectures) === '["arm64"]', 'a function that is not on arm64'),
    ...unless(record(one.LoggingConfig).LogFormat === 'JSON', 'a function whose log is not JSON'),
    ...unless(keepsItsLog, 'a function without a log group of its own with retention'),
    ...unless(failed === failedRuns, 'a function without a destination for failed runs'),
    ...unless(destination.MaximumRetryAttempts === 0, 'a function that Lambda retries beside the schedule'),
    // Where Lambda has no room for it: the shortest interval, after which the next run begins.
    ...unless(
      destination.MaximumEventAgeInSeconds === 300,
      'a function whose runs wait in Lambda when the next is due',
    ),
  ].map((fault) => `${id}: ${fault}`);
}
