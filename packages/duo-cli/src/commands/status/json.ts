import * as z from 'zod/mini';
import { count, day, logType, text, time } from '../../json/fields';
import { type LogStatus, leftBy } from './of-log';

/** What `status --json` prints; with `--watch` one a line, again and again. */
export const statusJson = z.array(
  z.strictObject({
    account: z.optional(text('the account; left out where it is the own one of a stage or store')),
    logType,
    deployed: z
      .nullable(z.boolean())
      .check(z.describe('whether the stage has a stack of it; null where a store alone was named')),
    watermark: z
      .nullable(time('a moment'))
      .check(z.describe('everything up to this time is stored; null without a readable checkpoint')),
    behindSeconds: z.nullable(count('now minus the watermark (s)')),
    window: z
      .nullable(
        z.strictObject({
          from: time('its beginning'),
          to: time('its end, included'),
          pages: count('pages that were read of it'),
          progress: z
            .nullable(z.number().check(z.minimum(0), z.maximum(1)))
            .check(z.describe('how much of it is read, from 0 to 1; null where a log promises no order')),
        }),
      )
      .check(z.describe('the span that is being read; null between two')),
    lastDay: z
      .nullable(
        z.strictObject({
          records: count('records, by their own times; at least so many where unread is not 0'),
          hours: z
            .array(z.nullable(count('records')))
            .check(
              z.minLength(24),
              z.maxLength(24),
              z.describe(
                'the same of each of those hours, the oldest first, the last one ending now; null where an object that was not read may hold some',
              ),
            ),
          objects: count('the objects that they are in'),
          unread: count('objects that were not read: they are too many, or may not be read'),
        }),
      )
      .check(z.describe('what the store has of the last 24 hours; null where problem says why')),
    compared: z
      .nullable(day('a day'))
      .check(
        z.describe('the last day that was compared with Duo; null if none was, or it was not looked at'),
      ),
    due: z
      .nullable(count('days'))
      .check(z.describe('how many days are to be compared now; null where that is not known')),
    gaps: z
      .array(z.strictObject({ from: time('from'), to: time('to, included') }))
      .check(
        z.describe(
          'spans that Duo no longer had, or that were skipped, and in which some day was not compared with Duo yet',
        ),
      ),
    lastRun: z
      .nullable(z.enum(['caught-up', 'more', 'cut-off']))
      .check(
        z.describe(
          'how the last run that saved has left the log; more: in the middle of a window; cut-off: before its last object was surely stored',
        ),
      ),
    savedAt: z
      .nullable(time('a moment'))
      .check(z.describe('when a run last saved its progress; null if none has')),
    problem: z
      .nullable(text('what cannot be read, and why'))
      .check(z.describe('what cannot be read, and why: exit code 1; null where all can')),
  }),
);

/** The status of a log, for other programs. */
export function statusOf(status: LogStatus, now: number): z.infer<typeof statusJson>[number] {
  const { logType, deployed, savedAt, checkpoint, days, progress, lastDay, problem } = status;
  return {
    logType,
    deployed,
    watermark: checkpoint && iso(checkpoint.watermark),
    behindSeconds: checkpoint && Math.max(0, Math.round((now - checkpoint.watermark) / 1000)),
    window: checkpoint?.window
      ? {
          from: iso(checkpoint.window.from),
          to: iso(checkpoint.window.to),
          pages: checkpoint.window.pages,
          progress,
        }
      : null,
    lastDay: lastDay && {
      records: lastDay.records,
      hours: [...lastDay.hours],
      objects: lastDay.objects,
      unread: lastDay.unread,
    },
    compared: days?.compared ?? null,
    due: days?.due ?? null,
    gaps: days?.gaps.map(([from, to]) => ({ from: iso(from), to: iso(to) })) ?? [],
    lastRun: leftBy(checkpoint),
    savedAt: savedAt === null ? null : iso(savedAt),
    problem,
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
