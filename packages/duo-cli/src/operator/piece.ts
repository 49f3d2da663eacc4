import { styleText } from 'node:util';
import { printable } from 'duo-core';

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

/** The pieces as a terminal gets them, one after the other. */
export function rendered(pieces: readonly Piece[], colours: boolean): string {
  return pieces.map((piece) => renderedPiece(piece, colours)).join('');
}

function renderedPiece(piece: Piece, colours: boolean): string {
  if (typeof piece === 'string') return printable(piece);
  if ('sequence' in piece) return piece.sequence;
  const text = printable(piece.text);
  // Whoever says that there are colours has looked at the stream already.
  return colours ? styleText(piece.colour, text, { validateStream: false }) : text;
}
