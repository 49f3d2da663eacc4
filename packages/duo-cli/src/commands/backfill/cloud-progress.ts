import { checkpointKey, type LogType, loadCheckpoint } from 'duo-core';
import { atMost } from '../../store/at-most';
import type { Target } from '../../store/target';
import { type CloudInput, spanOf } from './cloud-input';

/** How much of an execution's spans is stored, and how many of its parts are done. */
interface CloudProgress {
  /** From 0 to 1, by time. */
  readonly done: number;
  readonly parts: number;
}

/**
 * Reads how far the parts of an execution are from their checkpoints, which say it to the page. Each call lists the
 * checkpoints and reads those of the parts that were not done before.
 */
export function progressOf(
  { spans }: CloudInput,
  { name }: LogType,
  { store, objects }: Pick<Target, 'store' | 'objects'>,
): () => Promise<CloudProgress> {
  const unread = new Map(spans.map(spanOf).map((span) => [span, span.until - span.since]));
  const total = sum(unread.values());
  return async () => {
    const stored = new Set<string>();
    for await (const { key } of objects.list(`state/${name}/`)) stored.add(key);
    const open = [...unread].flatMap(([span, rest]) => {
      const key = checkpointKey(name, span);
      return rest > 0 && stored.has(key) ? [{ span, key }] : [];
    });
    await atMost(4, open, async ({ span, key }) => {
      const saved = await loadCheckpoint(store, key, name);
      if (saved !== null) unread.set(span, span.until - saved.checkpoint.watermark);
    });
    const parts = [...unread.values()].filter((rest) => rest === 0).length;
    return { done: total === 0 ? 1 : 1 - sum(unread.values()) / total, parts };
  };
}

function sum(all: Iterable<number>): number {
  return [...all].reduce((one, other) => one + other, 0);
}
