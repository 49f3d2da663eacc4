import { CANCEL_SYMBOL, select, text } from '@clack/prompts';
import type { Paging, TimeField } from 'duo-core';
import { defaultsOf, type Flags } from './flags';

/**
 * Asks in the terminal for what is not given. `check` throws for flags that cannot be: a name or a flag is refused before
 * the first question, an answer when it is given.
 */
export async function ask(name: string, given: Flags, check: (flags: Flags) => void): Promise<Flags> {
  check({ ...standIns(given), ...given });
  const flags = { ...given };
  const askFor = (
    flag: 'path' | 'records' | 'time' | 'limit' | 'id',
    message: string,
    initialValue: string,
  ) =>
    answer(
      text({
        message,
        initialValue,
        validate(value = '') {
          try {
            check({ ...standIns(flags), ...flags, [flag]: flag === 'limit' ? Number(value) : value });
          } catch (error) {
            return error instanceof Error ? error : String(error);
          }
        },
      }),
    );
  flags.path ??= await askFor('path', "The endpoint's path:", '/admin/');
  const style = flags.style ?? (await askForStyle());
  flags.style = style;
  const defaults = defaultsOf(name, style);
  if (style !== 'time') {
    flags.records ??= await askFor('records', 'The property of "response" that holds the records:', 'items');
  }
  flags.time ??= await askFor('time', 'The field of a record that says when it happened:', '');
  flags.unit ??= await askForUnit(defaults.unit);
  flags.limit ??= Number(await askFor('limit', 'The most records on a page:', String(defaults.limit)));
  if (style !== 'time') {
    flags.id ??= await askFor('id', 'The field that makes a record unique:', defaults.id ?? '');
  }
  return flags;
}

/** Flags that fit any log, in place of the answers that are still to come. */
function standIns({ style }: Flags): Flags {
  const common: Flags = { path: '/admin/not-answered-yet', time: 'not_answered_yet' };
  return style === 'time' ? common : { ...common, style: 'cursor', records: 'items' };
}

function askForStyle(): Promise<Paging['style']> {
  return answer(
    select<Paging['style']>({
      message: 'Which parameter leads to the next page?',
      options: [
        { value: 'cursor', label: 'cursor', hint: '"next_offset", sent back as it came: the v2 logs' },
        { value: 'offset', label: 'offset', hint: '"offset", the number of records before the page' },
        { value: 'time', label: 'time', hint: 'only "mintime", in seconds: the v1 logs' },
      ],
    }),
  );
}

function askForUnit(initialValue: TimeField['unit']): Promise<TimeField['unit']> {
  return answer(
    select<TimeField['unit']>({
      message: 'What does it hold?',
      initialValue,
      options: [
        { value: 'iso', label: 'iso', hint: 'a text like "2026-01-15T08:12:09.466370+00:00"' },
        { value: 's', label: 's', hint: 'seconds, like 1768464729' },
        { value: 'ms', label: 'ms', hint: 'milliseconds, like 1768464729466' },
      ],
    }),
  );
}

async function answer<T>(question: Promise<T | typeof CANCEL_SYMBOL>): Promise<T> {
  const given = await question;
  if (given === CANCEL_SYMBOL) throw new Error('Nothing was written.');
  return given;
}
