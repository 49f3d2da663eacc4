import type { Delivered } from '../count';
import type { FastClock } from '../fast-clock';
import { idOf } from '../story';

/** Takes records from a stream, a line each; what has no line break at the end was cut off. */
export function linesInto(delivered: Delivered[], clock: FastClock): (chunk: Buffer) => void {
  let text = '';
  return (chunk) => {
    const lines = (text + chunk).split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) delivered.push({ id: idOf(JSON.parse(line)), at: clock.now() });
  };
}
