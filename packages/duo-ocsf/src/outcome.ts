import type { Found } from './found';

/** How something ended, as OCSF has it: its own word for it is `status_code`. */
export interface Outcome {
  readonly severity_id: 1 | 2 | 4;
  readonly status_code: Found<string> | undefined;
  readonly status_id: 0 | 1 | 2;
}

/** The outcome by Duo's word: `success`, in any case, or another; fraud is of severity 4 (high), another failure of 2 (low). */
export function outcome(result: Found<string> | undefined): Outcome {
  const word = result?.value.toLowerCase();
  if (word === undefined) return { severity_id: 1, status_code: result, status_id: 0 };
  if (word === 'success') return { severity_id: 1, status_code: result, status_id: 1 };
  return { severity_id: word === 'fraud' ? 4 : 2, status_code: result, status_id: 2 };
}
