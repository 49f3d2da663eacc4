import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { largestAnswer } from 'duo-core';

/**
 * The lines of a stream of bytes, one at a time, compressed with gzip or not: its first bytes say which. Not by
 * `node:readline`, for which U+2028 ends a line as well: JSON may have it in a text. Throws at a line that is longer than any
 * answer of Duo's, however little it was compressed to.
 */
export async function* readLines(input: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of await unzipped(input)) {
    const [first = '', ...more] = decoder.decode(chunk, { stream: true }).split('\n');
    rest += first;
    for (const line of more) {
      yield rest;
      rest = line;
    }
    if (rest.length > largestAnswer) throw new Error(`a line has more than ${largestAnswer} characters`);
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}

async function unzipped(input: Readable): Promise<AsyncIterable<Uint8Array>> {
  const chunks: AsyncIterator<Uint8Array> = input[Symbol.asyncIterator]();
  let head = new Uint8Array();
  while (head.length < 2) {
    const { done, value } = await chunks.next();
    if (done) break;
    head = Buffer.concat([head, value]);
  }
  const whole = replay(head, chunks);
  if (head[0] !== 0x1f || head[1] !== 0x8b) return whole;
  // Whoever reads it gets the error of any of them; the callback is only there because it must be.
  return pipeline(Readable.from(whole), createGunzip(), () => {});
}

async function* replay(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}
