import type { Checkpoint, LogType } from 'duo-core';
import { plural } from '../../../operator/words';
import { countedToday, type LastDay } from '../../../store/last-day';
import { type Check, check, Unknown } from '../check';

/**
 * Checks that of the UTC day that it is, which no reconciliation has looked at yet, as many records are stored as the checkpoint has
 * counted (its ledger). `live` was read before `lastDay`: what a run stores in between is too much, never too little. `now` in ms.
 */
export async function checkToday(
  { name }: LogType,
  live: Checkpoint | null,
  lastDay: Promise<LastDay>,
  isReconciled: boolean,
  verify: string,
  now: number,
): Promise<Check> {
  return check(name, 'today', async () => {
    if (live === null) throw new Unknown('no checkpoint says how many records were stored');
    const { today, unread } = await lastDay.catch(() => {
      throw new Unknown('see above');
    });
    const counted = countedToday(live, now);
    if (today === counted)
      return counted === 0 ? 'nothing yet' : `all of ${plural(counted, 'record')} counted`;
    if (today > counted)
      throw new Unknown(
        `${plural(today, 'record')} stored, and the checkpoint has counted ${counted.toLocaleString('en')}: it was replaced today, or a run is storing more`,
      );
    if (unread > 0) throw new Unknown('not all of it was read');
    if (live.outbox !== null) throw new Unknown('a run is about to store the last of it: look again');
    const gone = `${today.toLocaleString('en')} of the ${plural(counted, 'record')} that were stored are there: the others were deleted.`;
    // Where days are reconciled, no reader deletes what it has read: the settings do not allow both.
    throw isReconciled
      ? new Error(`${gone} Put the earlier versions of the objects back. To see which records: ${verify}`)
      : new Unknown(`${gone} A reader that deletes what it reads does that. To see which records: ${verify}`);
  });
}
