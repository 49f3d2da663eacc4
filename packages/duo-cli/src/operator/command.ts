import { built } from '../built';

/** How this command is called, for what messages tell to paste. */
export const command = built?.command ?? 'npx pnpm duo';
