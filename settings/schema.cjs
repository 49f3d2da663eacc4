// What a settings file may say, key by key, and what it is told that must be otherwise.
const { existsSync, readdirSync } = require('node:fs');
const { join } = require('node:path');
const z = require('zod/mini');
const { descriptions } = require('./descriptions.cjs');

/** How long a run may take. Shorter than the schedule's interval, so that runs that wait for Duo do not pile up. */
const timeoutSeconds = 280;

/** CloudWatch allows no alarm a period of more than a day; the longest is three intervals. */
const longestIntervalSeconds = 8 * 3600;

const text = (pattern, expected) => z.string(expected).check(z.regex(pattern, expected));
const wholeNumber = (least, most) => {
  const expected = `must be a whole number from ${least} to ${most}`;
  return z.int(expected).check(z.gte(least, expected), z.lte(most, expected));
};
const oneOf = (values) => z.literal(values, `must be one of ${values.join(', ')}`);
const arn = (pattern, example) =>
  text(new RegExp(`^arn:aws[a-z-]*:${pattern}$`), `must be an ARN like ${example}`);
const kmsKeyArn = arn('kms:[a-z0-9-]+:\\d{12}:key/[\\w-]+', 'arn:aws:kms:eu-west-1:123456789012:key/<id>');

/** The ids of parts of a network, of which Lambda takes so many for a function. */
const networkIds = (kind, most) => {
  const expected = `must be 1 to ${most} ids like ${kind}-0123456789abcdef0`;
  const id = text(
    new RegExp(`^${kind}-([0-9a-f]{8}|[0-9a-f]{17})$`),
    `must be like ${kind}-0123456789abcdef0`,
  );
  return z.array(id, expected).check(z.minLength(1, expected), z.maxLength(most, expected));
};

/** What a stage says for all log types, and may say otherwise for one. */
const perLogType = {
  schedule: text(
    /^rate\((1 (minute|hour)|([2-9]|[1-9]\d+) (minutes|hours))\)$/,
    'must be like rate(5 minutes)',
  ).check(
    z.refine(
      (schedule) =>
        intervalSeconds(schedule) > timeoutSeconds && intervalSeconds(schedule) <= longestIntervalSeconds,
      `must be from rate(5 minutes), because a run may take ${timeoutSeconds} seconds, to rate(8 hours)`,
    ),
  ),
  lookbackHours: wholeNumber(1, 179 * 24),
  overlapSeconds: wholeNumber(60, 86_400),
  memoryMb: wholeNumber(128, 10_240),
  reconcile: z.boolean('must be true or false'),
  logLevel: oneOf(['DEBUG', 'INFO', 'WARN', 'ERROR']),
};

/** What was a setting once, and what to do without it. */
const goneKeys = {
  backfill: 'is no longer a setting, and duo backfill does not need one: remove this line',
};

/** Whether a reader may delete what it has read. */
const deletes = z._default(z.boolean('must be true or false'), false);

const readers = {
  none: z.strictObject({ kind: z.literal('none') }),
  user: z.strictObject({ kind: z.literal('user'), deletes }),
  role: z.strictObject({
    kind: z.literal('role'),
    deletes,
    issuer: z._default(
      // As IAM has it in a provider's ARN: with the port and the last slash of the issuer's URL, if it has them.
      text(/^[\w.-]+(:\d{1,5})?(\/[\w./-]*)?$/, 'must be a host like accounts.google.com, without https://'),
      'accounts.google.com',
    ),
    subject: text(
      /^[\w.:/@|-]+$/,
      'must be the id that the token is issued for, in quotes if it is a number',
    ),
    audience: z.optional(
      text(/^[\w.:/@|-]+$/, 'must be the audience of the token, in quotes if it is a number'),
    ),
  }),
};

const required = {
  ...perLogType,
  reader: z.discriminatedUnion('kind', Object.values(readers)),
  newObjects: z.boolean('must be true or false'),
  accounts: z.boolean('must be true or false'),
  lake: z.boolean('must be true or false'),
  functionLogRetentionDays: oneOf([
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
  ]),
};

const tagText = (least, most) =>
  text(
    new RegExp(`^(?!aws:)[\\p{L}\\p{N} +=.:/@_-]{${least},${most}}$`, 'iu'),
    `must be a text of up to ${most} letters, digits, spaces and + - = . _ : / @, in quotes if it is a number`,
  );

/** IAM takes two such names for one and refuses them: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html */
const differInMoreThanCase = z.check(({ value, issues }) => {
  const names = Object.keys(value);
  names.forEach((name, n) => {
    const same = names.slice(0, n).find((other) => other.toLowerCase() === name.toLowerCase());
    if (same === undefined) return;
    const message = `differs from ${same} only in case, which IAM refuses`;
    issues.push({ code: 'custom', path: [name], message, input: value });
  });
});

const services = join(__dirname, '../services');

/** As their folders are spelled, also where the disk takes another spelling for the same. */
const logTypes = readdirSync(services).filter((name) => existsSync(join(services, name, 'src/log-type.ts')));

const schema = z.partial(
  z.strictObject(
    mapValues(
      {
        ...required,
        bucket: text(
          /^(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
          'must be the name of a bucket: 3 to 63 of a-z, 0-9, "-" and "."',
        ),
        bucketAccountId: text(/^\d{12}$/, 'must be the 12 digits of an AWS account, in quotes'),
        kmsKeyArn,
        credentialsKmsKeyArn: kmsKeyArn,
        retentionDays: wholeNumber(1, 36_500),
        alarmEmail: z.email('must be an e-mail address'),
        permissionsBoundaryArn: arn(
          'iam::(\\d{12}|aws):policy/[\\w+=,.@/-]+',
          'arn:aws:iam::123456789012:policy/<name>',
        ),
        vpc: z.strictObject(
          { subnetIds: networkIds('subnet', 16), securityGroupIds: networkIds('sg', 5) },
          'must be { subnetIds: [...], securityGroupIds: [...] }',
        ),
        tags: z
          .record(tagText(1, 128), tagText(0, 256), 'must be names and texts')
          .check(differInMoreThanCase),
        logTypes: z.record(
          z
            .string()
            .check(
              z.refine((name) => logTypes.includes(name), 'is not a log type: services/ has no such folder'),
            ),
          z.partial(z.strictObject(perLogType, 'must be settings and their values')),
          'must be names of log types and their settings',
        ),
      },
      (value, key) => z.nullable(value).check(z.describe(descriptions[key].says)),
    ),
    'must be names of settings and their values',
  ),
);

function intervalSeconds(schedule) {
  const [, number, unit] = /(\d+) (minute|hour)/.exec(schedule) ?? [];
  return Number(number) * (unit === 'hour' ? 3600 : 60);
}

function mapValues(record, change) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}

module.exports = {
  schema,
  readerKinds: Object.keys(readers),
  requiredKeys: Object.keys(required),
  keys: Object.keys(schema.def.shape),
  keysPerLogType: Object.keys(perLogType),
  goneKeys,
  logTypes,
  timeoutSeconds,
  intervalSeconds,
};
