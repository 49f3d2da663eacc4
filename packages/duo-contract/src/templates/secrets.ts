import { each, record, type Template } from './template';

/** What holds a secret, or looks like one: an access key of AWS's, an integration key or a secret key of Duo's. */
export function secretFaults(template: Template): string[] {
  const faults: string[] = [];
  const found = /\{\{resolve:|\b(AKIA|ASIA)[A-Z0-9]{16}\b|\bDI[A-Z0-9]{18}\b|"(?=\w*\d)[A-Za-z0-9]{40}"/.exec(
    JSON.stringify(template),
  );
  if (found !== null) faults.push(`a secret in the template: ${found[0].slice(0, 10)}…`);
  faults.push(...each(template, 'AWS::IAM::AccessKey', () => ['an access key in a template']));
  faults.push(
    ...each(template, 'AWS::Lambda::Function', ({ Properties: properties }) =>
      Object.keys(record(record(properties.Environment).Variables))
        .filter((name) => !knownVariables.includes(name))
        .map((name) => `the environment variable ${name}, which may hold a secret`),
    ),
  );
  return faults;
}

const knownVariables = [
  'STORE_URL',
  'STORE_KMS_KEY_ARN',
  'DUO_CREDENTIALS',
  'STAGE',
  'LOG_TYPES',
  'MAPPED_LOG_TYPES',
  'LAKE_REGION',
  'LAKE_ACCOUNT',
  'LOOKBACK_HOURS',
  'OVERLAP_SECONDS',
  'POWERTOOLS_SERVICE_NAME',
  'POWERTOOLS_LOG_LEVEL',
];
