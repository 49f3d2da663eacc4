import type { Checkpoint } from 'duo-core';

/** Whether the last save was that of a command (`checkpoint set`, `reset` or `import`), not that of a run. */
export function isByOperator({ by }: Checkpoint): boolean {
  return /^(?:set|reset|import)-/.test(by);
}
