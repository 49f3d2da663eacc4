import type { Progress } from './progress';
import type { World } from './world';

/** From now on Ctrl-C is noted, and said; what this returns throws once it was pressed. A second one ends the process. */
export function interruptible({ onInterrupt }: World, progress: Progress): () => void {
  let isInterrupted = false;
  onInterrupt?.(() => {
    isInterrupted = true;
    progress.say('Stopping …');
  });
  return () => {
    if (isInterrupted) throw new Error('Interrupted.');
  };
}
