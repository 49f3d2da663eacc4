import { NoLocalAws } from './local-aws';

/** Does one thing, and prints what came of it and how long it took. */
export async function step<T>(title: string, action: () => Promise<[T, string]>): Promise<T> {
  const started = performance.now();
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s  ${title}`;
  try {
    const [result, told] = await action();
    process.stdout.write(`${seconds()}: ${told}\n`);
    return result;
  } catch (error) {
    if (!(error instanceof NoLocalAws)) process.stdout.write(`${seconds()}: FAILED\n`);
    throw error;
  }
}
