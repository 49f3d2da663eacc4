import type { World } from '../operator/world';
import type { Progress } from './progress';

/** Thrown where work stops because Ctrl-C was pressed. */
export class Interrupted extends Error {}

/** From now on Ctrl-C is noted, and said; what this returns throws once it was pressed. A second one ends the process. */
export function interruptible({ onInterrupt }: World, progress: Progress): () => void {
  let isInterrupted = false;
  onInterrupt?.(() => {
    isInterrupted = true;
    progress.say('Stopping … (press Ctrl-C again to stop at once)');
  });
  return () => {
    if (isInterrupted) throw new Interrupted('Interrupted.');
  };
}
