import { CANCEL_SYMBOL, confirm, password, text } from '@clack/prompts';
import type { Ask } from './world';

/** Asks in the terminal. Ctrl-C is an error, so that nothing that depends on the answer happens. */
export const ask: Ask = {
  text: async (message, problem) =>
    answered(await text({ message, validate: (answer = '') => problem(answer.trim()) })).trim(),
  secret: async (message, problem) =>
    answered(await password({ message, validate: (answer = '') => problem(answer.trim()) })).trim(),
  confirm: async (message) => answered(await confirm({ message, initialValue: false })),
};

function answered<T>(answer: T | typeof CANCEL_SYMBOL): T {
  if (answer === CANCEL_SYMBOL) throw new Error('Cancelled: nothing was written.');
  return answer;
}
