/** A rule of checkov's that resources do not keep on purpose. */
export interface Unmet {
  readonly rule: string;
  /** Logical ids, in whatever template. */
  readonly on: readonly string[];
  readonly why: string;
}

const functionsOfLogTypes = ['CollectLambdaFunction', 'ReconcileLambdaFunction'];
const functions = [...functionsOfLogTypes, 'StartLambdaFunction', 'TurnLambdaFunction'];

/** All rules of checkov's that are left unmet, each with the reason. What is not on it fails, and so does what is on it in vain. */
export const leftUnmet: readonly Unmet[] = [
  {
    rule: 'CKV_AWS_18', // a bucket without access logs
    on: ['Bucket'],
    why: 'Access logs need a second bucket, which the account may not have: CloudTrail can record the same requests.',
  },
  {
    rule: 'CKV_AWS_18',
    on: ['ServerlessDeploymentBucket'],
    why: 'It holds templates and code, which are public, and no record.',
  },
  {
    rule: 'CKV_AWS_21', // a bucket without versions
    on: ['ServerlessDeploymentBucket'],
    why: 'The framework writes each deployment below a prefix of its own, and replaces nothing.',
  },
  {
    rule: 'CKV_AWS_26', // a topic without a KMS key
    on: ['AlarmTopic', 'NewObjectsTopic'],
    why: "AWS's own key lets neither CloudWatch nor S3 publish, and a customer's that forgets CloudWatch would swallow every alarm. Messages hold names of alarms and objects, never a record.",
  },
  {
    rule: 'CKV_AWS_27', // a queue without a KMS key
    on: [
      'FailedRuns',
      'ScheduleDeadLetters',
      'ReconcileFailedRuns',
      'ReconcileScheduleDeadLetters',
      'NewObjects',
      'NewObjectsDeadLetters',
    ],
    why: 'The key of SQS encrypts them (SqsManagedSseEnabled), which this rule does not know.',
  },
  {
    rule: 'CKV_AWS_115', // a function without reserved concurrency
    on: functions,
    why: 'Overlapping runs are harmless, and a small account cannot reserve any.',
  },
  {
    rule: 'CKV_AWS_111', // a policy that allows writing anywhere
    on: ['CollectRole', 'ReconcileRole', 'StartRole', 'TurnRole'],
    why: "With the setting `vpc`, Lambda makes network interfaces, and AWS's own policy does not name a resource for them either. The function's own code may not.",
  },
  {
    rule: 'CKV_AWS_116', // a function without a dead-letter queue
    on: functions,
    why: 'Each has a destination for failed runs instead, which gets the error as well as the event.',
  },
  {
    rule: 'CKV_AWS_117', // a function outside a VPC
    on: functionsOfLogTypes, // the starter is linted in one
    why: 'It needs a NAT gateway to reach Duo, which costs more than all the rest. The setting `vpc` puts it into one.',
  },
  {
    rule: 'CKV_AWS_117',
    on: ['TurnLambdaFunction'],
    why: 'It speaks to S3 alone, which refuses everything without TLS. The setting `vpc` puts it into one.',
  },
  {
    rule: 'CKV_AWS_158', // a log group without a KMS key
    on: ['CollectLogGroup', 'ReconcileLogGroup', 'StartLogGroup', 'TurnLogGroup'],
    why: 'CloudWatch Logs encrypts them with its own. They hold neither a record nor a secret.',
  },
  {
    rule: 'CKV_AWS_173', // environment variables without a KMS key
    on: functions,
    why: 'Lambda encrypts them with its own. They hold no secret, only the path of the parameters.',
  },
];
