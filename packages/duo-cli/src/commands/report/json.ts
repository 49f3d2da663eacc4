import * as z from 'zod/mini';
import { count, day, logType, text, time } from '../../json/fields';

/** What can be said of a day of a log, by its last receipt, the checkpoint and the names of objects. */
export const states = [
  'complete',
  'repaired',
  'empty',
  'waiting',
  'gap',
  'deleted',
  'differs',
  'unknown',
] as const;

/** One of them. */
export type State = (typeof states)[number];

const span = { from: time('its beginning'), to: time('its end, included') };

/** What is known of a day. A count that may be left out is 0 then. */
const dayJson = z.strictObject({
  day: day('the day'),
  state: z
    .enum(states)
    .check(
      z.describe(
        'complete: all that Duo shows is stored; repaired: so it is, but a comparison had to store some of it; empty: Duo shows nothing, and nothing is stored; waiting: not compared with Duo yet; gap: scheduled runs have left out a part of it, and it was not compared with Duo since; deleted: records were stored once and are gone; differs: something is doubled, changed or astray; unknown: its receipt or the checkpoint cannot be read',
      ),
    ),
  why: z
    .optional(z.enum(['open', 'closed', 'beginning', 'past']))
    .check(
      z.describe(
        'why it was not compared. open: the log may still store records of it; closed: it will be, a day after its end or soon; beginning: the log begins in it or later, so that it is compared only when somebody asks; past: Duo no longer has all of it',
      ),
    ),
  records: z
    .nullable(count('records'))
    .check(z.describe('records that are dated in it and stored; null where nobody has counted them')),
  by: z
    .nullable(z.enum(['receipt', 'ledger']))
    .check(
      z.describe(
        'how they were counted. receipt: in the store, when the day was compared with Duo; ledger: by the scheduled runs, as they decided on them',
      ),
    ),
  compared: z
    .optional(time('a moment'))
    .check(z.describe('when its last comparison with Duo began; left out where there was none')),
  shown: z.optional(count('records that Duo showed of it then')),
  late: z
    .optional(
      z.array(
        z.strictObject({
          at: time('when the comparison began'),
          records: count('how many records it has stored'),
        }),
      ),
    )
    .check(z.describe('the comparisons that have stored what was missing, which came late or was skipped')),
  changed: z.optional(count('records that were stored with another text than Duo showed')),
  doubled: z.optional(count('copies of records that were stored more often than Duo showed them')),
  astray: z.optional(count('records that Duo showed without a time of the day, and that were not stored')),
  deleted: z.optional(count('records that had been stored once and were gone')),
  objects: z.optional(count('objects in the folder of the day, by their names')),
  bytes: z.optional(count('what they take (bytes)')),
});

const logJson = z.strictObject({
  account: z.optional(text('the account; left out where it is the own one of a stage or store')),
  logType,
  since: z
    .nullable(time('a moment'))
    .check(z.describe('where it begins; null without a readable checkpoint')),
  watermark: z
    .nullable(time('a moment'))
    .check(z.describe('everything up to this time is stored; null without a readable checkpoint')),
  gaps: z
    .array(
      z.strictObject({
        ...span,
        compared: z.boolean().check(z.describe('whether all its days were compared with Duo since')),
      }),
    )
    .check(z.describe('spans of these days that scheduled runs have left out')),
  days: z.array(dayJson).check(z.describe('the oldest first; days of which nothing is known are left out')),
  problems: z
    .array(text('what cannot be read, and why'))
    .check(z.describe('what cannot be read, and why: exit code 1')),
});

const findingJson = z.strictObject({
  account: z.optional(text('the account; left out where it is the own one of a stage or store')),
  logType,
  day: z.nullable(day('a day')).check(z.describe('the day that it is about; null where its name says none')),
  key: text('the object, receipt or checkpoint that is not true, as the store names it'),
  problem: text('what is wrong with it'),
});

/** What `report --json` prints, and the page has in it. */
export const reportJson = z.strictObject({
  store: text('the bucket and its prefix, or the name of the directory'),
  stage: z.nullable(text('the stage')).check(z.describe('the stage; null where a store alone was named')),
  at: time('when it was made'),
  from: day('the first day'),
  to: day('the last day'),
  logs: z.array(logJson).check(z.describe('by account and name')),
  without: z
    .array(text('an account'))
    .check(z.describe('accounts that are known, and of which nothing is stored')),
  check: z
    .nullable(
      z.strictObject({
        objects: count('objects that were read'),
        bytes: count('what they take (bytes)'),
        receipts: count('days whose last receipt was compared with what is stored'),
        ledgers: count('days without one whose ledger was'),
        findings: z.array(findingJson).check(z.describe('what does not hold: exit code 1')),
      }),
    )
    .check(z.describe('what --check has found; null without it')),
});

/** See `reportJson`. */
export type ReportJson = z.infer<typeof reportJson>;

/** One log in it. */
export type LogJson = ReportJson['logs'][number];

/** One day of it. */
export type DayJson = LogJson['days'][number];

/** What a check has found, and one thing of it. */
export type CheckJson = NonNullable<ReportJson['check']>;
export type Finding = CheckJson['findings'][number];
