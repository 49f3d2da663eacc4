import { readFileSync } from 'node:fs';
import { UsageError } from './usage-error';
import type { World } from './world';

/** The text of a file, or of standard input (`-`). */
export async function readInput(file: string, world: Pick<World, 'readStandardInput'>): Promise<string> {
  if (file === '-') return world.readStandardInput();
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new UsageError(`${file} cannot be read.`);
  }
}

/** How a sentence begins that is about it. */
export function inputName(file: string): string {
  return file === '-' ? 'Standard input' : file;
}
