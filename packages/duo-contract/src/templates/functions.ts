import { arnText } from './arn-text';
import { ofType, record, type Template, unless } from './template';

/** What is missing of a log type's function: that there is one, with a log and a destination for its failed runs. */
export function functionFaults(template: Template): string[] {
  const functions = ofType(template, 'AWS::Lambda::Function');
  const [collect = {}] = functions;
  const groups = ofType(template, 'AWS::Logs::LogGroup');
  const keepsItsLog = groups.some(
    ({ LogGroupName, RetentionInDays }) =>
      LogGroupName === `/aws/lambda/${collect.FunctionName}` && typeof RetentionInDays === 'number',
  );
  const destinations = ofType(template, 'AWS::Lambda::EventInvokeConfig');
  const [destination = {}] = destinations;
  const failed = arnText(record(record(destination.DestinationConfig).OnFailure).Destination);
  return [
    ...unless(functions.length === 1, `${functions.length} functions`),
    ...unless(JSON.stringify(collect.Architectures) === '["arm64"]', 'a function that is not on arm64'),
    ...unless(record(collect.LoggingConfig).LogFormat === 'JSON', 'a function whose log is not JSON'),
    ...unless(groups.length === 1, `${groups.length} log groups`),
    ...unless(keepsItsLog, 'a function without a log group of its own with retention'),
    ...unless(
      destinations.length === 1 && failed === '{FailedRuns.Arn}',
      'a function without a destination for failed runs',
    ),
    ...unless(destination.MaximumRetryAttempts === 0, 'a function that Lambda retries beside the schedule'),
  ];
}
