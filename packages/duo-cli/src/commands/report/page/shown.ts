import type { Listed } from './drawn/calendar';

/** A log on the page: the page's own name for it, and what it is called there. */
export interface Shown extends Listed {
  readonly name: string;
}
