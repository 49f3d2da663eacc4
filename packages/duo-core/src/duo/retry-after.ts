/**
 * How long an answer asks to wait, in ms: its `Retry-After`, in seconds, or as a date against the answer's own `Date`, for this
 * clock may be another (RFC 9110, 10.2.3). A date that is past is 0; undefined where there is nothing that can be read.
 */
export function readRetryAfter(retryAfter: string, date: string): number | undefined {
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter) * 1_000;
  const wait = readHttpDate(retryAfter) - readHttpDate(date);
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

/** In ms; NaN unless it has the one form that is still to be sent: `Date.parse` alone finds a date in "try 5" as well. */
function readHttpDate(text: string): number {
  const time = Date.parse(text);
  return new Date(time).toUTCString() === text ? time : Number.NaN;
}
