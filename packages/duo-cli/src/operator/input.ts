import { readFileSync } from 'node:fs';
import { UsageError } from './usage-error';
import type { World } from './world';

/** The text of a file, or of standard input (`-`), without the mark that editors of Windows begin it with. */
export async function readInput(file: string, world: Pick<World, 'readStandardInput'>): Promise<string> {
  const text = file === '-' ? await world.readStandardInput() : readText(file);
  return text.replace(/^\uFEFF/, '');
}

function readText(file: string): string {
  try {
    const bytes = readFileSync(file);
    // PowerShell's and Notepad's "Unicode".
    return bytes.toString(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf16le' : 'utf8');
  } catch {
    throw new UsageError(`${file} cannot be read.`);
  }
}

/** How a sentence begins that is about it. */
export function inputName(file: string): string {
  return file === '-' ? 'Standard input' : file;
}
