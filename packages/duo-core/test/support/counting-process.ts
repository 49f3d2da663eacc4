import { createDirectoryStore } from '../../src/store/directory-store';

/*
 * A process of its own that counts in an object: `tsx counting-process.ts <directory> <times>`. Prints a line for
 * each increment that the store confirmed.
 */
async function count(directory: string, times: number): Promise<void> {
  const store = createDirectoryStore(directory);
  for (let counted = 0; counted < times; ) {
    const current = await store.get('state/count');
    const next = Number(Buffer.from(current?.body ?? '0').toString()) + 1;
    // Padding makes a torn file show.
    const body = Buffer.from(String(next).padStart(100_000, '0'));
    const outcome = await store.put(
      'state/count',
      body,
      current === undefined ? 'absent' : { etag: current.etag },
    );
    if (outcome.kind === 'stored') {
      counted += 1;
      process.stdout.write(`${next}\n`);
    } else {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
    }
  }
}

void count(process.argv[2] ?? '', Number(process.argv[3]));
