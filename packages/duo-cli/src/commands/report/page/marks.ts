import type { DayJson, State } from '../json';

/** How a state of a day is shown. */
export interface Mark {
  /** A letter or sign, since not everybody sees, or prints, the colours. */
  readonly sign: string;
  /** What it is called. */
  readonly name: string;
  /** What it means, as a sentence without its full stop. */
  readonly meaning: string;
}

/** All of them, in the order of the legend. */
export const marks: Readonly<Record<State, Mark>> = {
  complete: {
    sign: '✓',
    name: 'complete',
    meaning: 'Compared with Duo: every record that Duo showed was stored',
  },
  repaired: {
    sign: 'R',
    name: 'repaired later',
    meaning: 'Complete as well; a comparison had to store some records, which came late or were skipped',
  },
  empty: { sign: '0', name: 'nothing logged', meaning: 'Compared with Duo: it showed no record of the day' },
  waiting: {
    sign: '…',
    name: 'not reconciled yet',
    meaning: 'Not compared with Duo yet: nobody can say that it is complete',
  },
  gap: {
    sign: 'G',
    name: 'gap',
    meaning: 'Scheduled runs have left out a part of it, and it was not compared with Duo since',
  },
  deleted: {
    sign: 'D',
    name: 'deleted',
    meaning: 'Records were stored once and are gone; nothing of such a day is stored again by itself',
  },
  differs: {
    sign: '!',
    name: 'differs',
    meaning:
      'Something is doubled, was changed at Duo or is astray; or --check has found other records stored',
  },
  unknown: {
    sign: '?',
    name: 'unknown',
    meaning: 'Its receipt or the checkpoint cannot be read',
  },
};

/** Those that somebody should look at. */
export const toLookAt: readonly State[] = ['gap', 'deleted', 'differs', 'unknown'];

/** Why a day was not compared with Duo, in a few words. */
export const reasons: Readonly<Record<NonNullable<DayJson['why']>, string>> = {
  open: 'the log may still store records of it',
  closed: 'it is to be compared',
  beginning: 'the log begins in it or later: it is compared only when somebody asks',
  past: 'Duo no longer has all of it',
};
