import { styleText } from 'node:util';
import { printable } from 'duo-core';
import { wrapLines } from './wrap';

/**
 * Something to print. A text may hold what somebody else has written: what is no text in it is printed as `\uXXXX`. Colours and
 * what moves the cursor are the command's own, and so no texts.
 */
export type Piece = string | Painted | Control;

/** A text in a colour, where there are colours. */
export interface Painted {
  readonly colour: 'red' | 'yellow' | 'green' | 'dim';
  readonly text: string;
}

/** What a terminal is to do. */
export interface Control {
  readonly sequence: string;
}

/** Takes away the line that the cursor is in. */
export const clearLine: Control = { sequence: '\r\u001b[K' };

/** Takes away all that is on the screen. */
export const clearScreen: Control = { sequence: '\u001b[2J\u001b[H' };

/** The pieces as a terminal of that width gets them, one after the other; without a width, lines are as long as they are. */
export function rendered(pieces: readonly Piece[], colours: boolean, width?: number): string {
  let [done, line] = ['', ''];
  for (const piece of pieces) {
    if (typeof piece === 'string' || 'text' in piece) line += renderedText(piece, colours);
    // A line begins there.
    else [done, line] = [`${done}${wrapLines(line, width)}${piece.sequence}`, ''];
  }
  return done + wrapLines(line, width);
}

function renderedText(piece: string | Painted, colours: boolean): string {
  if (typeof piece === 'string') return printable(piece);
  const text = printable(piece.text);
  // Whoever says that there are colours has looked at the stream already.
  return colours ? styleText(piece.colour, text, { validateStream: false }) : text;
}
