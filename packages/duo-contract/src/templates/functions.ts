import { arnText } from './arn-text';
import type { Deployment } from './grants';
import { ofType, type Properties, record, type Template, unless } from './template';

/** What is missing of a log type's functions: that they are there, each with a role, a log and a queue of failed runs of its own. */
export function functionFaults(template: Template, { reconciles = true }: Deployment): string[] {
  const expected = reconciles ? [collect, reconcile] : [collect];
  const functions = ofType(template, 'AWS::Lambda::Function');
  const groups = ofType(template, 'AWS::Logs::LogGroup');
  const destinations = ofType(template, 'AWS::Lambda::EventInvokeConfig');
  return [
    ...unless(functions.length === expected.length, `${functions.length} functions, not ${expected.length}`),
    ...unless(groups.length === expected.length, `${groups.length} log groups, not ${expected.length}`),
    ...expected.flatMap((one) => faultsOf(one, template, groups, destinations)),
  ];
}

/** A function by its id, and the ids of what belongs to it alone. */
interface Expected {
  readonly id: string;
  readonly handler: string;
  readonly role: string;
  readonly failedRuns: string;
}

const collect: Expected = {
  id: 'CollectLambdaFunction',
  handler: 'src/handler.collect',
  role: '{CollectRole.Arn}',
  failedRuns: '{FailedRuns.Arn}',
};
const reconcile: Expected = {
  id: 'ReconcileLambdaFunction',
  handler: 'src/handler.reconcile',
  role: '{ReconcileRole.Arn}',
  failedRuns: '{ReconcileFailedRuns.Arn}',
};

function faultsOf(
  { id, handler, role, failedRuns }: Expected,
  { Resources }: Template,
  groups: readonly Properties[],
  destinations: readonly Properties[],
): string[] {
  const one = Resources[id]?.Properties;
  if (one === undefined) return [`no ${id}`];
  const keepsItsLog = groups.some(
    ({ LogGroupName, RetentionInDays }) =>
      LogGroupName === `/aws/lambda/${one.FunctionName}` && typeof RetentionInDays === 'number',
  );
  const destination = destinations.find(({ FunctionName }) => arnText(FunctionName) === `{${id}}`) ?? {};
  const failed = arnText(record(record(destination.DestinationConfig).OnFailure).Destination);
  return [
    ...unless(one.Handler === handler, 'a function that runs something else'),
    ...unless(arnText(one.Role) === role, 'a function without a role of its own'),
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
