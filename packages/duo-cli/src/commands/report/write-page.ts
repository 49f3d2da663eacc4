import { readFile, writeFile } from 'node:fs/promises';
import { systemErrorCode } from 'duo-core';
import { UsageError } from '../../operator/usage-error';
import { beginning } from './page/page';

/**
 * Writes the page into a file, in the place of an earlier one. Throws a `UsageError` where there is a file that is no report, and where
 * nothing can be written.
 */
export async function writePage(file: string, page: string): Promise<void> {
  await refuseOther(file);
  try {
    await writeFile(file, page);
  } catch (error) {
    const why = { ENOENT: 'its folder does not exist', EISDIR: 'it is a folder', EACCES: 'you may not' };
    const code = systemErrorCode(error) ?? '';
    const said = Object.entries(why).find(([name]) => name === code)?.[1] ?? code;
    throw new UsageError(`${file} cannot be written: ${said}. Name another file with --output.`);
  }
}

async function refuseOther(file: string): Promise<void> {
  let there: string;
  try {
    there = await readFile(file, 'utf8');
  } catch {
    // What cannot be read cannot be replaced by mistake: either there is nothing, or writing it says why it cannot be.
    return;
  }
  if (there === '' || there.startsWith(beginning)) return;
  throw new UsageError(
    `${file} is there, and it is no report of this command: it is left alone. Name another file with --output.`,
  );
}
