import { styleText } from 'node:util';
import type { World } from './world';

/** Colours a text, or leaves it as it is where there are no colours. */
export type Paint = (colour: 'red' | 'yellow' | 'green' | 'dim', text: string) => string;

/** What a text is coloured with in this world. */
export function painter({ colours }: Pick<World, 'colours'>): Paint {
  // The world has looked at the stream already.
  return (colour, text) => (colours ? styleText(colour, text, { validateStream: false }) : text);
}
