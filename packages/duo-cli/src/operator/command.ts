import { built } from '../built';

/** How this command is called, for what messages tell to paste. */
export const command = built?.command ?? 'npx pnpm duo';

/** The words of an error, in which the commands that the collector names can be pasted. */
export function saidBy(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return words.replaceAll(/npx pnpm duo (?=(?:accounts|backfill|checkpoint|credentials) )/g, `${command} `);
}
