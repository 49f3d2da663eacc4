import { createReadStream } from 'node:fs';
import { systemErrorCode } from 'duo-core';
import { saidBy } from '../operator/command';
import { inputName } from '../operator/input';
import type { World } from '../operator/world';
import { readLines } from './read-lines';

/** The lines of a file of records, or of standard input (`-`), gzipped or not. Throws if it cannot be read to the end. */
export async function* recordLines(file: string, world: World): AsyncGenerator<string> {
  try {
    yield* readLines(file === '-' ? world.standardInput : createReadStream(file));
  } catch (error) {
    const reason = systemErrorCode(error) ?? saidBy(error);
    if (reason === 'ENOENT') throw new Error(`There is no file ${inputName(file)}.`);
    if (reason === 'EISDIR') throw new Error(`${inputName(file)} is a directory: name a file in it.`);
    const said = { Z_BUF_ERROR: 'it is cut off', Z_DATA_ERROR: 'it is damaged' }[reason] ?? reason;
    throw new Error(`${inputName(file)} cannot be read to the end: ${said}.`);
  }
}
