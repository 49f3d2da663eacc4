import * as z from 'zod/mini';
import { count, day, logType, text, time, timeInMs } from '../../json/fields';

const span = z.tuple([timeInMs('from'), timeInMs('to, included')]);

const outbox = {
  key: text("the object's key below the store"),
};

/** What `checkpoint show` prints with `--json`, and with `--raw`. */
export const checkpointShowJson = z.strictObject({
  logType,
  live: z
    .nullable(
      z.strictObject({
        version: z.literal(2).check(z.describe("the version of the checkpoint's format")),
        logType,
        by: text('which save this is: <run>/<number>'),
        source: z
          .nullable(z.string())
          .check(z.describe('the account: its API host; null until Duo has answered')),
        since: timeInMs('where the live log begins'),
        watermark: timeInMs('up to here everything is stored, or in the outbox'),
        reach: timeInMs('no window begins before it'),
        window: z
          .nullable(
            z.strictObject({
              from: timeInMs('its beginning'),
              to: timeInMs('its end, included'),
              cursor: z
                .nullable(z.string())
                .check(z.describe("Duo's mark for the next page; null before the first")),
              pages: count('pages of it that were read'),
              read: count('records that were met in it'),
            }),
          )
          .check(z.describe('the span that is being read; null between two')),
        seen: z
          .union([
            count('how many records are remembered'),
            z
              .record(z.string(), z.tuple([timeInMs('when'), count('the most copies on one page')]))
              .check(z.describe('with --raw: the records that are remembered, by their identity')),
          ])
          .check(z.describe('what keeps a record that Duo shows again from being stored again')),
        outbox: z
          .nullable(
            z.union([
              z.strictObject({ ...outbox, bytes: count('its size (bytes of gzip)') }),
              z.strictObject({ ...outbox, body: text('with --raw: its bytes of gzip, in base64') }),
            ]),
          )
          .check(z.describe('the object that is decided on and may not have been put yet')),
        short: count('windows in a row that ended before Duo had shown all records that it said there are'),
        ledger: z
          .record(day('a day'), count('its records'))
          .check(z.describe('how many records of each of the last 180 days were decided on')),
        gaps: z.array(span).check(z.describe('spans that Duo no longer had, or that were skipped')),
      }),
    )
    .check(z.describe('the checkpoint of the scheduled runs; null if they have saved none')),
});

const backup = z
  .nullable(z.string())
  .check(z.describe('where the old checkpoint is kept; null where there was none'));

/** What `checkpoint set --json` prints: `from` and `to` are moments with `--watermark`, API hosts with `--source`. */
export const checkpointSetJson = z.union([
  z
    .strictObject({
      logType,
      from: time('the watermark until now'),
      to: time('the watermark from now on'),
      backup,
    })
    .check(z.describe('with --watermark')),
  z
    .strictObject({
      logType,
      from: z.nullable(z.string()).check(z.describe('the API host until now; null if none was known')),
      to: text('the API host from now on'),
      days: count('days whose state belongs to the new host now'),
      backup,
    })
    .check(z.describe('with --source')),
]);

/** What `checkpoint reset --json` prints. */
export const checkpointResetJson = z.strictObject({
  logType,
  watermark: time('where the log goes on'),
  backup,
});

/** What `checkpoint import --json` prints. */
export const checkpointImportJson = z.strictObject({
  logType,
  checkpoint: text('the checkpoint that was written: its URL'),
  watermark: time("the function's last record: up to there its work counts"),
  since: time('where the collector begins to read'),
  objects: z
    .nullable(count('objects of the function'))
    .check(
      z.describe("how many of the function's objects show which records it stored; null with --no-objects"),
    ),
});

/** See `checkpointShowJson`. */
export type CheckpointShowJson = z.infer<typeof checkpointShowJson>;

/** See `checkpointSetJson`. */
export type CheckpointSetJson = z.infer<typeof checkpointSetJson>;

/** See `checkpointResetJson`. */
export type CheckpointResetJson = z.infer<typeof checkpointResetJson>;

/** See `checkpointImportJson`. */
export type CheckpointImportJson = z.infer<typeof checkpointImportJson>;
