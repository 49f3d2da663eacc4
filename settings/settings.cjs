// The settings of a stage, settings/<stage>.yml over settings/default.yml, as the YAML of the services reads them. Throws
// before anything is created, naming the file and the key, so that no slip of the pen stops a deployment half way.
const { existsSync, readdirSync, readFileSync } = require('node:fs');
const { join, relative, resolve } = require('node:path');
const { closest, distance } = require('fastest-levenshtein');
const { parseDocument } = require('yaml');
const z = require('zod/mini');

const root = join(__dirname, '..');

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
  logLevel: oneOf(['DEBUG', 'INFO', 'WARN', 'ERROR']),
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
      text(/^[\w.-]+(\/[\w./-]+)?$/, 'must be a host like accounts.google.com, without https://'),
      'accounts.google.com',
    ),
    subject: text(/^[\w.:/@|-]+$/, 'must be whom the token is issued for, in quotes if it is a number'),
    audience: z.optional(
      text(/^[\w.:/@|-]+$/, 'must be the audience of the token, in quotes if it is a number'),
    ),
  }),
};

const required = {
  ...perLogType,
  reader: z.discriminatedUnion('kind', Object.values(readers)),
  newObjects: z.boolean('must be true or false'),
  backfill: z.boolean('must be true or false'),
  functionLogRetentionDays: oneOf([
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
  ]),
};

const tagText = (least, most) =>
  text(
    new RegExp(`^(?!aws:)[\\p{L}\\p{N} +=.:/@_-]{${least},${most}}$`, 'iu'),
    `must be a text of up to ${most} letters, digits, spaces and + - = . _ : / @, in quotes if it is a number`,
  );

const schema = z.partial(
  z.strictObject(
    mapValues(
      {
        ...required,
        bucket: text(
          /^(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
          'must be the name of a bucket: 3 to 63 of a-z, 0-9, "-" and "."',
        ),
        kmsKeyArn,
        credentialsKmsKeyArn: kmsKeyArn,
        retentionDays: wholeNumber(1, 36_500),
        alarmEmail: z.email('must be an e-mail address'),
        permissionsBoundaryArn: arn(
          'iam::(\\d{12}|aws):policy/[\\w+=,.@/-]+',
          'arn:aws:iam::123456789012:policy/<name>',
        ),
        tags: z.record(tagText(1, 128), tagText(0, 256), 'must be names and texts'),
        logTypes: z.record(
          z
            .string()
            .check(
              z.refine(
                (name) => existsSync(join(root, 'services', name, 'src')),
                'is not a log type: services/ has no such folder',
              ),
            ),
          z.partial(z.strictObject(perLogType, 'must be settings and their values')),
          'must be names of log types and their settings',
        ),
      },
      z.nullable,
    ),
    'must be names of settings and their values',
  ),
);

/** The framework calls this for `${file(../../settings/settings.cjs)}`. */
module.exports = async ({ resolveVariable, resolveConfigurationProperty }) => {
  const stage = await resolveVariable('sls:stage');
  if (stage === 'local' && process.argv.includes('deploy')) {
    throw refusal('the stage "local" is this machine: deploy another one, like --stage dev');
  }
  return readSettings(stage, await resolveConfigurationProperty(['service']));
};

/** The keys that a settings file may have. */
module.exports.keys = Object.keys(schema.def.shape);

/** The settings of one service at a stage, and what its template needs that follows from them. */
function readSettings(stage, service) {
  checkStage(stage);
  const defaultFile = join(__dirname, 'default.yml');
  // Whoever keeps the settings of the stages apart from the code says where.
  const stageFile = resolve(process.env.SETTINGS_FOLDER || __dirname, `${stage}.yml`);
  const defaults = readFile(defaultFile);
  const own = existsSync(stageFile) ? readFile(stageFile) : {};
  const fileOf = (key) => (key in own ? stageFile : defaultFile);

  const { logTypes, ...settings } = Object.fromEntries(
    Object.entries({ ...defaults, ...own }).filter(([, value]) => value !== null),
  );
  for (const key of Object.keys(required)) {
    if (settings[key] === undefined) throw refusal(`${name(fileOf(key))}: ${key}: must have a value`);
  }
  if (settings.bucket !== undefined && settings.retentionDays !== undefined) {
    throw refusal(
      `${name(fileOf('retentionDays'))}: retentionDays: cannot be set for a bucket of your own (${settings.bucket}): set the bucket's lifecycle instead`,
    );
  }
  return withDerived({ ...settings, ...logTypes?.[service.replace('duo-', '')] }, stage);
}

function withDerived(settings, stage) {
  const { bucket, kmsKeyArn, credentialsKmsKeyArn, reader, newObjects, backfill } = settings;
  const hasBoundary = settings.permissionsBoundaryArn !== undefined;
  const interval = intervalSeconds(settings.schedule);
  const hasReader = reader.kind !== 'none';
  return {
    ...settings,
    tags: settings.tags ?? {},
    timeoutSeconds,
    // Several runs, so that one that fails or is late sets off nothing.
    alarmPeriodSeconds: 3 * interval,
    silenceSeconds: Math.max(3600, 3 * interval),
    bucketName: bucket ?? { Ref: 'Bucket' },
    bucketArn:
      bucket === undefined
        ? { 'Fn::GetAtt': ['Bucket', 'Arn'] }
        : { 'Fn::Sub': `arn:\${AWS::Partition}:s3:::${bucket}` },
    // CloudFormation names a new bucket after the stack and the resource.
    bucketPattern: bucket ?? `duo-storage-${stage}-bucket-*`,
    readerTrust: reader.kind === 'role' ? trustOf(reader) : null,
    // The parts of the templates that are there or not.
    parts: {
      bucket: bucket === undefined ? 'bucket' : 'none',
      bucketKey: bucket === undefined && kmsKeyArn !== undefined ? 'bucket-key' : 'none',
      keyOutput: kmsKeyArn === undefined ? 'none' : 'key-output',
      retention: settings.retentionDays === undefined ? 'none' : 'retention',
      reader: hasReader ? `reader-${reader.kind}` : 'none',
      readerPolicy: hasReader ? 'reader-policy' : 'none',
      readerDelete: hasReader && reader.deletes ? 'reader-delete' : 'none',
      readerKey: hasReader && kmsKeyArn !== undefined ? 'reader-key' : 'none',
      alarmEmail: settings.alarmEmail === undefined ? 'none' : 'alarm-email',
      newObjects: newObjects ? 'new-objects' : 'none',
      bucketNotifications: newObjects && bucket === undefined ? 'bucket-notifications' : 'none',
      newObjectsReader: newObjects && hasReader ? 'new-objects-reader' : 'none',
      writerKey: kmsKeyArn === undefined ? 'none' : 'writer-key',
      credentialsKey: credentialsKmsKeyArn === undefined ? 'none' : 'credentials-key',
      permissionsBoundary: hasBoundary ? 'permissions-boundary' : 'none',
      readerBoundary: hasReader && hasBoundary ? 'reader-boundary' : 'none',
      backfill: backfill ? 'backfill' : 'none',
      backfillBoundary: backfill && hasBoundary ? 'backfill-boundary' : 'none',
    },
  };
}

/** Who may take on the reader's role. Here, because YAML cannot compute the name of a key. */
function trustOf({ issuer, subject, audience }) {
  return {
    // Google's tokens are known to every account; other issuers have to be made known to it first.
    Principal: {
      Federated:
        issuer === 'accounts.google.com'
          ? issuer
          : { 'Fn::Sub': `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:oidc-provider/${issuer}` },
    },
    Condition: {
      StringEquals: {
        [`${issuer}:sub`]: subject,
        ...(audience !== undefined && { [`${issuer}:aud`]: audience }),
      },
    },
  };
}

/** Stacks, functions and the bucket are named after the stage. */
function checkStage(stage) {
  if (!/^[a-z](-?[a-z0-9])*$/.test(stage) || stage.length > 28 || stage === 'default') {
    throw refusal(
      `the stage "${stage}" makes no bucket name: it must be up to 28 of a-z, 0-9 and "-", begin with a letter, and not be "default"`,
    );
  }
  for (const logType of readdirSync(join(root, 'services'))) {
    const functionName = `duo-${logType}-${stage}-collect`;
    if (functionName.length > 64) {
      throw refusal(
        `the stage "${stage}" is too long: AWS takes no function name of more than 64 characters, like ${functionName}`,
      );
    }
  }
}

function readFile(file) {
  const document = parseDocument(readFileSync(file, 'utf8'));
  const [error] = document.errors;
  if (error !== undefined) throw refusal(`${name(file)}: ${error.message}`);
  const result = schema.safeParse(document.toJS() ?? {});
  if (result.success) return result.data;
  throw refusal(
    result.error.issues
      .flatMap(problems)
      .map((one) => `${name(file)}: ${one}`)
      .join('\n'),
  );
}

function problems({ code, path, message, keys, issues }) {
  if (code === 'unrecognized_keys') {
    const known = { 0: module.exports.keys, 2: Object.keys(perLogType) }[path.length] ?? [];
    return keys.map((key) => `${[...path, key].join('.')}: is not a setting${meant(key, known)}`);
  }
  if (code === 'invalid_key') {
    const known = path[0] === 'logTypes' ? readdirSync(join(root, 'services')) : [];
    return issues.map((issue) => `${path.join('.')}: ${issue.message}${meant(path.at(-1), known)}`);
  }
  if (code === 'invalid_union')
    return [`${path.join('.')}: must be one of ${Object.keys(readers).join(', ')}`];
  return [`${path.join('.') || 'it'}: ${message}`];
}

/** The name that was mistyped, if it looks like one. */
function meant(typed, known) {
  const near = known.length === 0 ? '' : closest(typed, known);
  return distance(typed, near) <= 3 && near !== '' ? `. Did you mean ${near}?` : '';
}

function intervalSeconds(schedule) {
  const [, number, unit] = /(\d+) (minute|hour)/.exec(schedule) ?? [];
  return Number(number) * (unit === 'hour' ? 3600 : 60);
}

function name(file) {
  const path = relative(root, file);
  return path.startsWith('..') ? file : path;
}

/**
 * The framework prints an error's stack, which says nothing here, and without one its message, behind words of its own:
 * so it begins on a new line.
 */
function refusal(message) {
  return Object.assign(new Error(`\n${message}`), { stack: undefined });
}

function mapValues(record, change) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
