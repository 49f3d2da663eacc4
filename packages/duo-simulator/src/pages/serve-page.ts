import type { Paging } from 'duo-core';
import type { DuoFailure } from '../failures';
import { cursorPage } from './cursor-page';
import { offsetPage } from './offset-page';
import type { Page, PageRequest } from './page';
import { timePage } from './time-page';

/** Gives the page that a request asks for in the log's paging style, or what Duo says about its parameters. */
export function servePage(paging: Paging, request: PageRequest): Page | DuoFailure {
  switch (paging.style) {
    case 'cursor':
      return cursorPage(request, paging);
    case 'offset':
      return offsetPage(request, paging);
    case 'time':
      return timePage(request, paging);
  }
}
