import * as z from 'zod/mini';

const ms = z.int().check(z.minimum(1_262_304_000_000)); // 2010: a time in seconds would be smaller

const schema = z.object({
  last_offset: z.nullish(z.union([z.literal(''), z.string().check(z.regex(/^\d{13},.+$/))])),
  last_timestamp_ms: z.nullish(ms),
});

/**
 * The time (ms) of the last record that Google's function has surely stored, and every earlier one with it, by its
 * `state.json`; `now` is in ms. Throws an error that says what is wrong with a state that does not tell.
 *
 * It saves only after it has stored. `last_timestamp_ms` is its last record's time and 1 ms, less what `float` has lost.
 * `last_offset` is the cursor of its last page, while the end was not reached; `last_timestamp_ms` is of an earlier end
 * then. Since it sends the cursor without `sort`, the pages after its first may have come newest first: what it has not
 * stored is later than either, so the later of the two it is.
 */
export function storedThrough(state: string, now: number): number {
  const { last_offset: offset, last_timestamp_ms: timestamp } = parse(state);
  const times = [...(offset ? [Number(offset.split(',')[0])] : []), ...(timestamp ? [timestamp - 1] : [])];
  if (times.length === 0) {
    throw new Error(
      'it has neither last_offset nor last_timestamp_ms: the function never noted how far it got, and each run began 24 hours back. Deploy without an import: the collector also begins 24 hours back (LOOKBACK_HOURS), and stores again what the function stored in that time',
    );
  }
  const last = Math.max(...times);
  if (last > now) {
    throw new Error(
      `it says ${new Date(last).toISOString()}, which is in the future. Compare this machine's clock`,
    );
  }
  return last;
}

function parse(state: string): z.infer<typeof schema> {
  let json: unknown;
  try {
    json = JSON.parse(state);
  } catch {
    throw new Error(state === '' ? 'it is empty' : 'it is not JSON, or cut off');
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.map(({ path }) => path.join('.') || 'the whole');
  throw new Error(
    `${[...new Set(places)].join(' and ')} is not what Google's function writes: {"last_offset":"<13 digits>,<id>" or null,"last_timestamp_ms":<13 digits>}`,
  );
}
