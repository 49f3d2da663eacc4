/** Does something again and again until it has come true; an error after so many times, so that no test goes on for ever. */
export async function eventually(isTrue: () => boolean | Promise<boolean>, most = 1_000): Promise<void> {
  for (let times = 0; times < most; times++) if (await isTrue()) return;
  throw new Error(`it has not come true in ${most} times: ${isTrue}`);
}
