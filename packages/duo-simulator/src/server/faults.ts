import { failures } from '../failures';
import { type Answer, failureAnswer, json, textAnswer } from './answer';

/**
 * What can go wrong with one request:
 * `throttle` 429 without Retry-After, as Duo does it (elastic/integrations#11822), and `{ retryAfter }` with one; `error`
 * 500; `bad-gateway` 502 with a proxy's HTML; `not-json` 200 with HTML; `reset` the connection is reset before any answer;
 * `truncate` the right answer, cut off after half of its body; `hang` no answer until the simulator closes; or any answer
 * spelled out.
 */
export type Fault =
  | 'throttle'
  | 'error'
  | 'bad-gateway'
  | 'not-json'
  | 'reset'
  | 'truncate'
  | 'hang'
  | Throttle
  | RawAnswer;

/** A 429 with this `Retry-After`, sent as it is: seconds, a date, or what is neither. */
export interface Throttle {
  readonly retryAfter: string;
}

/** An answer to send as it is, signed or not. An object is sent as JSON. Headers given here win, `Date` included. */
export interface RawAnswer {
  readonly status: number;
  readonly body: string | object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Faults that wait for their requests. */
export interface FaultQueue {
  /** Lets `after` requests pass and then spoils `times` of them, once every fault queued before is used up. */
  add(fault: Fault, options?: { readonly times?: number; readonly after?: number }): void;
  /** Counts one request and says what goes wrong with it. */
  next(): Fault | null;
}

/** Makes an empty queue. */
export function createFaultQueue(): FaultQueue {
  const queue: { fault: Fault; after: number; times: number }[] = [];
  return {
    add(fault, { times = 1, after = 0 } = {}) {
      if (times > 0) queue.push({ fault, times, after });
    },
    next() {
      const first = queue[0];
      if (first === undefined) return null;
      if (first.after > 0) {
        first.after -= 1;
        return null;
      }
      first.times -= 1;
      if (first.times <= 0) queue.shift();
      return first.fault;
    },
  };
}

/** The answer that a fault consists of, or null for those that are done to the connection. */
export function faultAnswer(fault: Fault): Answer | null {
  if (typeof fault === 'object') {
    if ('retryAfter' in fault) return throttleAnswer(fault);
    const body = typeof fault.body === 'string' ? fault.body : JSON.stringify(fault.body);
    const answer = textAnswer(fault.status, json, body);
    return { ...answer, headers: { ...answer.headers, ...fault.headers } };
  }
  switch (fault) {
    case 'throttle':
      return failureAnswer(failures.tooManyRequests);
    case 'error':
      return failureAnswer(failures.serverError);
    case 'bad-gateway':
      return textAnswer(502, 'text/html', '<html><body><h1>502 Bad Gateway</h1></body></html>\n');
    case 'not-json':
      return textAnswer(200, 'text/html', '<html><body><h1>Please log in</h1></body></html>\n');
    default:
      return null;
  }
}

function throttleAnswer({ retryAfter }: Throttle): Answer {
  const answer = failureAnswer(failures.tooManyRequests);
  return { ...answer, headers: { ...answer.headers, 'Retry-After': retryAfter } };
}
